// What the account of a person keeps in its SQLite: the account, its sessions, the rooms where
// sockets may be, and the revocations that a room has not heard of yet. One row each.

import type { AccountStorage, AccountStore } from '../../account/ports.ts'
import type { AccountRecord } from '../../account/record.ts'
import type { SignInRecord } from '../../account/sign-in-record.ts'
import { type Migrations, migrate, storedVersion } from '../shared/migrate.ts'
import { forgetting, Remembered } from '../shared/remembered.ts'
import { createUsedTickets, UsedTickets } from '../shared/used-tickets.ts'
import { NEWEST } from './schema.ts'
import { SqlEnteredRooms } from './sql-entered-rooms.ts'
import { createLogins, SqlLogins } from './sql-logins.ts'
import { addChoices, addHidden, createMemberRooms, SqlMemberRooms } from './sql-member-rooms.ts'
import { SqlPendingRevocations } from './sql-revocations.ts'
import { readSignIns } from './sql-sign-ins.ts'

/** The steps to the newest version of the storage of an account. A deployed step never changes. */
export const MIGRATIONS: Migrations = [
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
  (sql) => {
    // `rooms` stays: what older versions noted there counts for every session.
    sql.exec(`CREATE TABLE entered_rooms (
      session_id TEXT NOT NULL, room_id TEXT NOT NULL, entries TEXT NOT NULL,
      seen_at INTEGER NOT NULL, until INTEGER, PRIMARY KEY (session_id, room_id)
    ) STRICT, WITHOUT ROWID`)
    sql.exec('ALTER TABLE sessions ADD COLUMN former_id TEXT')
    sql.exec('ALTER TABLE sessions ADD COLUMN authority TEXT')
    sql.exec('ALTER TABLE revocations ADD COLUMN due INTEGER NOT NULL DEFAULT 0')
  },
  createLogins,
  // `former_id` stays for the version before this one, which knew only the last renewal.
  (sql) => sql.exec("ALTER TABLE sessions ADD COLUMN former TEXT NOT NULL DEFAULT '[]'"),
  createMemberRooms,
  addHidden,
  addChoices,
  // The tickets that opened sockets of the account itself.
  createUsedTickets,
]

/** The storage of a person. Nothing is made for a person who is only asked about. */
export const accountStorage = (storage: DurableObjectStorage): AccountStorage => ({
  open() {
    const version = storedVersion(storage.sql)
    if (version === 0) return undefined
    return version < MIGRATIONS.length ? this.make() : new SqlAccount(storage.sql)
  },
  make() {
    migrate(storage, MIGRATIONS, NEWEST)
    return new SqlAccount(storage.sql)
  },
})

/** What the rows of every version say of a trusted issuer's person. */
const FEDERATED = 'foreign'

type StoredKind = Exclude<AccountRecord['kind'], 'federated'> | typeof FEDERATED

type AccountRow = {
  id: string
  name: string
  kind: StoredKind
  username: string | null
  /** JSON. */
  roles: string
  disabled: number
  version: number
  created_at: number
}

/** Sign-ins that are remembered, those that are over among them. */
const REMEMBERED = 10

/**
 * The tables `account`, `sessions` and `ended_sessions`, and the stores beside them. It remembers
 * the account and the sign-ins that were asked for, because each request asks for them.
 */
class SqlAccount implements AccountStore {
  readonly revocations: SqlPendingRevocations
  readonly rooms: SqlEnteredRooms
  readonly logins: SqlLogins
  readonly memberRooms: SqlMemberRooms
  readonly tickets: UsedTickets
  readonly #sql: SqlStorage
  readonly #found = new Remembered<SignInRecord | undefined>(REMEMBERED)
  /** A cache; undefined: to be read. */
  #account: { readonly record: AccountRecord | undefined } | undefined

  constructor(storage: SqlStorage) {
    this.#sql = forgetting(storage, () => this.#clearCaches())
    this.revocations = new SqlPendingRevocations(this.#sql)
    this.rooms = new SqlEnteredRooms(this.#sql)
    this.logins = new SqlLogins(this.#sql)
    this.memberRooms = new SqlMemberRooms(this.#sql)
    this.tickets = new UsedTickets(this.#sql)
  }

  account(): AccountRecord | undefined {
    this.#account ??= { record: readAccount(this.#sql) }
    return this.#account.record
  }

  saveAccount({ id, name, kind, username, roles, ...rest }: AccountRecord): void {
    const { disabled, version, createdAt } = rest
    const stored = kind === 'federated' ? FEDERATED : kind
    this.#account = undefined
    this.#sql.exec('DELETE FROM account')
    this.#sql.exec(
      `INSERT INTO account (id, name, kind, username, roles, disabled, version, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, name, stored, username, JSON.stringify(roles), Number(disabled), version, createdAt],
    )
  }

  findSignIn(id: string): SignInRecord | undefined {
    return this.#found.get(id, () => readSignIns(this.#sql, 'WHERE id = ?', id)[0])
  }

  renewable(id: string): SignInRecord | undefined {
    const which = 'WHERE id = ? OR former_id = ? OR instr(former, ?) > 0'
    return readSignIns(this.#sql, which, id, id, `"id":${JSON.stringify(id)}`)[0]
  }

  signIns(): SignInRecord[] {
    return readSignIns(this.#sql, 'ORDER BY last_used_at DESC, id')
  }

  saveSignIn(session: SignInRecord): void {
    const { id, device, signedInAt, lastUsedAt, familyKey, previous, current, former } = session
    this.#found.forget(id)
    this.#sql.exec(
      `INSERT OR REPLACE INTO sessions (id, device, signed_in_at, last_used_at, family_key, previous,
       current, refresh_expires_at, former_id, former, authority)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, device, signedInAt, lastUsedAt, familyKey, previous, JSON.stringify(current)],
      ...[session.refreshExpiresAt, former.at(-1)?.id ?? null, JSON.stringify(former)],
      session.authority,
    )
  }

  removeSignIn(id: string): void {
    this.rooms.forget(id)
    this.#found.forget(id)
    this.#sql.exec('DELETE FROM sessions WHERE id = ?', id)
  }

  endFederated(id: string, until: number, now: number): void {
    this.#sql.exec('DELETE FROM ended_sessions WHERE until <= ?', Math.floor(now / 1000))
    this.#sql.exec('INSERT OR REPLACE INTO ended_sessions (id, until) VALUES (?, ?)', id, until)
  }

  isEndedFederated(id: string, now: number): boolean {
    const query = 'SELECT 1 FROM ended_sessions WHERE id = ? AND until > ?'
    return this.#sql.exec(query, id, Math.floor(now / 1000)).toArray().length > 0
  }

  #clearCaches(): void {
    this.#account = undefined
    for (const cache of [this.#found, this.rooms, this.memberRooms]) cache.clear()
  }
}

function readAccount(sql: SqlStorage): AccountRecord | undefined {
  const columns = 'id, name, kind, username, roles, disabled, version, created_at'
  const [row] = sql.exec<AccountRow>(`SELECT ${columns} FROM account`).toArray()
  if (!row) return undefined
  const { roles, disabled, created_at: createdAt, ...rest } = row
  const kind = rest.kind === FEDERATED ? 'federated' : rest.kind
  return { ...rest, kind, roles: JSON.parse(roles), disabled: disabled === 1, createdAt }
}
