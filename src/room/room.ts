// The room: what the shell asks of it. Synchronous; each method is one turn, or part of one.

import type { Principal } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Connection } from './connection.ts'
import { catchUp } from './delivery.ts'
import { dispatch } from './dispatch.ts'
import { end, part } from './endings.ts'
import { living } from './living.ts'
import { Outbox } from './outbox.ts'
import { RateBuckets } from './rate.ts'
import { RecentKeys } from './recent-keys.ts'
import { refusalOf, refuse } from './refuse.ts'
import { isBehind } from './session.ts'
import type { Behind, Credential, Leftovers, Parts, Turn } from './turn.ts'

/** What the outside has to bring. */
export type RoomNeeds = Omit<Parts, 'keys' | 'rates'>

export class Room {
  readonly #parts: Parts
  /** False until the first turn after the room was built up from nothing. */
  #awake = false

  constructor(needs: RoomNeeds) {
    const { sendPerSecond: perSecond, sendBurst: burst } = needs.limits
    this.#parts = {
      id: needs.id,
      limits: needs.limits,
      log: needs.log,
      connections: needs.connections,
      newId: needs.newId,
      keys: new RecentKeys(needs.log),
      rates: new RateBuckets({ perSecond, burst }),
    }
  }

  /** Whether one more socket of this principal is welcome. Throws Refusal `too-many-sockets`. */
  admit(turn: Turn, principal: Principal): void {
    const sockets = [...this.#parts.connections()].filter(
      (connection) =>
        connection.session.phase !== 'ended' && connection.session.principal.id === principal.id,
    )
    // Because those that have vanished are ended before they are counted.
    living(turn)
    const vanished = sockets.filter((connection) => turn.leftovers.lost.has(connection))
    if (sockets.length - vanished.length >= this.#parts.limits.socketsPerPrincipal) {
      throw new Refusal('too-many-sockets')
    }
  }

  /**
   * Runs one turn at a moment. What it says leaves when `work` is done.
   *
   * @param behind told when some subscription has not reached the head of the log.
   */
  turn<Result>(now: number, work: (turn: Turn) => Result, behind: (how: Behind) => void): Result {
    const leftovers: Leftovers = { lost: new Map(), behind: this.#wake() }
    const turn: Turn = { room: this.#parts, now, outbox: new Outbox(), leftovers }
    try {
      return work(turn)
    } finally {
      for (const [connection, code] of leftovers.lost) end(turn, connection, new Refusal(code))
      turn.outbox.flush()
      if (leftovers.behind) behind(leftovers.behind)
    }
  }

  /** Answers a frame. Never throws: what goes wrong is told to its sender. */
  receive(
    turn: Turn,
    connection: Connection,
    frame: Frame,
    credential: Credential | undefined,
  ): void {
    this.#touch(turn, connection)
    try {
      dispatch({ ...turn, connection, session: connection.session, frame, credential })
    } catch (error) {
      refuse(turn, connection, error, frame)
    }
  }

  /** A message of this connection was read to its end: it is alive, and not left without an answer. */
  heard(turn: Turn, connection: Connection): void {
    this.#touch(turn, connection)
    const { session } = connection
    if (session.phase !== 'connected' || !session.wantsBeats) return
    if (!turn.outbox.has(connection)) turn.outbox.add(connection, '\n')
  }

  /** Ends a connection because of what its stream held, or did not hold in time. */
  fail(turn: Turn, connection: Connection, error: unknown): void {
    end(turn, connection, refusalOf(error))
  }

  /** The socket has gone. */
  leave(turn: Turn, connection: Connection): void {
    part(turn, connection)
  }

  /** Gives the subscriptions that are behind their next chunk. */
  catchUp(turn: Turn): void {
    catchUp(turn)
  }

  /** Ends everybody: the room is being deleted. */
  dissolve(turn: Turn): void {
    for (const connection of this.#parts.connections()) {
      end(turn, connection, new Refusal('room-deleted'))
    }
  }

  /** Notes a sign of life, where the last one noted has grown old. */
  #touch({ now }: Turn, connection: Connection): void {
    const { session } = connection
    if (session.phase !== 'connected') return
    if (now - session.seenAt > this.#parts.limits.heartBeat / 2) {
      connection.session = { ...session, seenAt: now }
    }
  }

  /** An eviction may have come while some subscription was behind. */
  #wake(): Behind | undefined {
    if (this.#awake) return undefined
    this.#awake = true
    return [...this.#parts.connections()].some(({ session }) => isBehind(session))
      ? 'moving'
      : undefined
  }
}
