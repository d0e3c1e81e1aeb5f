// The ways in to an account, in its SQLite: a row for each provider's subject, and one for the
// password, which says since when. Times in milliseconds since 1970.

import type { LoginStore, StoredLogin } from '../../account/ports.ts'
import type { ProviderLogin } from '../../auth/openid/pending-link.ts'

/** The id of the row for the password. */
const PASSWORD = 'password'

/** A step of the migrations of an account. */
export function createLogins(sql: SqlStorage): void {
  // `linked_at` is null for what an older version linked; `ending`: its login is being released.
  sql.exec(`CREATE TABLE logins (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, provider TEXT NOT NULL,
    label TEXT NOT NULL, linked_at INTEGER, ending INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID`)
}

type Row = {
  id: string
  issuer: string
  subject: string
  provider: string
  label: string
  linked_at: number | null
  ending: number
}

/** The table `logins`. */
export class SqlLogins implements LoginStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  providers(): StoredLogin[] {
    return this.#sql
      .exec<Row>(
        `SELECT id, issuer, subject, provider, label, linked_at, ending FROM logins
         WHERE id <> ? ORDER BY linked_at, id`,
        PASSWORD,
      )
      .toArray()
      .map(({ linked_at: linkedAt, ending, ...row }) => ({
        ...row,
        linkedAt,
        ending: ending === 1,
      }))
  }

  passwordSince(): number | null {
    const [row] = this.#sql
      .exec<{ linked_at: number | null }>('SELECT linked_at FROM logins WHERE id = ?', PASSWORD)
      .toArray()
    return row?.linked_at ?? null
  }

  addPassword(linkedAt: number | null): void {
    this.add(PASSWORD, { issuer: '', subject: '', provider: '', label: '' }, linkedAt)
  }

  setEnding(id: string, ending: boolean): void {
    this.#sql.exec('UPDATE logins SET ending = ? WHERE id = ?', Number(ending), id)
  }

  remove(id: string): void {
    this.#sql.exec('DELETE FROM logins WHERE id = ?', id)
  }

  add(id: string, login: ProviderLogin, linkedAt: number | null): void {
    const { issuer, subject, provider, label } = login
    this.#sql.exec(
      `INSERT OR IGNORE INTO logins (id, issuer, subject, provider, label, linked_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      ...[id, issuer, subject, provider, label, linkedAt],
    )
  }
}
