// The reports of a room in its SQLite: a row for each.

import type { NewReport, Report, Settlement } from '../../../room/moderation/report.ts'
import type { ReportStore } from '../../../room/ports.ts'

type Row = {
  id: number
  at: number
  seq: number
  by_id: string | null
  by_name: string | null
  reason: string
  state: Report['state']
  settled_at: number | null
  settled_by_id: string | null
  settled_by_name: string | null
}

const COLUMNS = `id, at, seq, by_id, by_name, reason, state, settled_at, settled_by_id,
  settled_by_name`

/** The table `reports`. */
export class SqlReports implements ReportStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  add(report: NewReport, most: number): Report {
    const { at, seq, by, reason } = report
    const { id } = this.#sql
      .exec<{ id: number }>(
        `INSERT INTO reports (at, seq, by_id, by_name, reason, state)
         VALUES (?, ?, ?, ?, ?, 'open') RETURNING id`,
        at,
        seq,
        by?.id ?? null,
        by?.name ?? null,
        reason,
      )
      .one()
    this.#sql.exec(
      `DELETE FROM reports WHERE id = (SELECT min(id) FROM reports WHERE state <> 'open')
       AND (SELECT count(*) FROM reports) > ?`,
      most,
    )
    return { ...report, id, state: 'open' }
  }

  find(id: number): Report | undefined {
    return this.#read('WHERE id = ?', id)[0]
  }

  openOf(personId: string): Report[] {
    return this.#read("WHERE by_id = ? AND state = 'open' ORDER BY id", personId)
  }

  get openCount(): number {
    return this.#sql
      .exec<{ open: number }>("SELECT count(*) AS open FROM reports WHERE state = 'open'")
      .one().open
  }

  page({ state, before, limit }: Parameters<ReportStore['page']>[0]): Report[] {
    return this.#read(
      'WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3',
      state ?? null,
      before ?? null,
      limit,
    )
  }

  settle(id: number, { state, settledAt, settledBy }: Settlement): void {
    this.#sql.exec(
      `UPDATE reports SET state = ?, settled_at = ?, settled_by_id = ?, settled_by_name = ?
       WHERE id = ?`,
      state,
      settledAt,
      settledBy.id,
      settledBy.name,
      id,
    )
  }

  #read(where: string, ...values: (string | number | null)[]): Report[] {
    return this.#sql
      .exec<Row>(`SELECT ${COLUMNS} FROM reports ${where}`, ...values)
      .toArray()
      .map(reportOf)
  }
}

function reportOf(row: Row): Report {
  const { id, at, seq, reason, state } = row
  const by = row.by_id === null ? null : { id: row.by_id, name: row.by_name ?? '' }
  const report = { id, at, seq, by, reason }
  if (state === 'open') return { ...report, state }
  const settledBy = { id: row.settled_by_id ?? '', name: row.settled_by_name ?? '' }
  return { ...report, state, settledAt: row.settled_at ?? 0, settledBy }
}
