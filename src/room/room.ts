// The room: what the shell asks of it. Synchronous; each method is one turn, or part of one.

import type { Principal } from '../auth/principal.ts'
import type { Revocation } from '../auth/session.ts'
import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import { emptyMore } from './commands/deletion.ts'
import { admit, endOldest } from './connections/admission.ts'
import { endConnection, endSession } from './connections/endings.ts'
import { noteSignOfLife } from './connections/liveness.ts'
import { revoke } from './connections/revocations.ts'
import type { SignIn } from './connections/session.ts'
import { dueBy, nextDue, wakeUp } from './connections/wake-ups.ts'
import { settle } from './delivery/deliver.ts'
import { catchUp } from './delivery/replay.ts'
import { finishTurn } from './finish.ts'
import { chargeAnswer, chargeFrame, chargeMore } from './limits/charges.ts'
import { REFUSED_FRAMES, TOKEN_FRAMES } from './limits/limits.ts'
import { tellPresence } from './people/presence.ts'
import { setStanding } from './people/set-standing.ts'
import { changeSettings } from './people/settings.ts'
import { demandStanding, type Member, members } from './people/standings.ts'
import type { Connection, RoomPorts, Settings } from './ports.ts'
import { consumedQueues } from './queues/distribution.ts'
import { refusalOf, refuse } from './refuse.ts'
import { type Backlog, createRoomState, type RoomState, restore } from './room-state.ts'
import type { Standing } from './rules.ts'
import { dispatch } from './stomp-commands/dispatch.ts'
import { beginTurn, type Credential, type Turn } from './turn.ts'

export class Room {
  readonly #state: RoomState
  /** False until the first turn after the room was built up from nothing. */
  #awake = false

  constructor(ports: RoomPorts) {
    this.#state = createRoomState(ports)
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
    const { people } = this.#state
    people.changed(connection)
    endOldest(turn, connection)
    return people.size
  }

  /**
   * Runs one turn at a moment. What it says leaves when `work` is done.
   *
   * @param behind told when some subscription has not reached the head of the log.
   */
  turn<Result>(now: number, work: (turn: Turn) => Result, behind: (how: Backlog) => void): Result {
    const turn = beginTurn(this.#state, now, this.#awake ? undefined : restore(this.#state))
    this.#awake = true
    try {
      return work(turn)
    } finally {
      finishTurn(turn)
      turn.outbox.flush()
      if (turn.deferred.backlog) behind(turn.deferred.backlog)
    }
  }

  /** Answers a frame. Never throws: what goes wrong is told to its sender. */
  receive(
    turn: Turn,
    connection: Connection,
    frame: Frame,
    credential: Credential | undefined,
  ): void {
    noteSignOfLife(turn, connection)
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
    noteSignOfLife(turn, connection)
    if (idle) chargeFrame(turn, connection)
    // R2: whoever says much and takes none of the answers is slow too.
    if (connection.congested) turn.deferred.backlog ??= 'stalled'
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
    endConnection(turn, connection, refusalOf(error))
  }

  /** The socket has gone. */
  leave(turn: Turn, connection: Connection): void {
    settle(turn)
    endSession(turn, connection)
  }

  /** Gives the subscriptions that are behind their next chunk. */
  catchUp(turn: Turn): void {
    settle(turn)
    catchUp(turn)
    emptyMore(turn)
    for (const queue of consumedQueues(turn)) turn.deferred.queues.add(queue)
  }

  /** Whether it is to be told who came and went, in PRESENCE_BATCH_PERIOD. */
  get hasPresenceToTell(): boolean {
    return this.#state.presenceBatch.pending
  }

  /** Tells who came and went. */
  tellPresence(turn: Turn): void {
    settle(turn)
    tellPresence(turn)
  }

  /** When it wants to be woken at the latest, should nobody say anything any more; undefined: not at all. */
  dueBy(now: number): number | undefined {
    return dueBy(this.#state, now)
  }

  /** It was woken for that: `nextDue` tells for when the next time is. */
  wakeUp(turn: Turn): void {
    settle(turn)
    wakeUp(turn)
  }

  nextDue(now: number): number | undefined {
    return nextDue(this.#state, now)
  }

  /** A5: ends the connections that a revocation concerns; gives whether others of that person remain. */
  revoke(turn: Turn, revocation: Revocation): boolean {
    settle(turn)
    return revoke(turn, revocation)
  }

  /** What somebody is here, who is at least that. Throws Refusal `banned`, `accounts-only`, `not-allowed`. */
  demandStanding(principal: Principal, least: Standing): Standing {
    return demandStanding(this.#state, principal, least)
  }

  get settings(): Settings {
    return this.#state.settings.get()
  }

  members(by: Principal): Member[] {
    demandStanding(this.#state, by, 'reader')
    return members(this.#state)
  }

  /** Throws Refusal `not-allowed`. */
  setStanding(turn: Turn, by: Principal, personId: string, standing: Standing): Member {
    settle(turn)
    return setStanding(turn, by, personId, standing)
  }

  /** Throws Refusal `not-allowed`. */
  changeSettings(turn: Turn, by: Principal, change: Partial<Settings>): Settings {
    settle(turn)
    return changeSettings(turn, by, change)
  }

  /** Ends everybody: the room is being deleted, by its owner. Throws Refusal `not-allowed`. */
  dissolve(turn: Turn, by: Principal): void {
    settle(turn)
    demandStanding(this.#state, by, 'owner')
    for (const connection of this.#state.connections()) {
      endConnection(turn, connection, new Refusal('room-deleted'))
    }
  }
}
