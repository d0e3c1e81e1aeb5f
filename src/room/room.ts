// The room: what the shell asks of it. Synchronous; each method is one turn, or part of one.

import type { Principal } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import { chargeAnswer, chargeFrame, chargeMore } from './charges.ts'
import type { Connection } from './connection.ts'
import { settle } from './delivery.ts'
import { dispatch } from './dispatch.ts'
import { end, part } from './endings.ts'
import { finish } from './finish.ts'
import { KeyedLog } from './keys/keyed-log.ts'
import { JOINS_BURST, JOINS_PER_SECOND, REFUSED_FRAMES, TOKEN_FRAMES } from './limits.ts'
import { hasVanished } from './living.ts'
import { Outbox } from './outbox.ts'
import { consumedQueues } from './queues.ts'
import { RateBuckets } from './rate.ts'
import { refusalOf, refuse } from './refuse.ts'
import { catchUp } from './replay.ts'
import { demandUnrevoked, type Revocation, revoke, type SignIn } from './revocations.ts'
import type { Standing } from './rules.ts'
import { isBehind } from './session.ts'
import { demand, type Member, members, setStanding, welcome } from './standings.ts'
import type { Behind, Credential, Leftovers, Parts, Turn } from './turn.ts'

/** What the outside has to bring. */
export type RoomNeeds = Omit<
  Parts,
  'keyed' | 'sends' | 'frames' | 'joins' | 'stalls' | 'rotation'
> & {
  /** What the fingerprints of idempotency-keys begin with: 32 bits, always the same here, and secret. */
  readonly keySeed: number
}

export class Room {
  readonly #parts: Parts
  /** False until the first turn after the room was built up from nothing. */
  #awake = false

  constructor(needs: RoomNeeds) {
    const { sendPerSecond, sendBurst, framesPerSecond, framesBurst, socketsPerPrincipal } =
      needs.limits
    this.#parts = {
      ...needs,
      keyed: new KeyedLog(needs.log, needs.keySeed),
      stalls: new WeakMap(),
      rotation: { next: 0 },
      sends: new RateBuckets({ perSecond: sendPerSecond, burst: sendBurst }),
      frames: new RateBuckets({ perSecond: framesPerSecond, burst: framesBurst }),
      joins: new RateBuckets({
        perSecond: JOINS_PER_SECOND * socketsPerPrincipal,
        burst: JOINS_BURST * socketsPerPrincipal,
      }),
    }
  }

  /**
   * Whether one more socket of this principal is welcome.
   *
   * @throws Refusal `banned`, `too-many-sockets`, `too-fast`, or that of a revocation.
   */
  admit(turn: Turn, principal: Principal, signIn: SignIn): void {
    settle(turn)
    welcome(this.#parts, principal)
    demandUnrevoked(this.#parts, principal, signIn, turn.now)
    // R4: whoever comes and goes is told to wait, before anything is looked at.
    if (!this.#parts.joins.take(principal.id, turn.now)) throw new Refusal('too-fast')
    let sockets = 0
    for (const connection of turn.room.connections()) {
      const { session } = connection
      if (session.phase === 'ended' || session.principal.id !== principal.id) continue
      // Because those that have vanished are ended before they are counted.
      if (!hasVanished(turn, connection)) sockets++
    }
    if (sockets >= this.#parts.limits.socketsPerPrincipal) throw new Refusal('too-many-sockets')
  }

  /**
   * Runs one turn at a moment. What it says leaves when `work` is done.
   *
   * @param behind told when some subscription has not reached the head of the log.
   */
  turn<Result>(now: number, work: (turn: Turn) => Result, behind: (how: Behind) => void): Result {
    // Because the platform makes a new list each time it is asked, and none comes or goes in a turn.
    let connections: readonly Connection[] | undefined
    const listed = () => {
      connections ??= this.#parts.connections()
      return connections
    }
    const leftovers: Leftovers = {
      lost: new Map(),
      queues: new Set(),
      behind: this.#wake(),
    }
    const room = { ...this.#parts, connections: listed }
    const fresh = { events: [], size: 0, answers: [] }
    const replays = { bytes: 0, stretches: new Map() }
    const outbox = new Outbox()
    const counts = { queued: { bytes: 0 }, read: { frames: 0 } }
    const turn: Turn = { room, now, outbox, leftovers, fresh, replays, ...counts }
    try {
      return work(turn)
    } finally {
      finish(turn)
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
    this.#touch(turn, connection)
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
    for (const queue of consumedQueues(turn)) turn.leftovers.queues.add(queue)
  }

  /** A5: ends the connections that a revocation concerns; gives whether others of that person remain. */
  revoke(turn: Turn, revocation: Revocation): boolean {
    settle(turn)
    return revoke(turn, revocation)
  }

  /** Whether somebody is at least that here. Throws Refusal `banned`, `not-allowed`. */
  demand(principal: Principal, least: Standing): void {
    demand(this.#parts, principal, least)
  }

  members(by: Principal): Member[] {
    demand(this.#parts, by, 'reader')
    return members(this.#parts)
  }

  /** Throws Refusal `not-allowed`. */
  setStanding(turn: Turn, by: Principal, personId: string, standing: Standing): Member {
    settle(turn)
    return setStanding(turn, by, personId, standing)
  }

  /** Ends everybody: the room is being deleted, by its owner. Throws Refusal `not-allowed`. */
  dissolve(turn: Turn, by: Principal): void {
    settle(turn)
    demand(this.#parts, by, 'owner')
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

  /** After an eviction some subscription may be behind; after a crash sessions are gone for good. */
  #wake(): Behind | undefined {
    if (this.#awake) return undefined
    const sessions = [...this.#parts.connections()].map(({ session }) => session)
    const ids = sessions.flatMap((session) => (session.phase === 'connected' ? [session.id] : []))
    this.#parts.transactions.keep(new Set(ids))
    this.#awake = true
    return sessions.some(isBehind) ? 'moving' : undefined
  }
}
