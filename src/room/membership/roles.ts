// Roles: what somebody is in this room. set-role.ts changes it and ends what must end.

import type { Authority, Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { isMembersOnly } from '../../room-settings.ts'
import { timestamp } from '../log/timestamp.ts'
import { type Deed, demand, type PermissionRules, ROLES, type Role, rank } from '../permissions.ts'
import type { MemberStore } from '../ports.ts'
import type { RoomState } from '../room-state.ts'
import { DEFAULT_ROLES } from './current-members.ts'
import type { MemberRow } from './member.ts'
import type { RoomProfile } from './profile.ts'

/** May administer any room. */
const ADMIN: Authority = 'ADMIN'

/** What people whose role nobody set are here. */
export const defaultRole = (room: RoomState): Role => DEFAULT_ROLES[room.profile.get().kind]

/**
 * What somebody is here. An administrator is in every room what its owner is. A role in a trusted
 * issuer's token comes before the stored role.
 */
export function roleOf(room: RoomState, principal: Principal): Role {
  const { id, roles } = principal
  if (roles.includes(ADMIN)) return 'owner'
  return claimedRole(room.profile.get(), principal) ?? storedRole(room, id)
}

/** The role in this room that a token says. None in a direct room: that is for two people. */
function claimedRole({ id, kind }: RoomProfile, { rooms }: Principal): Role | undefined {
  if (rooms === undefined || kind === 'direct' || !Object.hasOwn(rooms, id)) return undefined
  return ROLES.find((role) => role === rooms[id])
}

/** The principal without the roles of other rooms: a session has no space for them. */
export function forThisRoom(room: RoomState, principal: Principal): Principal {
  const role = claimedRole(room.profile.get(), principal)
  const { rooms: _, ...rest } = principal
  return role === undefined ? rest : { ...rest, rooms: { [room.id]: role } }
}

/** The settings of the room that decide, with the table, who may do what. */
export function permissionsOf({ profile, limits }: RoomState): PermissionRules {
  const { settings, archivedAt } = profile.get()
  const { write, invite, frozen } = settings
  const archived = archivedAt !== undefined
  return { write, invite, frozen, archived, consume: limits.queueConsumers }
}

/** Who asks, and where. */
export interface Requester {
  readonly principal: Principal
  readonly role: Role
  readonly roomId: string
  readonly permissions: PermissionRules
  /** Until when they may not write; milliseconds since 1970. Undefined: they may. */
  readonly mutedUntil?: number | undefined
}

/** Somebody as the table of rules asks for them. */
export function requesterOf(room: RoomState, principal: Principal): Requester {
  const role = roleOf(room, principal)
  // Nobody mutes the owner, or an administrator.
  const mutedUntil = role === 'owner' ? undefined : room.members.get(principal.id)?.mutedUntil
  return { principal, role, roomId: room.id, permissions: permissionsOf(room), mutedUntil }
}

/**
 * Demands that somebody may come in (M2). The owner and administrators always may.
 *
 * @throws Refusal `room-unknown` for whom a room of its members does not exist, `room-blocked`,
 * `banned`, and, where the room asks for it, `accounts-only` for guests and `members-only`.
 */
export function demandEntry(room: RoomState, principal: Principal): void {
  const profile = room.profile.get()
  const { settings } = profile
  // M2: as where there is no room at all.
  if (isHidden(profile, room.members, principal)) throw new Refusal('room-unknown')
  if (room.members.get(principal.id)?.blockedAt !== undefined) throw new Refusal('room-blocked')
  const role = roleOf(room, principal)
  if (role === 'banned') throw new Refusal('banned', bannedDetail(room.members.get(principal.id)))
  if (role === 'owner' || settings.entry === 'anyone') return
  if (settings.entry === 'members' && !isAdmitted(profile, room.members, principal))
    throw new Refusal('members-only')
  if (settings.entry === 'accounts' && principal.guest) throw new Refusal('accounts-only')
}

/**
 * Demands that somebody may be let in by an invitation.
 *
 * @throws Refusal `banned`; `accounts-only` for guests where the room asks for accounts.
 */
export function demandAdmissible(room: RoomState, principal: Principal): void {
  const row = room.members.get(principal.id)
  const isBanned = row?.role === 'banned'
  const claimed = claimedRole(room.profile.get(), principal)
  const role = roleOf(room, principal)
  // In a private room strangers have the role `banned` by default. That is no ban.
  if (role === 'banned' && (isBanned || claimed === 'banned'))
    throw new Refusal('banned', bannedDetail(row))
  const isOwner = role === 'owner'
  const { entry } = room.profile.get().settings
  if (!isOwner && entry === 'accounts' && principal.guest) throw new Refusal('accounts-only')
}

/**
 * A direct room cannot be changed by its two people.
 *
 * @throws Refusal `not-allowed`.
 */
export function demandNotDirect({ profile }: Pick<RoomState, 'profile'>): void {
  if (profile.get().kind === 'direct') throw new Refusal('not-allowed', 'a direct room is for two')
}

/** Why somebody is banned, and until when. */
export function bannedDetail(row: MemberRow | undefined): string | undefined {
  const { ban, bannedUntil } = row ?? {}
  const until = bannedUntil === undefined ? undefined : `until ${timestamp(bannedUntil)}`
  return [ban?.reason, until].filter((part) => part !== undefined).join(', ') || undefined
}

/** M2: whether a room does not exist for somebody. */
export function isHidden(
  profile: RoomProfile,
  members: Pick<MemberStore, 'get'>,
  principal: Principal,
): boolean {
  return isMembersOnly(profile.kind) && !isAdmitted(profile, members, principal)
}

/**
 * Whether somebody may come in without an invitation: a member, or somebody with a role in the
 * token.
 */
function isAdmitted(
  profile: RoomProfile,
  members: Pick<MemberStore, 'get'>,
  principal: Principal,
): boolean {
  return (
    principal.roles.includes(ADMIN) ||
    principal.id === profile.owner.id ||
    claimedRole(profile, principal) !== undefined ||
    members.get(principal.id)?.joined !== undefined
  )
}

/**
 * P1: the seq after which somebody may read. With `history: joined`, somebody who has not joined
 * reads nothing of the past. The owner, administrators and people with a role in the token read
 * all.
 */
export function readableAfter(room: RoomState, principal: Principal): number {
  if (room.profile.get().settings.history === 'all') return 0
  if (roleOf(room, principal) === 'owner') return 0
  const joined = room.members.get(principal.id)?.joined
  if (joined) return joined.seq
  return claimedRole(room.profile.get(), principal) ? 0 : room.log.head()
}

/**
 * The role of somebody, who must be allowed to come in and to do this.
 *
 * @throws Refusal `not-allowed`, `room-archived`, `room-frozen`, and as `demandEntry`.
 */
export function demandDeed(room: RoomState, principal: Principal, deed: Deed): Role {
  demandEntry(room, principal)
  const role = roleOf(room, principal)
  demand(role, deed, permissionsOf(room))
  return role
}

/** Whether somebody is a moderator or the owner, whatever their token says. */
export const isModerator = (room: RoomState, personId: string): boolean =>
  rank(storedRole(room, personId)) >= rank('moderator')

/** The role that the room keeps, whatever the token says. */
export function storedRole(room: RoomState, personId: string): Role {
  if (personId === room.profile.get().owner.id) return 'owner'
  return room.members.get(personId)?.role ?? defaultRole(room)
}
