// The ways in to an account, in its SQLite: a row for each provider's subject, and one for the password, which says since
// when. Times in milliseconds since 1970.

import { nanoid } from 'nanoid'
import type { AccountLogin, ProviderLogin } from '../../auth/session.ts'

/** Providers that one account may have (R5). */
export const MAX_LOGINS = 10

export const PASSWORD = 'password'

/** A step of the migrations of an account. */
export function createLogins(sql: SqlStorage): void {
  // `linked_at` is null for what a version before this one linked; `ending`: its login is being released.
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

export class SqlLogins {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Those with a provider, the oldest first; also those that are being released. */
  providers(): (AccountLogin & { readonly ending: boolean })[] {
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

  /** Since when there is the password; null where nobody noted it. */
  passwordSince(): number | null {
    const [row] = this.#sql
      .exec<{ linked_at: number | null }>('SELECT linked_at FROM logins WHERE id = ?', PASSWORD)
      .toArray()
    return row?.linked_at ?? null
  }

  notePassword(at: number | null): void {
    this.#insert(PASSWORD, { issuer: '', subject: '', provider: '', label: '' }, at)
  }

  /** Notes a provider that somebody has signed in with, or that is linked; gives its id. */
  note(login: ProviderLogin, at: number | null): string {
    const known = this.providers().find(
      ({ issuer, subject }) => issuer === login.issuer && subject === login.subject,
    )
    if (!known) {
      const id = nanoid()
      this.#insert(id, login, at)
      return id
    }
    // It was not released after all.
    if (known.ending) this.#sql.exec('UPDATE logins SET ending = 0 WHERE id = ?', known.id)
    return known.id
  }

  end(id: string): void {
    this.#sql.exec('UPDATE logins SET ending = 1 WHERE id = ?', id)
  }

  remove(id: string): void {
    this.#sql.exec('DELETE FROM logins WHERE id = ?', id)
  }

  #insert(
    id: string,
    { issuer, subject, provider, label }: ProviderLogin,
    at: number | null,
  ): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO logins (id, issuer, subject, provider, label, linked_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      ...[id, issuer, subject, provider, label, at],
    )
  }
}
