// The room: what the shell asks of it. Synchronous; each method is one turn, or part of one.

import type { Principal } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Connection } from './connection.ts'
import { catchUp } from './delivery.ts'
import { dispatch } from './dispatch.ts'
import { end, part } from './endings.ts'
import { Outbox } from './outbox.ts'
import { RateBuckets } from './rate.ts'
import { RecentKeys } from './recent-keys.ts'
import { refusalOf, refuse } from './refuse.ts'
import { sweep } from './sweep.ts'
import type { Behind, Credential, Leftovers, Parts, Turn } from './turn.ts'

/** What the outside has to bring. */
export type RoomNeeds = Omit<Parts, 'keys' | 'rates'>

export class Room {
  readonly #parts: Parts
  #sweptAt = 0

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
  admit(principal: Principal): void {
    let sockets = 0
    for (const { session } of this.#parts.connections()) {
      if (session.phase !== 'ended' && session.principal.id === principal.id) sockets++
    }
    if (sockets >= this.#parts.limits.socketsPerPrincipal) throw new Refusal('too-many-sockets')
  }

  /**
   * Runs one turn at a moment. What it says leaves when `work` is done.
   *
   * @param behind told when some subscription has not reached the head of the log.
   */
  turn<Result>(now: number, work: (turn: Turn) => Result, behind: (how: Behind) => void): Result {
    const leftovers: Leftovers = { expired: new Set(), behind: undefined }
    const turn: Turn = { room: this.#parts, now, outbox: new Outbox(), leftovers }
    try {
      if (now - this.#sweptAt >= this.#parts.limits.heartBeat) {
        this.#sweptAt = now
        sweep(turn)
      }
      return work(turn)
    } finally {
      for (const connection of leftovers.expired)
        end(turn, connection, new Refusal('token-expired'))
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
    try {
      dispatch({ ...turn, connection, session: connection.session, frame, credential })
    } catch (error) {
      refuse(turn, connection, error, frame)
    }
  }

  /** Some piece of this connection's stream was read: it is alive, and not left without an answer. */
  heard(turn: Turn, connection: Connection): void {
    const { session } = connection
    if (session.phase !== 'connected') return
    if (turn.now - session.seenAt > this.#parts.limits.heartBeat / 2) {
      connection.session = { ...session, seenAt: turn.now }
    }
    if (session.wantsBeats && !turn.outbox.has(connection)) turn.outbox.add(connection, '\n')
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
}
