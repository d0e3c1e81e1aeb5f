// The rules of a room, applied to what somebody says there.

import { Refusal } from '../../refusals.ts'
import type { RoomSettings } from '../../room-settings.ts'
import type { Actor } from '../commands/handler.ts'
import { MAX_REPORTS } from '../limits/limits.ts'
import { permissionsOf, roleOf } from '../membership/roles.ts'
import { may } from '../permissions.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { ContentFilter, type Verdict } from './content-filter.ts'

/** The filters of settings: making one costs as much as several messages. */
const filters = new WeakMap<RoomSettings, ContentFilter>()

/**
 * What the rules of the room make of a text. Moderators may say anything.
 *
 * @throws Refusal `content-refused`. It does not say why: that would teach how to get around it.
 */
export function judge({ room }: Turn, { principal }: Actor, content: string): Verdict {
  const { settings } = room.profile.get()
  const isFree = settings.words.length === 0 && settings.links === null
  if (isFree || may(roleOf(room, principal), 'sayAnything', permissionsOf(room))) {
    return { isRefused: false, content, isReported: false }
  }
  const verdict = filterOf(settings).judge(content)
  if (verdict.isRefused) throw new Refusal('content-refused')
  return verdict
}

/** Reports a message that a rule matched, unless the room has as many open reports as it keeps. */
export function reportByRule({ room, now }: Turn, seq: number): void {
  if (hasPlace(room)) room.reports.add({ seq, at: now, by: null, reason: '' }, MAX_REPORTS)
}

/** R5: whether the room takes one more report. Those that are settled make room for it. */
export const hasPlace = ({ reports }: RoomState): boolean => reports.openCount < MAX_REPORTS

function filterOf(settings: RoomSettings): ContentFilter {
  let filter = filters.get(settings)
  if (!filter) {
    filter = new ContentFilter(settings.words, settings.links)
    filters.set(settings, filter)
  }
  return filter
}
