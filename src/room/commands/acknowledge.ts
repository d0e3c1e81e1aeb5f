// ACK and NACK (STOMP 1.2, ACK, NACK): of what a consumer was given, and of how far the log was read.

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { type ConnectedSession, withChanged } from '../connections/session.ts'
import type {
  LogSubscription,
  QueueSubscription,
  Subscription,
} from '../connections/subscription.ts'
import { deliveredSeq } from '../delivery/deliver.ts'
import { announceRead } from '../people/presence.ts'
import { required } from '../stomp-commands/headers.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'

type How = 'ACK' | 'NACK'

/** A message that was given: on which subscription, and its number there (a seq, or a queue's id). */
interface Given {
  readonly subscription: Subscription
  readonly message: number
}

/** Throws Refusal `message-unknown` where it was not given, is settled, or is not to be acknowledged. */
export const acknowledge = (call: Call<ConnectedSession>) => settle(call, 'ACK')

/** The same; and `command-unsupported` for STOMP 1.0 and for the log, which knows no redelivery. */
export const negate = (call: Call<ConnectedSession>) => settle(call, 'NACK')

function settle(call: Call<ConnectedSession>, how: How): Effect {
  const { session, frame } = call
  if (how === 'NACK' && session.version === '1.0') {
    throw new Refusal('command-unsupported', 'STOMP 1.0 has no NACK')
  }
  const { subscription, message } = given(frame, session)
  switch (subscription.to) {
    case 'log':
      if (how === 'NACK') throw new Refusal('command-unsupported', 'the log is not redelivered')
      return markRead(call, subscription, message)
    case 'queue':
      return settleQueued(call, subscription, message, how)
    default:
      throw unknown()
  }
}

/** STOMP J1, J2, J3: which message is meant: by `id` in 1.2, by `message-id` in 1.0, with `subscription` in 1.1. */
function given(frame: Frame, session: ConnectedSession): Given {
  const id = required(frame, session.version === '1.2' ? 'id' : 'message-id')
  const [, number, message] = /^(\d{1,15})-(\d{1,16})$/.exec(id) ?? []
  const subscription = session.subscriptions.find((each) => each.number === Number(number))
  if (number === undefined || !subscription) throw unknown()
  if (session.version === '1.1' && required(frame, 'subscription') !== subscription.id) {
    throw unknown()
  }
  return { subscription, message: Number(message) }
}

/** The read marker: everything up to a seq was read. */
function markRead(
  call: Call<ConnectedSession>,
  subscription: LogSubscription,
  seq: number,
): Effect {
  const { ack, acked } = subscription
  if (ack === 'auto' || seq <= acked || seq > deliveredSeq(call, subscription)) throw unknown()
  return {
    frees: true,
    tell() {
      announceRead(call, call.session.principal, seq)
      change(call, subscription, (now) =>
        // An ACK before it in the same transaction may have gone further.
        now.to === 'log' ? { ...now, acked: Math.max(now.acked, seq) } : now,
      )
    },
  }
}

function settleQueued(
  call: Call<ConnectedSession>,
  subscription: QueueSubscription,
  message: number,
  how: How,
): Effect {
  const settled = settledBy(subscription, message)
  return {
    frees: true,
    store() {
      if (how === 'NACK') return
      for (const id of settled) call.room.queues.remove(subscription.name, id)
    },
    tell() {
      change(call, subscription, (now) =>
        now.to === 'queue'
          ? { ...now, unacked: now.unacked.filter((id) => !settled.includes(id)) }
          : now,
      )
      call.deferred.queues.add(subscription.name)
    },
  }
}

/** STOMP J4, J5: in the mode `client` all that were given before are settled too; in `client-individual` the one. */
function settledBy({ ack, unacked }: QueueSubscription, message: number): readonly number[] {
  const at = unacked.indexOf(message)
  if (at === -1) throw unknown()
  return ack === 'client' ? unacked.slice(0, at + 1) : [message]
}

function change(
  { connection }: Call<ConnectedSession>,
  { number }: Subscription,
  by: (now: Subscription) => Subscription,
): void {
  const { session } = connection
  if (session.phase !== 'connected') return
  const now = session.subscriptions.find((each) => each.number === number)
  if (now) connection.session = withChanged(session, by(now))
}

const unknown = () => new Refusal('message-unknown')
