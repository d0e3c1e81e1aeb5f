// A direct room has the name of the other. A block in it: whoever blocks the other closes the room
// for themselves. The other may write as before, is told nothing, and sees somebody who is away.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { MemberStore } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { endConnectionsOf } from './leave.ts'
import type { RoomProfile } from './profile.ts'
import { demandEntry } from './roles.ts'

/**
 * Blocks the other, or takes that back. One row, and none where nothing is new. The connections of
 * `by` end with `room-blocked`, and `by` is refused with it until the block is taken back.
 *
 * @throws Refusal `not-allowed` where the room is not direct, and as `demandEntry`.
 */
export function setBlock(turn: Turn, by: Principal, isBlocked: boolean): void {
  const { room, now } = turn
  const member = room.members.get(by.id)
  if (member?.blockedAt === undefined) demandEntry(room, by)
  if (room.profile.get().kind !== 'direct' || !member?.joined) throw new Refusal('not-allowed')
  if ((member.blockedAt !== undefined) === isBlocked) return
  room.members.put({ ...member, blockedAt: isBlocked ? now : undefined })
  room.watchers.note(by.id)
  if (isBlocked) endConnectionsOf(turn, by.id, 'room-blocked')
}

/** The room as somebody sees it: a direct room has the name of the other. */
export function profileFor(
  profile: RoomProfile,
  members: Pick<MemberStore, 'get' | 'page'>,
  personId: string,
): RoomProfile {
  if (profile.kind !== 'direct' || !members.get(personId)) return profile
  const other = members.page('', undefined, true, 2).find(({ id }) => id !== personId)
  return { ...profile, name: other?.name ?? profile.name }
}
