// The room: what the shell asks of it. Synchronous; each method is one turn, or part of one.

import type { Principal } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import { begin } from './begin.ts'
import { emptyMore } from './commands/deletion.ts'
import { admit, makeWay } from './connections/admission.ts'
import { end, part } from './connections/endings.ts'
import { touch } from './connections/liveness.ts'
import { type Revocation, revoke, type SignIn } from './connections/revocations.ts'
import { dueBy, nextDue, wokenUp } from './connections/wake-ups.ts'
import { settle } from './delivery/deliver.ts'
import { catchUp } from './delivery/replay.ts'
import { finish } from './finish.ts'
import { chargeAnswer, chargeFrame, chargeMore } from './limits/charges.ts'
import { REFUSED_FRAMES, TOKEN_FRAMES } from './limits/limits.ts'
import { setStandingAndName } from './people/naming.ts'
import { tellNews } from './people/presence.ts'
import { changeSettings, type Settings } from './people/settings.ts'
import { demand, type Member, members } from './people/standings.ts'
import type { Connection } from './ports.ts'
import { consumedQueues } from './queues/distribution.ts'
import { refusalOf, refuse } from './refuse.ts'
import { partsOf, type RoomNeeds, wake } from './room-state.ts'
import type { Standing } from './rules.ts'
import { dispatch } from './stomp-commands/dispatch.ts'
import type { Behind, Credential, Parts, Turn } from './turn.ts'

export class Room {
  readonly #parts: Parts
  /** False until the first turn after the room was built up from nothing. */
  #awake = false

  constructor(needs: RoomNeeds) {
    this.#parts = partsOf(needs)
  }

  /**
   * Whether one more socket of this principal is welcome.
   *
   * @throws Refusal `banned`, `accounts-only`, `too-fast`, `room-busy`, or that of a revocation.
   */
  admit(turn: Turn, principal: Principal, signIn: SignIn): void {
    settle(turn)
    admit(turn, principal, signIn)
  }

  /** A connection that was admitted is open: the oldest of too many ends. Gives how many there are. */
  opened(turn: Turn, connection: Connection): number {
    const { people } = this.#parts
    people.changed(connection)
    makeWay(turn, connection)
    return people.size
  }

  /**
   * Runs one turn at a moment. What it says leaves when `work` is done.
   *
   * @param behind told when some subscription has not reached the head of the log.
   */
  turn<Result>(now: number, work: (turn: Turn) => Result, behind: (how: Behind) => void): Result {
    const turn = begin(this.#parts, now, this.#awake ? undefined : wake(this.#parts))
    this.#awake = true
    try {
      return work(turn)
    } finally {
      finish(turn)
      turn.outbox.flush()
      if (turn.leftovers.behind) behind(turn.leftovers.behind)
    }
  }

  /** Answers a frame. Never throws: what goes wrong is told to its sender. */
  receive(
    turn: Turn,
    connection: Connection,
    frame: Frame,
    credential: Credential | undefined,
  ): void {
    touch(turn, connection)
    turn.read.frames++
    if (frame.command !== 'SEND') settle(turn)
    const before = turn.outbox.bytesFor(connection)
    try {
      chargeFrame(turn, connection)
      dispatch({ ...turn, connection, session: connection.session, frame, credential })
    } catch (error) {
      settle(turn)
      chargeMore(turn, connection, REFUSED_FRAMES)
      refuse(turn, connection, error, frame)
    }
    chargeAnswer(turn, connection, before)
  }

  /**
   * A message of this connection was read to its end: it is alive, and not left without an answer.
   *
   * @param idle the message held nothing but line ends: it counts as a frame.
   */
  heard(turn: Turn, connection: Connection, idle: boolean): void {
    touch(turn, connection)
    if (idle) chargeFrame(turn, connection)
    // R2: whoever says much and takes none of the answers is slow too.
    if (connection.congested) turn.leftovers.behind ??= 'stalled'
    const { session } = connection
    if (session.phase === 'connected' && session.wantsBeats) turn.outbox.beat(connection)
  }

  /** A token of this connection was verified that was not seen before. */
  verified(turn: Turn, connection: Connection): void {
    chargeMore(turn, connection, TOKEN_FRAMES)
  }

  /** Ends a connection because of what its stream held, or did not hold in time. */
  fail(turn: Turn, connection: Connection, error: unknown): void {
    settle(turn)
    end(turn, connection, refusalOf(error))
  }

  /** The socket has gone. */
  leave(turn: Turn, connection: Connection): void {
    settle(turn)
    part(turn, connection)
  }

  /** Gives the subscriptions that are behind their next chunk. */
  catchUp(turn: Turn): void {
    settle(turn)
    catchUp(turn)
    emptyMore(turn)
    for (const queue of consumedQueues(turn)) turn.leftovers.queues.add(queue)
  }

  /** Whether it is to be told who came and went, in NEWS_PERIOD. */
  get hasNews(): boolean {
    return this.#parts.news.pending
  }

  /** Tells who came and went. */
  tellNews(turn: Turn): void {
    settle(turn)
    tellNews(turn)
  }

  /** When it wants to be woken at the latest, should nobody say anything any more; undefined: not at all. */
  dueBy(now: number): number | undefined {
    return dueBy(this.#parts, now)
  }

  /** It was woken for that: `nextDue` tells for when the next time is. */
  wokenUp(turn: Turn): void {
    settle(turn)
    wokenUp(turn)
  }

  nextDue(now: number): number | undefined {
    return nextDue(this.#parts, now)
  }

  /** A5: ends the connections that a revocation concerns; gives whether others of that person remain. */
  revoke(turn: Turn, revocation: Revocation): boolean {
    settle(turn)
    return revoke(turn, revocation)
  }

  /** What somebody is here, who is at least that. Throws Refusal `banned`, `accounts-only`, `not-allowed`. */
  demand(principal: Principal, least: Standing): Standing {
    return demand(this.#parts, principal, least)
  }

  get settings(): Settings {
    return this.#parts.settings.get()
  }

  members(by: Principal): Member[] {
    demand(this.#parts, by, 'reader')
    return members(this.#parts)
  }

  /** Throws Refusal `not-allowed`. */
  setStanding(turn: Turn, by: Principal, personId: string, standing: Standing): Member {
    settle(turn)
    return setStandingAndName(turn, by, personId, standing)
  }

  /** Throws Refusal `not-allowed`. */
  changeSettings(turn: Turn, by: Principal, change: Partial<Settings>): Settings {
    settle(turn)
    return changeSettings(turn, by, change)
  }

  /** Ends everybody: the room is being deleted, by its owner. Throws Refusal `not-allowed`. */
  dissolve(turn: Turn, by: Principal): void {
    settle(turn)
    demand(this.#parts, by, 'owner')
    for (const connection of this.#parts.connections()) {
      end(turn, connection, new Refusal('room-deleted'))
    }
  }
}
