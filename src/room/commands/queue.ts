// SEND to /queue/rooms/{roomId}/{name}: a message for one of its consumers, stored until acknowledged.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { type Payload, payloadSize, type Sum } from '../queues/payload.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { payloadOf } from './load.ts'

/** Puts a message into a queue. Throws Refusal `queue-full`. */
export function sendToQueue(call: Call<ConnectedSession>, name: string): Effect {
  const load = payloadOf(call.frame, call.session.principal)
  refuseWhenFull(call, name, load)
  return {
    store() {
      // Frames before it in the same transaction have taken room.
      refuseWhenFull(call, name, load)
      call.room.queues.put(name, call.session.principal.id, load, call.now)
    },
    tell() {
      call.deferred.queues.add(name)
    },
  }
}

/** R5: nobody fills the work queues for everybody else. */
function refuseWhenFull(
  { room, session }: Call<ConnectedSession>,
  name: string,
  load: Payload,
): void {
  const { queues, limits } = room
  const size = payloadSize(load)
  const isFull = (sum: Sum, messages: number, bytes: number) =>
    sum.messages >= messages || sum.bytes + size > bytes
  if (isFull(queues.size(), limits.queueMessages, limits.queueBytes))
    throw new Refusal('queue-full')
  const { queueMessagesPerSender, queueBytesPerSender } = limits
  if (isFull(queues.sizeOf(session.principal.id), queueMessagesPerSender, queueBytesPerSender)) {
    throw new Refusal('queue-full', 'of what you sent too much waits')
  }
  const names = queues.names()
  if (names.size >= limits.queues && !names.has(name)) {
    throw new Refusal('queue-full', 'messages wait in too many queues')
  }
}
