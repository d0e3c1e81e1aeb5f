// One turn of the sockets of an account: a synchronous stretch of work, and what it has to say when
// it is over.

import type { Bearer } from '../../auth/bearer.ts'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import { endedSession } from '../../room/connections/session.ts'
import type { SessionHost, SessionTurn } from '../../room/connections/session-turn.ts'
import { Outbox } from '../../room/delivery/outbox.ts'
import { sendEnd } from '../../room/delivery/replies.ts'
import type { Connection } from '../../room/ports.ts'
import type { Frame } from '../../stomp/frame.ts'

/** What the sockets of an account work with. */
export interface ListHost extends SessionHost {
  /** A5: why a token does not hold any more; undefined where it does. */
  voidBecause(bearer: Bearer, now: number): RefusalCode | undefined
  /** R5: counts a question to the person's rooms. Seconds to wait; 0: it may be asked. */
  chargeQuestion(now: number): number
}

/** One synchronous stretch of work. */
export interface ListTurn extends SessionTurn {
  readonly room: ListHost
  /** What was read so far. */
  readonly read: { frames: number }
}

/** Runs a turn. What it says is sent when `work` is done, whether it has thrown or not. */
export function runTurn<Result>(
  host: ListHost,
  now: number,
  work: (turn: ListTurn) => Result,
): Result {
  const deferred = { lost: new Map(), backlog: undefined }
  const turn: ListTurn = { room: host, now, outbox: new Outbox(), deferred, read: { frames: 0 } }
  try {
    return work(turn)
  } finally {
    for (const [connection, code] of turn.deferred.lost) {
      endConnection(turn, connection, new Refusal(code))
    }
    turn.outbox.flush()
  }
}

/** Ends a connection: an ERROR that says why, then the close (STOMP O3, O4). */
export function endConnection(
  turn: ListTurn,
  connection: Connection,
  refusal: Refusal,
  cause?: Frame,
): void {
  if (connection.session.phase === 'ended') return
  sendEnd(turn, connection, refusal, cause)
  endSession(connection)
}

/** Ends the session, for whatever reason. */
export function endSession(connection: Connection): void {
  connection.session = endedSession(connection.session)
}
