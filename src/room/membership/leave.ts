// How somebody stops being a member: they leave, or are removed.

import type { Principal } from '../../auth/principal.ts'
import { Refusal, type RefusalCode } from '../../refusals.ts'
import { endConnection } from '../connections/endings.ts'
import { logModeration } from '../moderation/moderation-log.ts'
import { mayActOn, rank } from '../permissions.ts'
import type { Turn } from '../turn.ts'
import { roleOfMember } from './current-members.ts'
import type { MemberRow } from './member.ts'
import { recordMembership } from './record-membership.ts'
import { demandDeed, storedRole } from './roles.ts'

/**
 * Somebody leaves. Their connections end.
 *
 * @throws Refusal `heir-needed` for the owner, `member-unknown`, `not-allowed` in a direct room,
 * and as `demandEntry`.
 */
export function leave(turn: Turn, principal: Principal): void {
  const { room } = turn
  demandDeed(room, principal, 'read')
  const { kind, owner } = room.profile.get()
  if (kind === 'direct') throw new Refusal('not-allowed', 'a direct room is not left')
  if (principal.id === owner.id) throw new Refusal('heir-needed')
  const member = joinedMember(turn, principal.id)
  recordMembership(turn, principal, [{ type: 'left', member }], () => removeMember(turn, member))
  endConnectionsOf(turn, principal.id, 'left')
}

/**
 * A moderator removes somebody, who may come back where the room lets them in. Their connections
 * end.
 *
 * @param reason told to the one removed.
 * @throws Refusal `not-allowed`, `member-unknown`, and as `demandEntry`.
 */
export function kick(turn: Turn, by: Principal, personId: string, reason?: string): void {
  const { room } = turn
  const role = demandDeed(room, by, 'read')
  if (room.profile.get().kind === 'direct' || !mayActOn(role, 'kick', storedRole(room, personId))) {
    throw new Refusal('not-allowed', 'only those below you')
  }
  const member = joinedMember(turn, personId)
  const { id, name } = member
  recordMembership(turn, by, [{ type: 'kicked', member }], () => {
    removeMember(turn, member)
    logModeration(turn, by, { action: 'kick', user: { id, name }, reason })
  })
  endConnectionsOf(turn, personId, 'kicked', reason)
}

function joinedMember({ room }: Turn, personId: string): MemberRow {
  const member = room.members.get(personId)
  if (!member?.joined) throw new Refusal('member-unknown')
  return member
}

/**
 * Writes one row. What was set against somebody stays, so that nobody gets rid of it by leaving.
 * What they were above others goes.
 */
function removeMember({ room, now }: Turn, member: MemberRow): void {
  const { id, role, mutedUntil = 0 } = member
  const usual = roleOfMember(room.profile.get().kind)
  const isLower = rank(role) < rank(usual)
  if (mutedUntil > now || isLower) {
    const kept = isLower ? role : usual
    room.members.put({ ...member, role: kept, joined: undefined, read: undefined })
  } else room.members.remove(id)
  if (rank(role) >= rank('moderator')) room.looks.keep(id, undefined)
}

/** Ends every connection of a person, with the reason. */
export function endConnectionsOf(
  turn: Turn,
  personId: string,
  code: RefusalCode,
  reason?: string,
): void {
  for (const connection of turn.room.people.connectionsOf(personId)) {
    endConnection(turn, connection, new Refusal(code, reason))
  }
}
