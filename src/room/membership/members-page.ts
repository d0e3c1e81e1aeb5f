// The list of members, in pages.

import type { Principal } from '../../auth/principal.ts'
import { nameKey } from '../../name-key.ts'
import { DEFAULT_MEMBERS } from '../limits/limits.ts'
import { rank } from '../permissions.ts'
import type { RoomState } from '../room-state.ts'
import { cursorOf, type MembersPage, type MembersQuery, memberOf, placeOf } from './member.ts'
import { demandDeed } from './roles.ts'

/**
 * The members whose names begin with a text: the owner first, then by role and name. Moderators
 * also see people of whom only a role is kept, such as the banned.
 *
 * @throws Refusal `query-invalid`, and as `demandDeed`.
 */
export function membersPage(room: RoomState, by: Principal, query: MembersQuery): MembersPage {
  const { q = '', cursor, limit = DEFAULT_MEMBERS } = query
  const isModerator = rank(demandDeed(room, by, 'read')) >= rank('moderator')
  const after = cursor === undefined ? undefined : placeOf(cursor)
  const rows = room.members.page(nameKey(q), after, isModerator, limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    members: page.map(memberOf),
    next:
      last && rows.length > limit
        ? cursorOf({ rank: rank(last.role), nameKey: nameKey(last.name), id: last.id })
        : null,
  }
}
