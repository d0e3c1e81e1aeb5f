// How a connection ends: with a reason, or because its socket is gone.

import type { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { sendEnd } from '../delivery/replies.ts'
import { announceLeft } from '../people/presence.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { passMarkerOn } from '../unread/read-markers.ts'
import { type ConnectedSession, endedSession } from './session.ts'
import type { Subscription } from './subscription.ts'

/**
 * Ends a connection: an ERROR that says why, then the close whose code says what to do about it.
 * Nothing is said or heard afterwards (STOMP O3, O4).
 */
export function endConnection(
  turn: Turn,
  connection: Connection,
  refusal: Refusal,
  cause?: Frame,
): void {
  if (connection.session.phase === 'ended') return
  sendEnd(turn, connection, refusal, cause)
  endSession(turn, connection)
}

/** STOMP J8: what a consumer did not acknowledge goes to the other consumers. */
export function releaseQueue(turn: Turn, subscription: Subscription): void {
  if (subscription.to === 'queue') turn.deferred.queues.add(subscription.name)
}

/** Ends the session, for whatever reason. The others are told once that the person left. */
export function endSession(turn: Turn, connection: Connection): void {
  const { session } = connection
  if (session.phase === 'ended') return
  passMarkerOn(turn, connection)
  connection.session = endedSession(session)
  turn.room.people.ended(connection, session.principal.id)
  if (session.phase !== 'connected') return
  abortAll(turn, session)
  for (const subscription of session.subscriptions) releaseQueue(turn, subscription)
  announceLeft(turn, session.principal)
}

/** STOMP K6: the end of a connection aborts what it began. */
function abortAll({ room }: Turn, { id, transactions }: ConnectedSession): void {
  if (transactions.length === 0) return
  try {
    room.transactions.remove(id)
  } catch (error) {
    // The connection ends even if this fails. Then the frames are removed when the room next wakes.
    console.error(error)
  }
}
