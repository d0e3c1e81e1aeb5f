// Whether a room takes one more connection.

import type { Bearer } from '../../auth/bearer.ts'
import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { demandEntry } from '../membership/roles.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { hasVanished, liveConnections } from './liveness.ts'
import { demandUnrevoked } from './revocations.ts'
import type { SignIn } from './session.ts'
import type { SessionTurn } from './session-turn.ts'

/** A WebSocket that the gateway has admitted. */
export interface Admission {
  readonly principal: Principal
  /** The sign-in that the ticket or token stems from, and its version of the account. */
  readonly sessionId: string
  readonly version: number
  /** What the account knows the socket by. */
  readonly visitId: string
  /** The STOMP sub-protocol to be echoed. */
  readonly protocol: string | undefined
  /** Undefined where an access token opened the connection. `expiresAt` in seconds since 1970. */
  readonly ticket: { readonly id: string; readonly expiresAt: number } | undefined
  /** Whose sign-in the account has to note before the socket opens; undefined where it has. */
  readonly toNote?: Bearer | undefined
}

/**
 * R6: looks at the connections of this principal alone. One more than the limit is admitted:
 * `endOldest` comes next.
 *
 * @param isCounted whether the join was counted before, by a call of the same upgrade.
 * @throws Refusal `too-fast`, `room-busy`, and as `demandEntry` and `demandUnrevoked`.
 */
export function admit(turn: Turn, principal: Principal, signIn: SignIn, isCounted: boolean): void {
  const { room, now } = turn
  const { limits, people } = room
  demandEntry(room, principal)
  demandUnrevoked(room, principal, signIn, now)
  // R4: the rate limit of joins comes before any search.
  if (!isCounted && !room.joins.take(principal.id, now)) throw new Refusal('too-fast')
  // Those that have vanished are ended, and not counted.
  const alive = people
    .connectionsOf(principal.id)
    .filter((connection) => !hasVanished(turn, connection))
  if (alive.length < limits.socketsPerPrincipal && people.size >= limits.sockets) {
    endVanished(turn)
    throw new Refusal('room-busy')
  }
}

/**
 * The newest connection of a person wins. Beyond the limit, those end whose last sign of life is
 * the oldest: dead sockets must not keep their owner out.
 */
export function endOldest(turn: SessionTurn, newest: Connection): void {
  const { people, limits } = turn.room
  const { session } = newest
  if (session.phase === 'ended') return
  const others = people
    .connectionsOf(session.principal.id)
    .filter((connection) => connection !== newest && !hasVanished(turn, connection))
  const tooMany = others.length + 1 - limits.socketsPerPrincipal
  if (tooMany <= 0) return
  const signs = others.map((connection) => ({ connection, sign: signOf(connection) }))
  signs.sort((a, b) => compare(a.sign, b.sign))
  for (const { connection } of signs.slice(0, tooMany)) {
    turn.deferred.lost.set(connection, 'replaced')
  }
}

type Sign = readonly [seenAt: number, openedAt: number, id: string]

/** When somebody was last heard of. Ties are broken by what an eviction does not change (H1). */
function signOf({ session, beatAt }: Connection): Sign {
  const openedAt = session.phase === 'ended' ? undefined : session.openedAt
  const id = session.phase === 'connected' ? session.id : ''
  return [Math.max(session.seenAt, beatAt), openedAt ?? session.seenAt, id]
}

function compare([seen, opened, id]: Sign, [otherSeen, otherOpened, otherId]: Sign): number {
  return seen - otherSeen || opened - otherOpened || (id < otherId ? -1 : 1)
}

/** Makes space in a full room: ends vanished connections, once in the time of a heart-beat. */
function endVanished(turn: Turn): void {
  const { lastSweep, limits } = turn.room
  if (turn.now - lastSweep.at < limits.heartBeat) return
  lastSweep.at = turn.now
  liveConnections(turn)
}
