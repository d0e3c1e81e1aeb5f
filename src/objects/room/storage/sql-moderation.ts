// The moderation log of a room in its SQLite: a row for each entry.

import type {
  ModerationAction,
  ModerationEntry,
  NewModerationEntry,
} from '../../../room/moderation/act.ts'
import type { ModerationStore } from '../../../room/ports.ts'

type Row = {
  number: number
  at: number
  action: ModerationAction
  by_id: string | null
  by_name: string | null
  user_id: string | null
  user_name: string | null
  reason: string | null
  until: number | null
  seq: number
  detail: string | null
}

const COLUMNS = 'at, action, by_id, by_name, user_id, user_name, reason, until, seq, detail'

/**
 * Entries that may be kept beyond the most: removing them takes a statement, so it is done once for
 * many.
 */
const SURPLUS = 100

/** The table `moderation`. */
export class SqlModeration implements ModerationStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  add({ at, action, by, user, reason, until, seq, detail }: NewModerationEntry, most: number) {
    const { number } = this.#sql
      .exec<{ number: number }>(
        `INSERT INTO moderation (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         RETURNING number`,
        ...[at, action, by?.id ?? null, by?.name ?? null, user?.id ?? null, user?.name ?? null],
        ...[reason ?? null, until ?? null, seq, detail ? JSON.stringify(detail) : null],
      )
      .one()
    if (number <= most || number % SURPLUS !== 0) return
    this.#sql.exec('DELETE FROM moderation WHERE number <= ?', number - most)
  }

  page(before: number | undefined, limit: number): ModerationEntry[] {
    return this.#sql
      .exec<Row>(
        `SELECT number, ${COLUMNS} FROM moderation WHERE ?1 IS NULL OR number < ?1
         ORDER BY number DESC LIMIT ?2`,
        before ?? null,
        limit,
      )
      .toArray()
      .map(entryOf)
  }
}

function entryOf(row: Row): ModerationEntry {
  const { number, at, action, seq } = row
  return {
    number,
    at,
    action,
    by: row.by_id === null ? null : { id: row.by_id, name: row.by_name ?? '' },
    ...(row.user_id !== null && { user: { id: row.user_id, name: row.user_name ?? '' } }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.until !== null && { until: row.until }),
    seq,
    ...(row.detail !== null && { detail: JSON.parse(row.detail) }),
  }
}
