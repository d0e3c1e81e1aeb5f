// What the account of a person keeps in its SQLite: the account, its sessions, the rooms where sockets
// may be, and the revocations that a room has not heard of yet. One row each.

import type { AccountRecord } from '../auth/account.ts'
import type { SessionRecord } from '../auth/session-life.ts'
import { type Migrations, migrate, storedVersion } from './migrate.ts'
import { PendingRevocations } from './pending-revocations.ts'

const MIGRATIONS: Migrations = [
  (sql) => {
    sql.exec(`CREATE TABLE account (
      id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, username TEXT, roles TEXT NOT NULL,
      disabled INTEGER NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL
    ) STRICT`)
    sql.exec(`CREATE TABLE sessions (
      id TEXT PRIMARY KEY, device TEXT NOT NULL,
      signed_in_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL,
      family_key TEXT NOT NULL, previous TEXT, current TEXT NOT NULL,
      refresh_expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`)
    // Of a trusted issuer's person, until the tokens that it concerns have ended.
    sql.exec(`CREATE TABLE ended_sessions (
      id TEXT PRIMARY KEY, until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`)
    sql.exec(`CREATE TABLE rooms (
      id TEXT PRIMARY KEY, entered_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`)
    sql.exec(`CREATE TABLE revocations (
      number INTEGER PRIMARY KEY, room_id TEXT NOT NULL, revocation TEXT NOT NULL,
      attempts INTEGER NOT NULL
    ) STRICT`)
  },
]

type SessionRow = {
  id: string
  device: string
  signed_in_at: number
  last_used_at: number
  family_key: string
  previous: string | null
  /** JSON. */
  current: string
  refresh_expires_at: number
}

/** Milliseconds for which a room counts as just entered, without a row written each time. */
const ENTERED = 3_600_000
/** Milliseconds that entering may take. */
const ENTERING = 60_000

export class AccountStorage {
  readonly pending: PendingRevocations
  readonly #sql: SqlStorage

  private constructor(sql: SqlStorage) {
    this.#sql = sql
    this.pending = new PendingRevocations(sql)
  }

  /** The storage, brought up to date; undefined where nothing is kept: nothing is made then. */
  static open(storage: DurableObjectStorage): AccountStorage | undefined {
    return storedVersion(storage.sql) === 0 ? undefined : AccountStorage.make(storage)
  }

  static make(storage: DurableObjectStorage): AccountStorage {
    migrate(storage, MIGRATIONS)
    return new AccountStorage(storage.sql)
  }

  account(): AccountRecord | undefined {
    const [row] = this.#sql
      .exec<{
        id: string
        name: string
        kind: AccountRecord['kind']
        username: string | null
        roles: string
        disabled: number
        version: number
        created_at: number
      }>('SELECT id, name, kind, username, roles, disabled, version, created_at FROM account')
      .toArray()
    if (!row) return undefined
    const { roles, disabled, created_at: createdAt, ...rest } = row
    return { ...rest, roles: JSON.parse(roles), disabled: disabled === 1, createdAt }
  }

  saveAccount({ id, name, kind, username, roles, ...rest }: AccountRecord): void {
    const { disabled, version, createdAt } = rest
    this.#sql.exec('DELETE FROM account')
    this.#sql.exec(
      `INSERT INTO account (id, name, kind, username, roles, disabled, version, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, name, kind, username, JSON.stringify(roles), Number(disabled), version, createdAt],
    )
  }

  session(id: string): SessionRecord | undefined {
    return this.#sessions('WHERE id = ?', id)[0]
  }

  /** The one used last comes first. */
  sessions(): SessionRecord[] {
    return this.#sessions('ORDER BY last_used_at DESC, id')
  }

  saveSession(session: SessionRecord): void {
    const { id, device, signedInAt, lastUsedAt, familyKey, previous, current } = session
    this.#sql.exec(
      `INSERT OR REPLACE INTO sessions (id, device, signed_in_at, last_used_at, family_key,
       previous, current, refresh_expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, device, signedInAt, lastUsedAt, familyKey, previous, JSON.stringify(current)],
      session.refreshExpiresAt,
    )
  }

  removeSession(id: string): void {
    this.#sql.exec('DELETE FROM sessions WHERE id = ?', id)
  }

  /** Marks a trusted issuer's session as ended, until a time in seconds since 1970; forgets those that passed. */
  endForeign(id: string, until: number, now: number): void {
    this.#sql.exec('DELETE FROM ended_sessions WHERE until <= ?', Math.floor(now / 1000))
    this.#sql.exec('INSERT OR REPLACE INTO ended_sessions (id, until) VALUES (?, ?)', id, until)
  }

  isEndedForeign(id: string, now: number): boolean {
    const query = 'SELECT 1 FROM ended_sessions WHERE id = ? AND until > ?'
    return this.#sql.exec(query, id, Math.floor(now / 1000)).toArray().length > 0
  }

  /** Notes that sockets may be in a room: a row written the first time, and once in an hour after. */
  noteRoom(id: string, now: number): void {
    this.#sql.exec(
      `INSERT INTO rooms (id, entered_at) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET entered_at = excluded.entered_at WHERE entered_at <= ?`,
      id,
      now,
      now - ENTERED,
    )
  }

  /** Forgets a room without sockets, unless somebody may be entering it at this moment. */
  forgetRoom(id: string, now: number): void {
    const before = now - ENTERED - ENTERING
    this.#sql.exec('DELETE FROM rooms WHERE id = ? AND entered_at <= ?', id, before)
  }

  removeRoom(id: string): void {
    this.#sql.exec('DELETE FROM rooms WHERE id = ?', id)
  }

  #sessions(which: string, ...bindings: string[]): SessionRecord[] {
    return this.#sql
      .exec<SessionRow>(
        `SELECT id, device, signed_in_at, last_used_at, family_key, previous, current,
         refresh_expires_at FROM sessions ${which}`,
        ...bindings,
      )
      .toArray()
      .map((row) => ({
        id: row.id,
        device: row.device,
        signedInAt: row.signed_in_at,
        lastUsedAt: row.last_used_at,
        familyKey: row.family_key,
        previous: row.previous,
        current: JSON.parse(row.current),
        refreshExpiresAt: row.refresh_expires_at,
      }))
  }
}
