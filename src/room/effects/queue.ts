// SEND to /queue/rooms/{roomId}/{name}: a message for one of its consumers, stored until acknowledged.

import { Refusal } from '../../refusals.ts'
import { type Load, loadSize } from '../queue-store.ts'
import type { ConnectedSession } from '../session.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { loadOf } from './load.ts'

/** Puts a message into a queue. Throws Refusal `queue-full`. */
export function sendToQueue(call: Call<ConnectedSession>, name: string): Effect {
  const load = loadOf(call.frame, call.session.principal)
  refuseWhenFull(call, load)
  return {
    store() {
      // Because frames before it in the same transaction have taken room.
      refuseWhenFull(call, load)
      call.room.queues.put(name, load, call.now)
    },
    tell() {
      call.leftovers.queues.add(name)
    },
  }
}

function refuseWhenFull({ room }: Call<ConnectedSession>, load: Load): void {
  const { messages, bytes } = room.queues.size()
  const { queueMessages, queueBytes } = room.limits
  if (messages >= queueMessages || bytes + loadSize(load) > queueBytes) {
    throw new Refusal('queue-full')
  }
}
