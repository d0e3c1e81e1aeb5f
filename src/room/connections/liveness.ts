// Which connections are alive. Tokens end (`token-expired`), peers vanish without a close
// (`no-sign-of-life`), and readers stall (`too-slow`): that is found here, when something is about
// to be sent to them. No timer looks for it (H2, A4).

import { chargeFrame } from '../limits/charges.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { type ConnectedSession, isExpired } from './session.ts'
import type { SessionTurn } from './session-turn.ts'
import type { Subscription } from './subscription.ts'

/** A connection that has come through CONNECT, with its session. */
interface LiveConnection {
  readonly connection: Connection
  readonly session: ConnectedSession
}

/** A live connection with one of its subscriptions. */
interface Subscriber<To extends Subscription['to']> extends LiveConnection {
  readonly subscription: Extract<Subscription, { to: To }>
}

/** Missed beats that end a connection: a background tab runs its timers once a minute at best. */
export const MISSED_BEATS = 3

/**
 * The connections that have come through CONNECT. Those without a sign of life are noted as lost.
 */
export function liveConnections(turn: SessionTurn): LiveConnection[] {
  const found: LiveConnection[] = []
  for (const connection of turn.room.connections()) {
    const session = liveSession(turn, connection)
    if (session) found.push({ connection, session })
  }
  return found
}

/** Every subscription of a kind whose session may hear. Expired ones are noted as lost. */
export function subscribers<To extends Subscription['to']>(
  turn: SessionTurn,
  to: To,
): Subscriber<To>[] {
  const found: Subscriber<To>[] = []
  for (const connection of turn.room.connections()) {
    const session = liveSession(turn, connection)
    if (!session) continue
    for (const subscription of session.subscriptions) {
      if (!isTo(subscription, to)) continue
      if (isExpired(session, turn.now)) turn.deferred.lost.set(connection, 'token-expired')
      else found.push({ connection, session, subscription })
    }
  }
  return found
}

/** Whether a connection shows no sign of life: then it is noted as lost. */
export function hasVanished(turn: SessionTurn, connection: Connection): boolean {
  const { session } = connection
  if (session.phase !== 'connected' || !isSilent(connection, session, turn)) return false
  turn.deferred.lost.set(connection, 'no-sign-of-life')
  return true
}

/** The session of a connection that has come through CONNECT, unless it has vanished. */
export function liveSession(
  turn: SessionTurn,
  connection: Connection,
): ConnectedSession | undefined {
  const { session } = connection
  return session.phase === 'connected' && !hasVanished(turn, connection) ? session : undefined
}

function isTo<To extends Subscription['to']>(
  subscription: Subscription,
  to: To,
): subscription is Extract<Subscription, { to: To }> {
  return subscription.to === to
}

function isSilent(
  connection: Connection,
  session: ConnectedSession,
  { now, room }: SessionTurn,
): boolean {
  if (session.beatsEvery === 0) return false
  // `seenAt` may be half a heart-beat out of date.
  const latest = now - MISSED_BEATS * session.beatsEvery - room.limits.heartBeat / 2
  return session.seenAt < latest && !connection.beatSince(latest)
}

/** Notes a sign of life, if the last one noted is older than half a heart-beat. */
export function noteSignOfLife({ now, room }: SessionTurn, connection: Connection): void {
  const { session } = connection
  if (session.phase !== 'connected') return
  if (now - session.seenAt > room.limits.heartBeat / 2) {
    connection.session = { ...session, seenAt: now }
  }
}

/**
 * A message of this connection was read to its end: it is alive, and not left without an answer.
 *
 * @param idle the message held nothing but line ends: it counts as a frame.
 * @throws Refusal `too-many-frames`.
 */
export function noteMessageRead(turn: SessionTurn, connection: Connection, idle: boolean): void {
  noteSignOfLife(turn, connection)
  if (idle) chargeFrame(turn, connection)
  // R2: a client that sends much and reads none of the answers is slow too.
  if (connection.congested) turn.deferred.backlog ??= 'stalled'
  const { session } = connection
  if (session.phase === 'connected' && session.wantsBeats) turn.outbox.beat(connection)
}

/**
 * R2: a reader whose send buffer stays above the limit for STALL_SECONDS is disconnected with
 * `too-slow`, and loses nothing. The times are memory: while a reader is stalled the room looks
 * again and again, and is not evicted.
 */
export function noteStall({ room, deferred, now }: Turn, connection: Connection): void {
  const { stalls, limits } = room
  if (!connection.congested) {
    stalls.delete(connection)
    return
  }
  const since = stalls.get(connection) ?? now
  stalls.set(connection, since)
  if (now - since >= limits.stall) deferred.lost.set(connection, 'too-slow')
  else deferred.backlog ??= 'stalled'
}
