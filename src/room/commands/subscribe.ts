// SUBSCRIBE and UNSUBSCRIBE (STOMP 1.2, SUBSCRIBE, UNSUBSCRIBE).

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { replayChunk } from '../delivery.ts'
import { MAX_ID_LENGTH } from '../limits.ts'
import { presenceSnapshot } from '../presence.ts'
import { sayReceipt } from '../replies.ts'
import { authorize } from '../rules.ts'
import {
  type ConnectedSession,
  fits,
  type Subscription,
  withoutSubscription,
  withSubscription,
} from '../session.ts'
import type { Call } from '../turn.ts'
import { required } from './headers.ts'

const ACK_MODES: readonly string[] = ['auto', 'client', 'client-individual']

export function subscribe(call: Call<ConnectedSession>): void {
  const { room, session, frame, connection } = call
  const destination = required(frame, 'destination')
  const id = subscriptionId(frame, session)
  if (id !== undefined && session.subscriptions.some((each) => each.id === id)) {
    throw new Refusal('subscription-exists')
  }
  refuseAcknowledgement(frame)
  const to = authorize('SUBSCRIBE', destination, session.principal, room.id)
  const cursor = to === 'log' ? startingPoint(frame, room.log.head()) : undefined
  const subscription: Subscription = {
    id,
    number: session.nextNumber,
    to,
    destination,
    ...(cursor === undefined ? {} : { cursor }),
  }
  const next = { ...withSubscription(session, subscription), nextNumber: session.nextNumber + 1 }
  if (next.subscriptions.length > room.limits.maxSubscriptions || !fits(next)) {
    throw new Refusal('too-many-subscriptions')
  }

  connection.session = next
  // The RECEIPT precedes the first MESSAGE.
  sayReceipt(call)
  if (to === 'signals') call.outbox.add(connection, presenceSnapshot(call, next, subscription))
  if (to === 'log') replayChunk(call, connection, subscription)
}

export function unsubscribe(call: Call<ConnectedSession>): void {
  const { session, frame, connection } = call
  const subscription = named(frame, session)
  if (!subscription) throw new Refusal('subscription-unknown')
  connection.session = withoutSubscription(session, subscription)
  sayReceipt(call)
}

/** STOMP 1.0 subscribes without an id; then it unsubscribes by destination. */
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

function refuseAcknowledgement(frame: Frame): void {
  const mode = frame.headers.get('ack') ?? 'auto'
  if (!ACK_MODES.includes(mode)) {
    throw new Refusal('header-invalid', `ack is one of ${ACK_MODES.join(', ')}`)
  }
  if (mode !== 'auto') throw new Refusal('command-unsupported', 'only ack:auto is served')
}

/** The seq after which the log is replayed; undefined where that is the head. */
function startingPoint(frame: Frame, head: number): number | undefined {
  const after = frame.headers.get('after')
  if (after === undefined) return undefined
  if (!/^\d{1,15}$/.test(after)) throw new Refusal('header-invalid', 'after is not a seq')
  const seq = Number(after)
  if (seq > head) throw new Refusal('header-invalid', `after is beyond the head, ${head}`)
  return seq === head ? undefined : seq
}
