// The standings of a room in its SQLite: a row for each person whose standing was set.

import type { StandingStore } from '../../../room/ports.ts'
import type { Standing } from '../../../room/rules.ts'

/** People remembered, those without a row among them: a message must not read one. */
const REMEMBERED = 10_000

export class SqlStandings implements StandingStore {
  readonly #sql: SqlStorage
  readonly #known = new Map<string, Standing | undefined>()
  /** A cache of how many rows there are. */
  #size: number | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  get(personId: string): Standing | undefined {
    if (this.#known.has(personId)) return this.#known.get(personId)
    const [row] = this.#sql
      .exec<{ standing: Standing }>('SELECT standing FROM standings WHERE person_id = ?', personId)
      .toArray()
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(personId, row?.standing)
    return row?.standing
  }

  set(personId: string, standing: Standing): void {
    this.#forget(personId)
    this.#sql.exec(
      `INSERT INTO standings (person_id, standing) VALUES (?, ?)
       ON CONFLICT (person_id) DO UPDATE SET standing = excluded.standing`,
      personId,
      standing,
    )
  }

  delete(personId: string): void {
    this.#forget(personId)
    this.#sql.exec('DELETE FROM standings WHERE person_id = ?', personId)
  }

  get size(): number {
    this.#size ??= this.#sql
      .exec<{ size: number }>('SELECT count(*) AS size FROM standings')
      .one().size
    return this.#size
  }

  #forget(personId: string): void {
    this.#known.delete(personId)
    this.#size = undefined
  }

  entries(): [string, Standing][] {
    return this.#sql
      .exec<{ person_id: string; standing: Standing }>(
        'SELECT person_id, standing FROM standings ORDER BY person_id',
      )
      .toArray()
      .map(({ person_id, standing }) => [person_id, standing])
  }
}
