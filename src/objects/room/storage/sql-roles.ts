// The roles of a room in its SQLite: the table `standings` has a row for each person whose role
// was set.

import type { RoleStore } from '../../../room/ports.ts'
import type { Role } from '../../../room/rules.ts'

/** People remembered, those without a row among them: a message must not read one. */
const REMEMBERED = 10_000

export class SqlRoles implements RoleStore {
  readonly #sql: SqlStorage
  readonly #known = new Map<string, Role | undefined>()
  /** A cache of how many rows there are. */
  #size: number | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  get(personId: string): Role | undefined {
    if (this.#known.has(personId)) return this.#known.get(personId)
    const [row] = this.#sql
      .exec<{ standing: Role }>('SELECT standing FROM standings WHERE person_id = ?', personId)
      .toArray()
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(personId, row?.standing)
    return row?.standing
  }

  set(personId: string, role: Role): void {
    this.#forget(personId)
    this.#sql.exec(
      `INSERT INTO standings (person_id, standing) VALUES (?, ?)
       ON CONFLICT (person_id) DO UPDATE SET standing = excluded.standing`,
      personId,
      role,
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

  entries(): [string, Role][] {
    return this.#sql
      .exec<{ person_id: string; standing: Role }>(
        'SELECT person_id, standing FROM standings ORDER BY person_id',
      )
      .toArray()
      .map(({ person_id, standing }) => [person_id, standing])
  }
}
