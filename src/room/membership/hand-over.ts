// The owner of a room hands it over to a member, and becomes a moderator.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { logModeration } from '../moderation/moderation-log.ts'
import { tellNotice } from '../moderation/notices.ts'
import { keepName } from '../people/naming.ts'
import { mayActOn } from '../permissions.ts'
import type { Turn } from '../turn.ts'
import type { Member, MemberRow } from './member.ts'
import { memberOf } from './member.ts'
import { recordMembership } from './record-membership.ts'
import { demandDeed, demandNotDirect, storedRole } from './roles.ts'

/**
 * Makes a member the owner. Four rows and two events, all or none.
 *
 * @throws Refusal `not-allowed`, `member-unknown`, and as `demandEntry`.
 */
export function handOver(turn: Turn, by: Principal, personId: string, reason?: string): Member {
  const { room } = turn
  const role = demandDeed(room, by, 'read')
  demandNotDirect(room)
  if (!mayActOn(role, 'handOver', storedRole(room, personId))) throw new Refusal('not-allowed')
  const heir = room.members.get(personId)
  const profile = room.profile.get()
  if (!heir?.joined || profile.kind === 'direct') throw new Refusal('member-unknown')
  // Nobody could end a mute of the owner.
  const next: MemberRow = { ...heir, role: 'owner', mutedUntil: undefined }
  const { owner } = profile
  const former: MemberRow = { ...rowOfOwner(turn), role: 'moderator' }
  const changes = [next, former].map((member) => ({ type: 'role', member }) as const)
  recordMembership(turn, by, changes, () => {
    room.members.put(next)
    room.members.put(former)
    const user = { id: heir.id, name: heir.name }
    logModeration(turn, by, { action: 'role', user, reason, detail: { role: 'owner' } })
    room.profile.set({ ...profile, owner: { id: heir.id, name: heir.name } })
  })
  tellNotice(turn, heir.id, by, { type: 'role', role: 'owner', reason })
  for (const id of [heir.id, owner.id]) {
    for (const { session } of room.people.connectionsOf(id)) {
      if (session.phase === 'connected') keepName(room, session.principal)
    }
  }
  return memberOf(next)
}

/** A room of an older version has no row of its owner until the owner comes in. */
function rowOfOwner({ room }: Turn): MemberRow {
  const { owner, createdAt } = room.profile.get()
  const usual = { id: owner.id, name: owner.name, guest: false, role: 'owner' } as const
  return room.members.get(owner.id) ?? { ...usual, joined: { at: createdAt, seq: 0 } }
}
