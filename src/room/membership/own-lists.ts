// What the list of rooms of each of the two shows of a direct room. Nobody leaves a direct room, so
// it is hidden instead: until a message comes, or until whoever hid it opens it again.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { demandEntry } from './roles.ts'

/**
 * Hides a direct room from the list of rooms of `by`, or shows it there again. One row, and none
 * where nothing is new. Also where `by` blocks the other. Their account hears of it either way.
 *
 * @throws Refusal `not-allowed` where the room is not direct, and as `demandEntry`.
 */
export function setHidden(turn: Turn, by: Principal, isHidden: boolean): void {
  const { room } = turn
  const member = room.members.get(by.id)
  if (member?.blockedAt === undefined) demandEntry(room, by)
  if (room.profile.get().kind !== 'direct' || !member?.joined) {
    throw new Refusal('not-allowed', 'only a direct room is hidden')
  }
  if ((room.ownLists.get(by.id) === 'hidden') !== isHidden) {
    writeAtomically(room, () => room.ownLists.set(by.id, isHidden ? 'hidden' : 'untold'), true)
  }
  turn.membership.push({ type: 'listed', member, by })
}

/**
 * A message comes: whoever has hidden the room sees it in their list again, unless they block the
 * other. One row for each. Call it in the transaction of the message.
 *
 * @throws what the storage throws.
 */
export function showAgain(turn: Turn, by: Principal): void {
  const { ownLists, members } = turn.room
  if (ownLists.all().size === 0) return
  for (const [personId, state] of ownLists.all()) {
    const isBlocking = members.get(personId)?.blockedAt !== undefined
    if (state === 'hidden' && !isBlocking) ownLists.set(personId, 'untold')
  }
  tellUntold(turn, by)
}

/** Tells the accounts that have not heard that the room is to be listed. */
export function tellUntold(turn: Turn, by: Principal): void {
  const { ownLists, members } = turn.room
  for (const [personId, state] of ownLists.all()) {
    const member = members.get(personId)
    if (state === 'untold' && member) turn.membership.push({ type: 'listed', member, by })
  }
}
