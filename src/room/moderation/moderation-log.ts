// The moderation log: who did what to whom, and why. Moderators read it.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { DEFAULT_MODERATION_PAGE, MAX_MODERATION_ENTRIES } from '../limits/limits.ts'
import { demandDeed } from '../membership/roles.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import type { ModerationPage, ModerationQuery, NewModerationEntry } from './act.ts'

/** What was done. The rest of its entry follows from the turn. */
type Done = Omit<NewModerationEntry, 'at' | 'by' | 'seq'>

/**
 * Writes the entry of an act: one row. Call it in the transaction of what was done.
 *
 * @param by who did it; null: a rule of the room.
 */
export function logModeration({ room, now }: Turn, by: Principal | null, done: Done): void {
  const entry = { ...done, at: now, by: by && { id: by.id, name: by.name }, seq: room.log.head() }
  // R5: the newest are kept.
  room.moderation.add(entry, MAX_MODERATION_ENTRIES)
}

/**
 * A page of the log, for moderators.
 *
 * @throws Refusal `query-invalid`, `not-allowed`, and as `demandEntry`.
 */
export function moderationLogPage(
  room: RoomState,
  by: Principal,
  { cursor, limit = DEFAULT_MODERATION_PAGE }: ModerationQuery,
): ModerationPage {
  demandDeed(room, by, 'readModeration')
  if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor)) {
    throw new Refusal('query-invalid', 'cursor: not one of this list')
  }
  const before = cursor === undefined ? undefined : Number(cursor)
  const found = room.moderation.page(before, limit + 1)
  const entries = found.slice(0, limit)
  const last = found.length > limit ? entries.at(-1) : undefined
  return { entries, next: last ? String(last.number) : null }
}
