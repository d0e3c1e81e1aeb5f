// What the row of a room holds for the stores beside its profile: it is read when the room wakes.

import type { LogFloor } from './log/counts.ts'

/** What the log of a room needs of its row. */
export interface LogState extends LogFloor {
  /** As EmptiedEdits keeps it. */
  readonly emptying: string | null
}

/** The rest of the row: the seed of the fingerprints, the pins, and what is pending. */
export interface RoomRow extends LogState {
  readonly keySeed: number
  /** As SqlPins keeps it. */
  readonly pins: string | null
  /** As SqlClearings keeps it. */
  readonly clearing: string | null
  /** As SqlOwnLists keeps it. */
  readonly ownLists: string | null
  /** As watchers-text.ts writes it. */
  readonly watchers: string | null
  /** Not null: the directory has not heard of the last change. */
  readonly untold: number | null
}

/** Reads the row; the room must exist. */
export function roomRow(sql: SqlStorage): RoomRow {
  type Row = { [Column in keyof RoomRow]: RoomRow[Column] }
  const columns = `key_seed AS keySeed, head, head_n AS headMessages, counted_from AS countedFrom,
    emptying, pins, clearing, own_lists AS ownLists, watchers, untold`
  return sql.exec<Row>(`SELECT ${columns} FROM room`).one()
}
