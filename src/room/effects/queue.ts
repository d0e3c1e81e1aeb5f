// SEND to /queue/rooms/{roomId}/{name}: a message for one of its consumers, stored until acknowledged.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../session.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { loadOf } from './load.ts'

/** Puts a message into a queue. Throws Refusal `queue-full`. */
export function sendToQueue(call: Call<ConnectedSession>, name: string): Effect {
  const load = loadOf(call.frame, call.session.principal)
  refuseWhenFull(call)
  return {
    store() {
      refuseWhenFull(call)
      call.room.queues.put(name, load, call.now)
    },
    tell() {
      call.leftovers.queues.add(name)
    },
  }
}

function refuseWhenFull({ room, frame }: Call<ConnectedSession>): void {
  const { messages, bytes } = room.queues.size()
  const { queueMessages, queueBytes } = room.limits
  if (messages >= queueMessages || bytes + frame.body.length > queueBytes) {
    throw new Refusal('queue-full')
  }
}
