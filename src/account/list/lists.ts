// The open lists of one person: what the shell asks of them. Synchronous; each method is one turn,
// or part of one.

import type { Revocation } from '../../auth/bearer.ts'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import { endOldest } from '../../room/connections/admission.ts'
import { subscribers } from '../../room/connections/liveness.ts'
import { appliesTo } from '../../room/connections/revocations.ts'
import { withChanged } from '../../room/connections/session.ts'
import { encodeMessage, encoder, jsonMessage } from '../../room/delivery/message-encoding.ts'
import type { Arrival, Connection, Reading } from '../../room/ports.ts'
import { receive } from './frames.ts'
import { endConnection, endSession, type ListHost, type ListTurn, runTurn } from './list-turn.ts'
import { type Gathered, noticeOf, type RoomNews, snapshotOf } from './snapshot.ts'

/** The sockets of an account. Everything that is known of them is in their sessions (H1). */
export class Lists {
  readonly #host: ListHost

  constructor(host: ListHost) {
    this.#host = host
  }

  /** Runs one turn. @param now milliseconds since 1970. */
  turn<Result>(now: number, work: (turn: ListTurn) => Result): Result {
    return runTurn(this.#host, now, work)
  }

  /** A connection is open: the oldest of too many ends. */
  opened(turn: ListTurn, connection: Connection): void {
    endOldest(turn, connection)
  }

  /** Answers what has come on some connections, and says of each what is left. Never throws. */
  receive(turn: ListTurn, arrivals: readonly Arrival[]): Reading[] {
    return receive(turn, arrivals)
  }

  /** Ends a connection with a code. */
  end(turn: ListTurn, connection: Connection, code: RefusalCode): void {
    endConnection(turn, connection, new Refusal(code))
  }

  /** The socket has gone. */
  leave(connection: Connection): void {
    endSession(connection)
  }

  /**
   * A5: ends the connections of a sign-in that has ended. Where it ends later, they expire then,
   * unless a newer token renews them.
   */
  revoke(turn: ListTurn, revocation: Revocation, due: number): void {
    for (const connection of turn.room.connections()) {
      const { session } = connection
      if (session.phase === 'ended' || !appliesTo(revocation, session.signIn)) continue
      if (due <= turn.now) this.end(turn, connection, revocation.code)
      else if (session.phase === 'connected') {
        connection.session = { ...session, expiresAt: Math.min(session.expiresAt, due) }
      }
    }
  }

  /** Whether a list is open. Connections that are found to be over end with the turn. */
  isOpen(turn: ListTurn): boolean {
    return subscribers(turn, 'rooms').length > 0
  }

  /** Whether a list waits for its snapshot. */
  isWaiting(turn: ListTurn): boolean {
    return subscribers(turn, 'rooms').some(({ subscription }) => subscription.wanted !== undefined)
  }

  /** The rooms cannot be asked: ends every list that waits for its snapshot, which comes back. */
  failSnapshots(turn: ListTurn): void {
    for (const { connection, subscription } of subscribers(turn, 'rooms')) {
      if (subscription.wanted !== undefined) turn.deferred.lost.set(connection, 'unavailable')
    }
  }

  /** Tells news to every open list. One that waits for its snapshot finds the news in it. */
  tell(turn: ListTurn, news: RoomNews): void {
    const encoded = encoder(jsonMessage(turn.room.newId(), noticeOf(news)))
    for (const { connection, session, subscription } of subscribers(turn, 'rooms')) {
      if (subscription.wanted === undefined) {
        turn.outbox.add(connection, encoded(session, subscription))
      }
    }
  }

  /** Gives every list that waits for it its snapshot. */
  tellSnapshots(turn: ListTurn, gathered: Gathered): void {
    for (const { connection, subscription } of subscribers(turn, 'rooms')) {
      const { session } = connection
      const { wanted, ...rest } = subscription
      if (wanted === undefined || session.phase !== 'connected') continue
      const message = jsonMessage(turn.room.newId(), snapshotOf(gathered, wanted))
      turn.outbox.add(connection, encodeMessage(message, session, subscription))
      connection.session = withChanged(session, rest)
    }
  }
}
