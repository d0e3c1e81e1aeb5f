// Roles: what somebody is in this room. set-role.ts changes it and ends what must end.

import type { Authority, Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { RoomState } from '../room-state.ts'
import { type Requester, type Role, rank } from '../rules.ts'

/** May administer any room. */
const ADMIN: Authority = 'ADMIN'

/** What people whose role nobody set are. */
export const DEFAULT_ROLE: Role = 'writer'

export interface Member {
  readonly id: string
  readonly role: Role
}

/** What somebody is here. An administrator is in every room what its owner is. */
export function roleOf(room: RoomState, { id, roles }: Principal): Role {
  return roles.includes(ADMIN) ? 'owner' : storedRole(room, id)
}

/** Somebody as the table of rules asks for them. */
export function requesterOf(room: RoomState, principal: Principal): Requester {
  const role = roleOf(room, principal)
  return { principal, role, roomId: room.id, consumer: room.limits.queueConsumers }
}

/**
 * @throws Refusal `banned`, and `accounts-only` for guests where the room asks for accounts; not
 * for its owner.
 */
export function demandEntry(room: RoomState, principal: Principal): void {
  const role = roleOf(room, principal)
  if (role === 'banned') throw new Refusal('banned')
  if (!principal.guest || role === 'owner') return
  if (room.settings.get().entry === 'accounts') throw new Refusal('accounts-only')
}

/**
 * What somebody is here.
 *
 * @throws Refusal `not-allowed` for whoever is less than `least`, and as `demandEntry`.
 */
export function demandRole(room: RoomState, principal: Principal, least: Role): Role {
  demandEntry(room, principal)
  const role = roleOf(room, principal)
  if (rank(role) < rank(least)) throw new Refusal('not-allowed')
  return role
}

/** Those whose role was set, and the owner first. */
export function members(room: RoomState): Member[] {
  const set = [...room.roles.entries()].filter(([id]) => id !== room.ownerId)
  const rest = set.map(([id, role]) => ({ id, role }))
  return [{ id: room.ownerId, role: 'owner' }, ...rest]
}

/** Whether somebody is a moderator or the owner, whatever their token says. */
export const isModerator = (room: RoomState, personId: string): boolean =>
  rank(storedRole(room, personId)) >= rank('moderator')

export function storedRole(room: RoomState, personId: string): Role {
  if (personId === room.ownerId) return 'owner'
  return room.roles.get(personId) ?? DEFAULT_ROLE
}
