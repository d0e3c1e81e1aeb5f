// Standings: what somebody is in this room, who may change that, and what a change ends.

import type { Principal, Role } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { end } from '../connections/endings.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { type Asking, authorize, rank, type Standing } from '../rules.ts'
import type { Parts, Turn } from '../turn.ts'
import { tellSignal } from './presence.ts'

/** May administer any room. */
const ADMIN: Role = 'ADMIN'

/** What people whose standing nobody set are. */
const DEFAULT: Standing = 'writer'

export interface StandingStore {
  get(personId: string): Standing | undefined
  set(personId: string, standing: Standing): unknown
  /** Back to what all are: the row goes. */
  delete(personId: string): unknown
  /** How many have one. */
  readonly size: number
  entries(): Iterable<readonly [personId: string, standing: Standing]>
}

export interface Member {
  readonly id: string
  readonly standing: Standing
}

/** What somebody is here. An administrator is in every room what its owner is. */
export function standingOf(room: Parts, { id, roles }: Principal): Standing {
  return roles.includes(ADMIN) ? 'owner' : kept(room, id)
}

/** Somebody as the table of rules asks for them. */
export function askingOf(room: Parts, principal: Principal): Asking {
  const standing = standingOf(room, principal)
  return { principal, standing, roomId: room.id, consumer: room.limits.queueConsumers }
}

/** Throws Refusal `banned`, and `accounts-only` for guests where the room asks for accounts; not for its owner. */
export function welcome(room: Parts, principal: Principal): void {
  const standing = standingOf(room, principal)
  if (standing === 'banned') throw new Refusal('banned')
  if (!principal.guest || standing === 'owner') return
  if (room.settings.get().entry === 'accounts') throw new Refusal('accounts-only')
}

/** What somebody is here. Throws Refusal `not-allowed` for whoever is less than `least`, and as `welcome`. */
export function demand(room: Parts, principal: Principal, least: Standing): Standing {
  welcome(room, principal)
  const standing = standingOf(room, principal)
  if (rank(standing) < rank(least)) throw new Refusal('not-allowed')
  return standing
}

/** Those whose standing was set, and the owner first. */
export function members(room: Parts): Member[] {
  const set = [...room.standings.entries()].filter(([id]) => id !== room.ownerId)
  const rest = set.map(([id, standing]) => ({ id, standing }))
  return [{ id: room.ownerId, standing: 'owner' }, ...rest]
}

/**
 * Sets what somebody is. Moderators and the owner may, over those below them, and up to what is below them.
 * Connections that may not go on as they are end: `banned`, or `standing-changed` to come back.
 *
 * @throws Refusal `not-allowed`, `too-many-members`.
 */
export function setStanding(turn: Turn, by: Principal, personId: string, next: Standing): Member {
  const { room } = turn
  demand(room, by, 'moderator')
  const power = rank(standingOf(room, by))
  if (rank(kept(room, personId)) >= power || rank(next) >= power) {
    throw new Refusal('not-allowed', 'only of those below you, and to what is below you')
  }
  const before = kept(room, personId)
  store(room, personId, next)
  if (before !== next) {
    for (const connection of room.people.of(personId)) {
      const { session } = connection
      if (session.phase === 'ended') continue
      if (standingOf(room, session.principal) === 'banned') {
        end(turn, connection, new Refusal('banned'))
      } else if (session.phase === 'connected' && !mayKeep(room, session)) {
        end(turn, connection, new Refusal('standing-changed'))
      }
    }
    tellSignal(turn, { type: 'standing', user: { id: personId }, standing: next })
  }
  return { id: personId, standing: next }
}

/** R5: writes or removes one row. Throws Refusal `too-many-members`. */
function store({ standings, limits }: Parts, personId: string, next: Standing): void {
  if (standings.get(personId) === next && next !== DEFAULT) return
  // Rows of versions before may say what all are.
  if (next === DEFAULT) standings.delete(personId)
  else if (standings.get(personId) === undefined && standings.size >= limits.members) {
    throw new Refusal('too-many-members')
  } else standings.set(personId, next)
}

/** Whether somebody is a moderator or the owner, whatever their token says. */
export const isModerator = (room: Parts, personId: string): boolean =>
  rank(kept(room, personId)) >= rank('moderator')

function kept(room: Parts, personId: string): Standing {
  if (personId === room.ownerId) return 'owner'
  return room.standings.get(personId) ?? DEFAULT
}

/** Whether a session may still have every subscription that it has. */
function mayKeep(room: Parts, { principal, subscriptions }: ConnectedSession): boolean {
  const asking = askingOf(room, principal)
  try {
    for (const { destination } of subscriptions) authorize('SUBSCRIBE', destination, asking)
    return true
  } catch {
    return false
  }
}
