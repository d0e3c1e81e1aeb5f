// Every change of the membership goes through here: its rows, its event in the log, and its
// signals.

import type { Principal } from '../../auth/principal.ts'
import { isMembersOnly, type RoomKind } from '../../room-settings.ts'
import { appendSystemEvents } from '../commands/system-event.ts'
import { tellSignal } from '../delivery/signals.ts'
import type { Subject, SystemNote } from '../log/system-note.ts'
import { writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import type { MemberRow } from './member.ts'
import type { MembershipChange } from './membership-change.ts'

/** What is told in the log, or by signals. */
type RecordedChange = Pick<MembershipChange, 'member'> & {
  readonly type: Exclude<MembershipChange['type'], 'listed'>
}

/**
 * Writes changes with their events in the log, all or nothing, and tells them. The shell reads all
 * changes of a turn from `TurnEnd`.
 *
 * @param write the rows of the members. The store of the room comes last: it forgets nothing.
 * @throws what `write` throws, with nothing written.
 */
export function recordMembership(
  turn: Turn,
  by: Principal,
  changes: readonly RecordedChange[],
  write: () => void,
): void {
  const { kind } = turn.room.profile.get()
  const notes = changes.filter((change) => isNoted(change, kind)).map(noteOf)
  if (notes.length > 0) appendSystemEvents(turn, by, notes, write)
  else {
    // What moderators do is one row, and one of the moderation log.
    const isOneRow = changes.some(({ type }) => type === 'joined' || type === 'left')
    writeAtomically(turn.room, write, isOneRow)
  }
  for (const change of changes) {
    turn.membership.push({ ...change, by })
    if (change.type !== 'role') continue
    const { id, role } = change.member
    // `standing` is the name that a role had: older clients read it.
    tellSignal(turn, { type: 'standing', user: { id }, role, standing: role })
  }
}

/**
 * In a room that anybody may enter only signals tell who joins and leaves: the log would hold
 * little else.
 */
const isNoted = ({ type }: RecordedChange, kind: RoomKind) => type === 'role' || isMembersOnly(kind)

function noteOf({ type, member }: RecordedChange): SystemNote {
  const user = subjectOf(member)
  const { role } = member
  switch (type) {
    case 'joined':
      return { type, user, role }
    case 'left':
      return { type, user }
    case 'kicked':
      return { type: 'left', user, why: 'kicked' }
    case 'role':
      return { type, user, role }
  }
}

const subjectOf = ({ id, name, guest }: MemberRow): Subject => ({
  id,
  ...(name !== '' && { name }),
  ...(guest && { guest }),
})
