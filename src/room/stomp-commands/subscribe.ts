// SUBSCRIBE and UNSUBSCRIBE (STOMP 1.2, SUBSCRIBE, UNSUBSCRIBE).

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { releaseQueue } from '../connections/endings.ts'
import {
  type ConnectedSession,
  fitsAttachment,
  withoutSubscription,
  withSubscription,
} from '../connections/session.ts'
import type { SessionTurn } from '../connections/session-turn.ts'
import type { AckMode, Subscription } from '../connections/subscription.ts'
import { replayChunk } from '../delivery/replay.ts'
import { sendReceipt } from '../delivery/replies.ts'
import { chargeMore } from '../limits/charges.ts'
import {
  DEFAULT_PREFETCH,
  MAX_ID_LENGTH,
  MAX_PREFETCH,
  REPLAY_FRAMES,
  SNAPSHOT_FRAMES,
} from '../limits/limits.ts'
import { requesterOf } from '../membership/roles.ts'
import { presenceSnapshot } from '../people/presence.ts'
import { authorize } from '../rules.ts'
import type { Call, Turn } from '../turn.ts'
import { required } from './body.ts'

const ACK_MODES: readonly string[] = ['auto', 'client', 'client-individual'] satisfies AckMode[]

/**
 * Subscribes, and gives what a subscription begins with: a replay, or a snapshot of who is here.
 *
 * @throws Refusal `header-missing`, `header-invalid`, `subscription-exists`,
 * `too-many-subscriptions`, `after-unknown`, and as `authorize`.
 */
export function subscribe(turn: Turn, call: Call<ConnectedSession>): void {
  const { room } = turn
  const { connection } = call
  const subscription = subscriptionOf(turn, call)
  const next = addSubscription(turn, call, subscription)
  switch (subscription.to) {
    case 'log':
      if (subscription.cursor !== undefined) chargeMore(turn, connection, REPLAY_FRAMES)
      replayChunk(turn, connection, subscription)
      return
    case 'signals':
      room.people.alarmReasons.note(connection)
      chargeMore(turn, connection, SNAPSHOT_FRAMES)
      turn.outbox.add(connection, presenceSnapshot(turn, next, subscription))
      return
    case 'queue':
      turn.deferred.queues.add(subscription.name)
  }
}

/**
 * Adds a subscription to the session, and answers its SUBSCRIBE.
 *
 * @throws Refusal `too-many-subscriptions`.
 */
export function addSubscription(
  turn: SessionTurn,
  call: Call<ConnectedSession>,
  subscription: Subscription,
): ConnectedSession {
  const { session, connection } = call
  const next = { ...withSubscription(session, subscription), nextNumber: session.nextNumber + 1 }
  if (next.subscriptions.length > turn.room.limits.maxSubscriptions || !fitsAttachment(next)) {
    throw new Refusal('too-many-subscriptions')
  }
  connection.session = next
  // STOMP I11: the RECEIPT precedes the first MESSAGE.
  sendReceipt(turn, call)
  return next
}

/**
 * Ends a subscription; what its consumer had unacknowledged goes back to the queue.
 *
 * @throws Refusal as `removeSubscription`.
 */
export function unsubscribe(turn: Turn, call: Call<ConnectedSession>): void {
  const subscription = removeSubscription(call)
  turn.room.people.alarmReasons.note(call.connection)
  releaseQueue(turn, subscription)
  sendReceipt(turn, call)
}

/**
 * Takes the subscription that an UNSUBSCRIBE names out of the session.
 *
 * @throws Refusal `subscription-unknown`, `header-missing`, `header-invalid`.
 */
export function removeSubscription(call: Call<ConnectedSession>): Subscription {
  const { session, frame, connection } = call
  const subscription = named(frame, session)
  if (!subscription) throw new Refusal('subscription-unknown')
  connection.session = withoutSubscription(session, subscription)
  return subscription
}

/** What a SUBSCRIBE says, whatever it subscribes to. */
interface AskedSubscription {
  readonly base: Pick<Subscription, 'id' | 'number' | 'destination'>
  readonly ack: AckMode
}

/**
 * What a SUBSCRIBE says.
 *
 * @throws Refusal `header-missing`, `header-invalid`, `subscription-exists`.
 */
export function askedSubscription({ session, frame }: Call<ConnectedSession>): AskedSubscription {
  const destination = required(frame, 'destination')
  const id = subscriptionId(frame, session)
  if (id !== undefined && session.subscriptions.some((each) => each.id === id)) {
    throw new Refusal('subscription-exists')
  }
  return { base: { id, number: session.nextNumber, destination }, ack: ackMode(frame) }
}

function subscriptionOf({ room }: Turn, call: Call<ConnectedSession>): Subscription {
  const { session, frame } = call
  const { base, ack } = askedSubscription(call)
  const requester = requesterOf(room, session.principal)
  const { action, name } = authorize('SUBSCRIBE', base.destination, requester)
  switch (action) {
    case 'log': {
      if (ack === 'client-individual') {
        throw new Refusal('header-invalid', 'the log is acknowledged with ack:client, up to a seq')
      }
      const head = room.log.head()
      const after = startingPoint(frame, head)
      return { ...base, to: action, ack, cursor: after === head ? undefined : after, acked: after }
    }
    case 'queue':
      return { ...base, to: action, name, ack, prefetch: prefetch(frame), served: 0, unacked: [] }
    case 'channel':
      refuseAcknowledgement(ack)
      return { ...base, to: action, name }
    default:
      refuseAcknowledgement(ack)
      return { ...base, to: action }
  }
}

/** STOMP I1, I2, L3: 1.0 subscribes without an id; then it unsubscribes by destination. */
function subscriptionId(frame: Frame, session: ConnectedSession): string | undefined {
  if (session.version === '1.0' && !frame.headers.has('id')) return undefined
  const id = required(frame, 'id')
  if (id === '' || id.length > MAX_ID_LENGTH) {
    throw new Refusal('header-invalid', `id has 1 to ${MAX_ID_LENGTH} characters`)
  }
  return id
}

function named(frame: Frame, session: ConnectedSession): Subscription | undefined {
  const id = subscriptionId(frame, session)
  if (id !== undefined) return session.subscriptions.find((each) => each.id === id)
  const destination = required(frame, 'destination')
  return session.subscriptions.find(
    (each) => each.id === undefined && each.destination === destination,
  )
}

function ackMode(frame: Frame): AckMode {
  const mode = frame.headers.get('ack') ?? 'auto'
  if (!ACK_MODES.includes(mode)) {
    throw new Refusal('header-invalid', `ack is one of ${ACK_MODES.join(', ')}`)
  }
  return mode as AckMode
}

/** What is not stored cannot be acknowledged. @throws Refusal `header-invalid`. */
export function refuseAcknowledgement(ack: AckMode): void {
  if (ack !== 'auto') throw new Refusal('header-invalid', 'nothing is acknowledged here')
}

/** The seq after which the log is given: the head, where the client does not say. */
function startingPoint(frame: Frame, head: number): number {
  const after = frame.headers.get('after')
  if (after === undefined) return head
  if (!/^\d{1,15}$/.test(after)) throw new Refusal('header-invalid', 'after is not a seq')
  const seq = Number(after)
  // A client that has seen a greater seq has seen another log, so asking again would not help.
  if (seq > head) throw new Refusal('after-unknown', `the last seq is ${head}`)
  return seq
}

function prefetch(frame: Frame): number {
  const header = frame.headers.get('prefetch-count')
  if (header === undefined) return DEFAULT_PREFETCH
  const count = /^\d{1,3}$/.test(header) ? Number(header) : 0
  if (count < 1 || count > MAX_PREFETCH) {
    throw new Refusal('header-invalid', `prefetch-count is 1 to ${MAX_PREFETCH}`)
  }
  return count
}
