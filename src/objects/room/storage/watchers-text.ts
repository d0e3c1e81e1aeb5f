// The column `watchers` of the room: whose lists of rooms show it. It is nothing in most rooms, and
// the row is read anyway when a room wakes.

import type { KeptWatcher } from '../../../room/ports.ts'

/** What the column holds. */
export const watchersText = (watchers: readonly KeptWatcher[]): string | null =>
  watchers.length === 0 ? null : JSON.stringify(watchers)

/** Who is in it. */
export const watchersIn = (text: string | null): readonly KeptWatcher[] => JSON.parse(text ?? '[]')
