// Whoever enters becomes a member, if the kind of the room allows it.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { isMembersOnly } from '../../room-settings.ts'
import type { Turn } from '../turn.ts'
import type { Member, MemberRow } from './member.ts'
import { memberOf } from './member.ts'
import { recordMembership } from './record-membership.ts'
import { bannedDetail, defaultRole, demandEntry, storedRole } from './roles.ts'

/**
 * Somebody has come in: from now on they are a member, unless the room is only for invited people.
 * Writes one row, and none for a member whose name and kind are known.
 *
 * @throws Refusal `too-many-members`, and as `addMember`.
 */
export function enter(turn: Turn, principal: Principal): void {
  const { room } = turn
  const before = room.members.get(principal.id)
  if (before?.joined) {
    noteName(turn, principal)
    return
  }
  // Administrators and those whom a claim lets in are no members by that.
  if (isForMembers(room, principal) || before?.role === 'banned') return
  addMember(turn, principal)
}

/** Whether somebody becomes a member by an invitation alone. */
function isForMembers({ profile }: Turn['room'], { id }: Principal): boolean {
  const { kind, settings, owner } = profile.get()
  return isMembersOnly(kind) || (settings.entry === 'members' && id !== owner.id)
}

/** Keeps the name that a member has now. Writes one row where it is new. */
export function noteName({ room }: Turn, principal: Principal): void {
  const { id, name, guest = false } = principal
  const before = room.members.get(id)
  if (!before?.joined) return
  const isSame = before.name === name && before.guest === guest && !before.hasBanEnded
  if (isSame) return
  room.members.put({ ...before, name, guest })
  // For the other it is the name of the room.
  if (room.profile.get().kind === 'direct') room.watchers.noteAll()
}

/**
 * Somebody joins by themselves, without a socket.
 *
 * @throws Refusal `members-only`, `too-many-members`, and as `demandEntry`.
 */
export function join(turn: Turn, principal: Principal): Member {
  demandEntry(turn.room, principal)
  enter(turn, principal)
  const row = turn.room.members.get(principal.id)
  if (!row?.joined) throw new Refusal('members-only')
  return memberOf(row)
}

/**
 * Makes somebody a member: by entering, or by an invitation, which gives a role. One row, and one
 * event where the room is for its members. Whoever is a member already keeps what they are. The
 * caller has checked that they may come in.
 *
 * @throws Refusal `banned`, `too-many-members`.
 */
export function addMember(turn: Turn, principal: Principal, role?: MemberRow['role']): MemberRow {
  const { room, now } = turn
  const { id, name, guest = false } = principal
  const before = room.members.get(id)
  if (before?.role === 'banned') throw new Refusal('banned', bannedDetail(before))
  if (before?.joined) return before
  if (!before && room.members.size >= room.limits.members) throw new Refusal('too-many-members')
  const head = room.log.head()
  const member: MemberRow = {
    ...before,
    id,
    role: before ? before.role : (role ?? usualRole(turn, id)),
    name,
    guest,
    joined: { at: now, seq: head },
    read: { at: now, seq: head, n: room.log.messagesUpTo(head) },
  }
  recordMembership(turn, principal, [{ type: 'joined', member }], () => room.members.put(member))
  return member
}

function usualRole({ room }: Turn, id: string): MemberRow['role'] {
  return id === room.profile.get().owner.id ? storedRole(room, id) : defaultRole(room)
}
