// Sets what somebody is in this room, and ends what they may no longer do.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { isMembersOnly } from '../../room-settings.ts'
import { endConnection } from '../connections/endings.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { keepName } from '../people/naming.ts'
import { mayActOn, type Role } from '../permissions.ts'
import type { RoomState } from '../room-state.ts'
import { authorize } from '../rules.ts'
import type { Turn } from '../turn.ts'
import { type Member, type MemberRow, memberOf } from './member.ts'
import { noteMembership } from './note-membership.ts'
import { defaultRole, demandDeed, isModerator, requesterOf, roleOf, storedRole } from './roles.ts'

/**
 * Sets what somebody is. Moderators and the owner may, over those below them, and up to what is
 * below them. Connections that may not go on as they are end: `banned`, or `standing-changed` to
 * come back. A new moderator who is here keeps the name from now on.
 *
 * @throws Refusal `not-allowed`, `member-unknown`, `too-many-members`, and as `demandEntry`.
 */
export function setRole(turn: Turn, by: Principal, personId: string, role: Role): Member {
  const wasModerator = isModerator(turn.room, personId)
  const member = replaceRole(turn, by, personId, role)
  if (isModerator(turn.room, personId) !== wasModerator) keepNameOf(turn.room, personId)
  return member
}

function replaceRole(turn: Turn, by: Principal, personId: string, next: Role): Member {
  const { room } = turn
  const power = demandDeed(room, by, 'read')
  const before = storedRole(room, personId)
  if (!mayActOn(power, 'setRole', before) || !mayActOn(power, 'setRole', next)) {
    throw new Refusal('not-allowed', 'only of those below you, and to what is below you')
  }
  // Nobody is added to a room of its members: they are invited.
  if (isMembersOnly(room.profile.get().kind) && !room.members.get(personId)?.joined) {
    throw new Refusal('member-unknown')
  }
  const member = store(room, personId, next)
  if (before !== next) {
    for (const connection of room.people.connectionsOf(personId)) {
      const { session } = connection
      if (session.phase === 'ended') continue
      if (roleOf(room, session.principal) === 'banned') {
        endConnection(turn, connection, new Refusal('banned'))
      } else if (session.phase === 'connected' && !mayKeep(room, session)) {
        endConnection(turn, connection, new Refusal('standing-changed'))
      }
    }
    noteMembership(turn, { type: 'role', member, by })
  }
  return memberOf(member)
}

/**
 * R5: writes or removes one row.
 *
 * @throws Refusal `too-many-members`.
 */
function store(room: RoomState, id: string, role: Role): MemberRow {
  const { members, limits } = room
  const before = members.get(id)
  const usual = defaultRole(room)
  const after: MemberRow = { ...(before ?? { id, name: '', guest: false }), role }
  const isKept = after.joined !== undefined || after.mutedUntil !== undefined || role !== usual
  if (isKept && before?.role === role) return before
  // Rows of versions before may say what all are.
  if (!isKept) members.remove(id)
  else if (!before && members.size >= limits.members) throw new Refusal('too-many-members')
  else members.put(after)
  return after
}

/** Whether a session may still have every subscription that it has. */
function mayKeep(room: RoomState, { principal, subscriptions }: ConnectedSession): boolean {
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
