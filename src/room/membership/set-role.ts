// Sets the role of somebody in this room. A ban ends their sockets here, and a lower role those
// whose subscriptions it no longer allows.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { isMembersOnly } from '../../room-settings.ts'
import { endConnection } from '../connections/endings.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { ban } from '../moderation/ban.ts'
import { logModeration } from '../moderation/moderation-log.ts'
import { tellNotice } from '../moderation/notices.ts'
import { keepName } from '../people/naming.ts'
import { mayActOn, type Role } from '../permissions.ts'
import type { Connection } from '../ports.ts'
import type { RoomState } from '../room-state.ts'
import { authorize } from '../rules.ts'
import type { Turn } from '../turn.ts'
import { type Introduction, type Member, type MemberRow, memberOf } from './member.ts'
import { recordMembership } from './record-membership.ts'
import {
  defaultRole,
  demandDeed,
  demandNotDirect,
  isModerator,
  requesterOf,
  roleOf,
  storedRole,
} from './roles.ts'
import { strangerOf } from './stranger.ts'

/**
 * Sets what somebody is; `banned` bans them. Moderators and the owner may, for people below them
 * and with roles below their own. Connections with a subscription that is no longer allowed end
 * with `standing-changed`, and reconnect. A new moderator who is here keeps the name from now on.
 *
 * @param introduced who they are, if the room has never met them.
 * @throws Refusal `not-allowed`, `member-unknown`, `too-many-members`, and as `strangerOf` and
 * `demandEntry`.
 */
export function setRole(
  turn: Turn,
  by: Principal,
  personId: string,
  role: Role,
  reason?: string,
  introduced?: Introduction,
): Member {
  if (role === 'banned') return memberOf(ban(turn, by, { personId, reason, introduced }))
  const wasModerator = isModerator(turn.room, personId)
  const member = replaceRole(turn, by, personId, role, reason, introduced)
  if (isModerator(turn.room, personId) !== wasModerator) keepNameOf(turn.room, personId)
  return member
}

function replaceRole(
  turn: Turn,
  by: Principal,
  personId: string,
  next: Role,
  reason: string | undefined,
  introduced: Introduction | undefined,
): Member {
  const { room } = turn
  const power = demandDeed(room, by, 'read')
  demandNotDirect(room)
  const before = storedRole(room, personId)
  if (!mayActOn(power, 'setRole', before) || !mayActOn(power, 'setRole', next)) {
    throw new Refusal('not-allowed', 'only of those below you, and to what is below you')
  }
  // A private room takes only invited people.
  if (isMembersOnly(room.profile.get().kind) && !room.members.get(personId)?.joined) {
    throw new Refusal('member-unknown')
  }
  const known = room.members.get(personId)
  const { member, write } = rowOf(room, known ?? strangerOf(room, personId, introduced), next)
  if (before === next) {
    write?.()
    return memberOf(member)
  }
  const user = { id: personId, name: member.name }
  recordMembership(turn, by, [{ type: 'role', member }], () => {
    write?.()
    logModeration(turn, by, { action: 'role', user, reason, detail: { role: next } })
  })
  tellNotice(turn, personId, by, { type: 'role', role: next, reason })
  for (const connection of room.people.connectionsOf(personId)) {
    endWhereUnfit(turn, connection)
  }
  return memberOf(member)
}

/** Ends a connection of somebody who is banned, or who may not keep all its subscriptions. */
function endWhereUnfit(turn: Turn, connection: Connection): void {
  const { room } = turn
  const { session } = connection
  if (session.phase === 'ended') return
  if (roleOf(room, session.principal) === 'banned') {
    endConnection(turn, connection, new Refusal('banned'))
  } else if (session.phase === 'connected' && !mayKeep(room, session)) {
    endConnection(turn, connection, new Refusal('standing-changed'))
  }
}

/**
 * What the room keeps of somebody with a new role. R5: writes or removes one row.
 *
 * @throws Refusal `too-many-members`.
 */
function rowOf(
  room: RoomState,
  person: MemberRow,
  role: Role,
): { member: MemberRow; write?: () => void } {
  const { members, limits } = room
  const { id } = person
  const before = members.get(id)
  const member: MemberRow = {
    ...person,
    role,
    bannedUntil: undefined,
    ban: undefined,
  }
  const { joined, mutedUntil } = member
  const isKept = joined !== undefined || mutedUntil !== undefined || role !== defaultRole(room)
  if (isKept && before?.role === role) return { member }
  // Rows of older versions may hold the default role.
  if (!isKept) return { member, write: () => void members.remove(id) }
  if (!before && members.size >= limits.members) throw new Refusal('too-many-members')
  return { member, write: () => void members.put(member) }
}

/** Whether a session may still have every subscription that it has. */
export function mayKeep(room: RoomState, { principal, subscriptions }: ConnectedSession): boolean {
  const requester = requesterOf(room, principal)
  try {
    for (const { destination } of subscriptions) authorize('SUBSCRIBE', destination, requester)
    return true
  } catch {
    return false
  }
}

function keepNameOf(room: RoomState, personId: string): void {
  if (!isModerator(room, personId)) room.looks.keep(personId, undefined)
  for (const { session } of room.people.connectionsOf(personId)) {
    if (session.phase === 'connected') keepName(room, session.principal)
  }
}
