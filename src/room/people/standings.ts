// Standings: what somebody is in this room. set-standing.ts changes it and ends what must end.

import type { Principal, Role } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { RoomState } from '../room-state.ts'
import { type Requester, rank, type Standing } from '../rules.ts'

/** May administer any room. */
const ADMIN: Role = 'ADMIN'

/** What people whose standing nobody set are. */
export const DEFAULT_STANDING: Standing = 'writer'

export interface Member {
  readonly id: string
  readonly standing: Standing
}

/** What somebody is here. An administrator is in every room what its owner is. */
export function standingOf(room: RoomState, { id, roles }: Principal): Standing {
  return roles.includes(ADMIN) ? 'owner' : storedStanding(room, id)
}

/** Somebody as the table of rules asks for them. */
export function requesterOf(room: RoomState, principal: Principal): Requester {
  const standing = standingOf(room, principal)
  return { principal, standing, roomId: room.id, consumer: room.limits.queueConsumers }
}

/**
 * @throws Refusal `banned`, and `accounts-only` for guests where the room asks for accounts; not
 * for its owner.
 */
export function demandEntry(room: RoomState, principal: Principal): void {
  const standing = standingOf(room, principal)
  if (standing === 'banned') throw new Refusal('banned')
  if (!principal.guest || standing === 'owner') return
  if (room.settings.get().entry === 'accounts') throw new Refusal('accounts-only')
}

/**
 * What somebody is here.
 *
 * @throws Refusal `not-allowed` for whoever is less than `least`, and as `demandEntry`.
 */
export function demandStanding(room: RoomState, principal: Principal, least: Standing): Standing {
  demandEntry(room, principal)
  const standing = standingOf(room, principal)
  if (rank(standing) < rank(least)) throw new Refusal('not-allowed')
  return standing
}

/** Those whose standing was set, and the owner first. */
export function members(room: RoomState): Member[] {
  const set = [...room.standings.entries()].filter(([id]) => id !== room.ownerId)
  const rest = set.map(([id, standing]) => ({ id, standing }))
  return [{ id: room.ownerId, standing: 'owner' }, ...rest]
}

/** Whether somebody is a moderator or the owner, whatever their token says. */
export const isModerator = (room: RoomState, personId: string): boolean =>
  rank(storedStanding(room, personId)) >= rank('moderator')

export function storedStanding(room: RoomState, personId: string): Standing {
  if (personId === room.ownerId) return 'owner'
  return room.standings.get(personId) ?? DEFAULT_STANDING
}
