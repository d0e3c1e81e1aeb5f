// How a connection ends: with a reason, or because its socket has gone.

import type { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Connection } from './connection.ts'
import { announceLeft } from './presence.ts'
import { errorFrame, say } from './replies.ts'
import { endedSession } from './session.ts'
import type { Turn } from './turn.ts'

/**
 * Ends a connection: an ERROR that says why, then the close whose code says what to do about it.
 * Nothing is said or heard afterwards.
 */
export function end(turn: Turn, connection: Connection, refusal: Refusal, cause?: Frame): void {
  if (connection.session.phase === 'ended') return
  say(turn, connection, errorFrame(refusal, cause))
  turn.outbox.close(connection, refusal.row.close, refusal.code)
  part(turn, connection)
}

/** The session is over, for whatever reason: whoever is left is told, once. */
export function part(turn: Turn, connection: Connection): void {
  const { session } = connection
  if (session.phase === 'ended') return
  connection.session = endedSession(session)
  if (session.phase === 'connected') announceLeft(turn, session.principal)
}
