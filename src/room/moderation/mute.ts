// Mutes: somebody reads and does not write, until a mute ends by itself.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { MemberRow } from '../membership/member.ts'
import { recordMembership } from '../membership/record-membership.ts'
import { defaultRole, demandDeed, storedRole } from '../membership/roles.ts'
import { mayActOn } from '../permissions.ts'
import type { Turn } from '../turn.ts'
import type { ModerationAct } from './act.ts'
import { logModeration } from './moderation-log.ts'
import { tellNotice } from './notices.ts'

type MuteAct = Pick<Extract<ModerationAct, { type: 'mute' }>, 'personId' | 'reason' | 'until'>

/**
 * Mutes somebody whom the room knows, or (null) ends that. One row and one of the moderation log,
 * and none where nothing is new.
 *
 * @throws Refusal `not-allowed`, `member-unknown`, `body-invalid`, and as `demandEntry`.
 */
export function mute(turn: Turn, by: Principal, { personId, until, reason }: MuteAct): MemberRow {
  const { room, now } = turn
  const role = demandDeed(room, by, 'read')
  const isUnfit = personId === by.id || room.profile.get().kind === 'direct'
  if (isUnfit || !mayActOn(role, 'mute', storedRole(room, personId))) {
    throw new Refusal('not-allowed', 'only those below you')
  }
  const before = room.members.get(personId)
  if (!before) throw new Refusal('member-unknown')
  if (until !== null && until <= now) {
    throw new Refusal('body-invalid', 'mutedUntil: a time to come is wanted')
  }
  const mutedUntil = until ?? undefined
  if (before.mutedUntil === mutedUntil) return before
  const after: MemberRow = { ...before, mutedUntil }
  const isKept = after.joined || mutedUntil !== undefined || after.role !== defaultRole(room)
  const user = { id: personId, name: after.name }
  recordMembership(turn, by, [], () => {
    if (isKept) room.members.put(after)
    else room.members.remove(personId)
    const action = until === null ? 'unmute' : 'mute'
    logModeration(turn, by, { action, user, reason, until: mutedUntil })
  })
  room.watchers.note(personId)
  const type = until === null ? 'unmuted' : 'muted'
  tellNotice(turn, personId, by, { type, reason, until: mutedUntil })
  return after
}
