// Bans: somebody must not come back, for good or until a ban ends. The row of a member says so.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { endConnection } from '../connections/endings.ts'
import { DEFAULT_MEMBERS, DELETED_BACK } from '../limits/limits.ts'
import { timestamp } from '../log/timestamp.ts'
import { isBanOver, roleOfMember } from '../membership/current-members.ts'
import type { MemberRow } from '../membership/member.ts'
import { recordMembership } from '../membership/record-membership.ts'
import { bannedDetail, demandDeed, roleOf, storedRole } from '../membership/roles.ts'
import { strangerOf } from '../membership/stranger.ts'
import { mayActOn, rank } from '../permissions.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import type { Ban, ModerationAct, ModerationPage, ModerationQuery } from './act.ts'
import { beginClearing, clearMore } from './clear.ts'
import { logModeration } from './moderation-log.ts'

type BanAct = Pick<
  Extract<ModerationAct, { type: 'ban' }>,
  'personId' | 'reason' | 'until' | 'deleteSince' | 'introduced'
>

/**
 * M3: bans somebody, who need not have been here. Their connections end in this turn, so no event
 * of theirs follows. One row, one of the moderation log and one for each invitation of theirs, and
 * none where nothing is new.
 *
 * @throws Refusal `not-allowed`, `body-invalid`, `too-many-members`, and as `strangerOf` and
 * `demandEntry`.
 */
export function ban(turn: Turn, by: Principal, act: BanAct): MemberRow {
  const { room, now } = turn
  const { personId, reason, until, deleteSince, introduced } = act
  const before = demandBan(turn, by, personId)
  if (until !== undefined && until <= now) {
    throw new Refusal('body-invalid', 'until: a time to come is wanted')
  }
  if (deleteSince !== undefined && !(deleteSince <= now && deleteSince >= now - DELETED_BACK)) {
    throw new Refusal('body-invalid', 'deleteSince: a time in the last 7 days is wanted')
  }
  const isSame = before?.bannedUntil === until && before?.ban?.reason === reason
  if (before?.role === 'banned' && isSame && deleteSince === undefined) return before
  if (!before && room.members.size >= room.limits.members) throw new Refusal('too-many-members')
  const note = { at: now, by: { id: by.id, name: by.name }, reason }
  const person = before ?? strangerOf(room, personId, introduced)
  const banned: MemberRow = { ...person, role: 'banned', bannedUntil: until, ban: note }
  const write = () => {
    room.members.put(banned)
    endInvitationsOf(room, personId)
    if (rank(before?.role ?? 'banned') >= rank('moderator')) room.looks.keep(personId, undefined)
    const detail = deleteSince && { detail: { deleteSince: timestamp(deleteSince) } }
    logModeration(turn, by, { action: 'ban', user: named(banned), reason, until, ...detail })
    if (deleteSince === undefined) return
    beginClearing(turn, by, personId, { left: Number.MAX_SAFE_INTEGER, since: deleteSince })
  }
  // Another end or reason of a ban is no new role.
  const isNew = before?.role !== 'banned'
  recordMembership(turn, by, isNew ? [{ type: 'role', member: banned }] : [], write)
  for (const connection of room.people.connectionsOf(personId)) {
    const { session } = connection
    // A role in a token comes before the stored role.
    if (session.phase === 'ended' || roleOf(room, session.principal) !== 'banned') continue
    endConnection(turn, connection, new Refusal('banned', bannedDetail(banned)))
  }
  if (deleteSince !== undefined) clearMore(turn)
  return banned
}

/**
 * Ends a ban. Whoever was a member is one again, with the usual role. One row and one of the
 * moderation log.
 *
 * @throws Refusal `not-allowed`, `member-unknown` where nobody is banned so, and as `demandEntry`.
 */
export function unban(turn: Turn, by: Principal, personId: string, reason?: string): void {
  const { room, now } = turn
  const before = demandBan(turn, by, personId)
  if (before?.role !== 'banned') throw new Refusal('member-unknown')
  const role = roleOfMember(room.profile.get().kind)
  const after: MemberRow = { ...before, role, bannedUntil: undefined, ban: undefined }
  recordMembership(turn, by, [{ type: 'role', member: after }], () => {
    if (after.joined || (after.mutedUntil ?? 0) > now) room.members.put(after)
    else room.members.remove(personId)
    logModeration(turn, by, { action: 'unban', user: named(before), reason })
  })
}

/**
 * The bans that have not ended, for moderators.
 *
 * @throws Refusal `not-allowed`, and as `demandEntry`.
 */
export function bansPage(
  room: RoomState,
  by: Principal,
  { cursor = '', limit = DEFAULT_MEMBERS }: ModerationQuery,
): ModerationPage {
  demandDeed(room, by, 'readModeration')
  const rows = room.members.banned(cursor, limit + 1)
  const page = rows.slice(0, limit)
  const next = rows.length > limit ? (page.at(-1)?.id ?? null) : null
  return { bans: page.filter((row) => !isBanOver(row, room.now())).map(banOf), next }
}

/** What moderators see of it. */
export const banOf = ({ id, name, guest, bannedUntil, ban: note }: MemberRow): Ban => ({
  id,
  name,
  guest,
  ...note,
  until: bannedUntil,
})

const named = ({ id, name }: MemberRow) => ({ id, name })

/** The row of somebody whom `by` may ban or unban. */
function demandBan({ room }: Turn, by: Principal, personId: string): MemberRow | undefined {
  const role = demandDeed(room, by, 'read')
  const isOwn = personId === by.id || room.profile.get().kind === 'direct'
  const before = room.members.get(personId)
  // In a private room strangers have the role `banned`, which is below moderators.
  if (isOwn || !mayActOn(role, 'ban', storedRole(room, personId))) {
    throw new Refusal('not-allowed', 'only those below you')
  }
  return before
}

/** For good: the end of the ban does not open them again. A row for each. */
function endInvitationsOf({ invitations }: RoomState, personId: string): void {
  for (const { by, digest } of invitations.all()) {
    if (by.id === personId) invitations.remove(digest)
  }
}
