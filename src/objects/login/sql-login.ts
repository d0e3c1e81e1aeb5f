// The row of a login in SQLite: whose it is, and the hash of the password where there is one.

import { createFailures } from '../shared/failure-counter.ts'
import { type Migrations, migrate, storedVersion } from '../shared/migrate.ts'
import { createFailuresBySource } from './failures-by-source.ts'
import { createDeviceKey } from './known-devices.ts'

/** The steps to the newest version of the storage of a login. A deployed step never changes. */
export const MIGRATIONS: Migrations = [
  (sql) => {
    // `password` is a PHC string; null where it is a provider that vouches.
    sql.exec('CREATE TABLE login (person_id TEXT NOT NULL, password TEXT) STRICT')
    createFailures(sql)
  },
  (sql) => {
    // `failures` stays for the version before this one, which counted all sources as one.
    createFailuresBySource(sql)
    createDeviceKey(sql)
  },
]

/** Whose a login is, and what opens it. */
export interface LoginRow {
  readonly personId: string
  /** A PHC string; null where a provider vouches. */
  readonly password: string | null
}

/** The table `login`: one row, or none for a login that is nobody's. */
export class SqlLogin {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** Whether there are tables: nothing is made by a question. */
  get isStored(): boolean {
    return storedVersion(this.#storage.sql) > 0
  }

  /** Makes the tables, or brings them up to date. */
  migrate(): void {
    migrate(this.#storage, MIGRATIONS)
  }

  get(): LoginRow | undefined {
    if (!this.isStored) return undefined
    const [row] = this.#storage.sql
      .exec<{ person_id: string; password: string | null }>('SELECT person_id, password FROM login')
      .toArray()
    return row && { personId: row.person_id, password: row.password }
  }

  add({ personId, password }: LoginRow): void {
    this.migrate()
    const insert = 'INSERT INTO login (person_id, password) VALUES (?, ?)'
    this.#storage.sql.exec(insert, personId, password)
  }

  /** Replaces a hash. Returns false if the stored hash has changed since. */
  replace({ password }: LoginRow, next: string | null): boolean {
    if (this.get()?.password !== password) return false
    if (next !== password) this.#storage.sql.exec('UPDATE login SET password = ?', next)
    return true
  }

  /** Removes all that is stored of this login. */
  async remove(): Promise<void> {
    await this.#storage.deleteAll()
  }
}
