// An acknowledgement: of a message that a consumer was given, or of how far the log was read.

import { Refusal } from '../../refusals.ts'
import { withChanged } from '../connections/session.ts'
import type {
  LogSubscription,
  QueueSubscription,
  Subscription,
} from '../connections/subscription.ts'
import { deliveredSeq } from '../delivery/deliver.ts'
import { readSignal } from '../people/presence.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { noteRead } from '../unread/read-markers.ts'
import type { Handler } from './handler.ts'

/** An ACK (`accepted`) or a NACK of what a subscription of the session was given. */
export interface AcknowledgeCommand {
  readonly type: 'acknowledge'
  /** The number of the subscription on which the message was given. */
  readonly subscription: number
  /** A seq of the log, or the id of a message in a queue. */
  readonly message: number
  /** False: the consumer gives it back. */
  readonly accepted: boolean
}

/**
 * Removes what was accepted of a queue, and moves the read marker of a log (STOMP 1.2, ACK, NACK).
 *
 * @throws Refusal `message-unknown` where the message was not given, is settled or is not to be
 * acknowledged; `command-unsupported` for a NACK of the log, which is not redelivered.
 */
export const acknowledgeHandler: Handler<AcknowledgeCommand> = {
  check(turn, { connection }, command) {
    const subscription = subscriptionOf(connection, command)
    const isGiven =
      (subscription?.to === 'log' && isUnread(turn, subscription, command)) ||
      (subscription?.to === 'queue' && settledBy(subscription, command).length > 0)
    if (!isGiven) throw new Refusal('message-unknown')
    return { isNew: false, needsSpace: false }
  },
  write({ room }, { connection }, command) {
    const subscription = subscriptionOf(connection, command)
    if (subscription?.to !== 'queue' || !command.accepted) return undefined
    for (const id of settledBy(subscription, command)) room.queues.remove(subscription.name, id)
    return undefined
  },
  outcome(turn, { connection }, command) {
    const subscription = subscriptionOf(connection, command)
    if (connection?.session.phase !== 'connected' || !subscription) return {}
    const { session } = connection
    if (subscription.to === 'queue') {
      const settled = settledBy(subscription, command)
      const unacked = subscription.unacked.filter((id) => !settled.includes(id))
      connection.session = withChanged(session, { ...subscription, unacked })
      return { queue: subscription.name }
    }
    if (subscription.to !== 'log') return {}
    const signal = readSignal(turn, session.principal, command.message)
    // An acknowledgement before it in the same transaction may have gone further.
    const acked = Math.max(subscription.acked, command.message)
    const readTo = Math.max(session.readTo ?? 0, acked)
    connection.session = { ...withChanged(session, { ...subscription, acked }), readTo }
    noteRead(turn, session.principal.id)
    return signal ? { signal } : {}
  },
}

/** Whether the log was given up to a seq, and not read so far. */
function isUnread(
  turn: Turn,
  subscription: LogSubscription,
  { message: seq, accepted }: AcknowledgeCommand,
): boolean {
  if (!accepted) throw new Refusal('command-unsupported', 'the log is not redelivered')
  const { ack, acked } = subscription
  return ack !== 'auto' && seq > acked && seq <= deliveredSeq(turn, subscription)
}

/**
 * The ids of the messages that are settled; none where the message was not given, or is settled
 * already. STOMP J4, J5: in the mode `client` all that were given before are settled too.
 */
function settledBy(
  { ack, unacked }: QueueSubscription,
  { message }: AcknowledgeCommand,
): readonly number[] {
  const at = unacked.indexOf(message)
  if (at === -1) return []
  return ack === 'client' ? unacked.slice(0, at + 1) : [message]
}

function subscriptionOf(
  connection: Connection | undefined,
  { subscription: number }: AcknowledgeCommand,
): Subscription | undefined {
  const session = connection?.session
  if (session?.phase !== 'connected') return undefined
  return session.subscriptions.find((each) => each.number === number)
}
