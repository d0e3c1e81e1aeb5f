// Messages to an application's own destinations: channels and work queues.

import { Refusal } from '../../refusals.ts'
import { type Payload, payloadSize, type QueueSize } from '../queues/queued-message.ts'
import type { Turn } from '../turn.ts'
import type { Actor, Handler } from './handler.ts'

/** For every subscriber of a channel. Nothing of it is stored. */
export interface ChannelCommand {
  readonly type: 'channel'
  readonly name: string
  readonly payload: Payload
}

/** Gives a message to every subscriber of the channel. */
export const channelHandler: Handler<ChannelCommand> = {
  check: () => ({ isNew: true, needsSpace: false }),
  outcome: (_turn, _actor, { name, payload }) => ({ signal: { to: 'channel', name, payload } }),
}

/** For one consumer of a work queue. It is stored until it is acknowledged. */
export interface QueueCommand {
  readonly type: 'queue'
  readonly name: string
  readonly payload: Payload
}

/**
 * Writes one row.
 *
 * @throws Refusal `queue-full`.
 */
export const queueHandler: Handler<QueueCommand> = {
  check(turn, actor, command) {
    demandQueueSpace(turn, actor, command)
    return { isNew: true, needsSpace: true }
  },
  write(turn, actor, command) {
    // Commands before it in the same transaction have taken space.
    demandQueueSpace(turn, actor, command)
    turn.room.queues.put(command.name, actor.principal.id, command.payload, turn.now)
    return undefined
  },
  outcome: (_turn, _actor, { name }) => ({ queue: name }),
}

/**
 * R5: nobody fills the work queues for everybody else.
 *
 * @throws Refusal `queue-full`.
 */
function demandQueueSpace({ room }: Turn, { principal }: Actor, command: QueueCommand): void {
  const { queues, limits } = room
  const size = payloadSize(command.payload)
  const isFull = (sum: QueueSize, messages: number, bytes: number) =>
    sum.messages >= messages || sum.bytes + size > bytes
  if (isFull(queues.size(), limits.queueMessages, limits.queueBytes))
    throw new Refusal('queue-full')
  const { queueMessagesPerSender, queueBytesPerSender } = limits
  if (isFull(queues.sizeOf(principal.id), queueMessagesPerSender, queueBytesPerSender)) {
    throw new Refusal('queue-full', 'of what you sent too much waits')
  }
  const names = queues.names()
  if (names.size >= limits.queues && !names.has(command.name)) {
    throw new Refusal('queue-full', 'messages wait in too many queues')
  }
}
