// A row for somebody whom the room keeps none for: moderators may ban people who were never here.

import { Refusal } from '../../refusals.ts'
import type { RoomState } from '../room-state.ts'
import type { Introduction, MemberRow } from './member.ts'

/**
 * The name is that which they have here if they are here, and else that of their account.
 *
 * @param introduced undefined where nobody has asked their account.
 * @throws Refusal `user-unknown` for whoever is not here and was not introduced.
 */
export function strangerOf(
  room: RoomState,
  id: string,
  introduced: Introduction | undefined,
): MemberRow {
  for (const { session } of room.people.connectionsOf(id)) {
    if (session.phase === 'ended') continue
    const { name, guest = false } = session.principal
    return { id, name, guest, role: 'reader' }
  }
  if (!introduced) throw new Refusal('user-unknown')
  return { id, ...introduced, role: 'reader' }
}
