// What the names of the owner and of moderators look like, in the SQLite of a room: a row for each
// of them.

import type { LookStore } from '../../../room/ports.ts'

/** Looks in memory, those of nobody among them, so that a message reads no row. */
const REMEMBERED = 10_000

/** The table `looks`, with what was asked of it in memory. */
export class SqlLooks implements LookStore {
  readonly #sql: SqlStorage
  readonly #known = new Map<string, readonly string[]>()

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  holders(look: string): readonly string[] {
    const known = this.#known.get(look)
    if (known) return known
    const rows = this.#sql
      .exec<{ person_id: string }>('SELECT person_id FROM looks WHERE look = ?', look)
      .toArray()
    const holders = rows.map(({ person_id }) => person_id)
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(look, holders)
    return holders
  }

  keep(personId: string, look: string | undefined): void {
    this.#known.clear()
    this.#sql.exec('DELETE FROM looks WHERE person_id = ?', personId)
    if (look === undefined) return
    this.#sql.exec('INSERT INTO looks (look, person_id) VALUES (?, ?)', look, personId)
  }
}
