// The tables of a new account. A step of sql-account.ts adds to accounts that are stored, and the
// same goes in here: each column added by a step would cost a new account a row.

/**
 * The statements that make the newest version of the storage. A test holds them to what the steps
 * make, so whoever adds a step changes them too.
 */
export const NEWEST: readonly string[] = [
  `CREATE TABLE account (
    id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, username TEXT, roles TEXT NOT NULL,
    disabled INTEGER NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE sessions (
    id TEXT PRIMARY KEY, device TEXT NOT NULL,
    signed_in_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL,
    family_key TEXT NOT NULL, previous TEXT, current TEXT NOT NULL,
    refresh_expires_at INTEGER NOT NULL, former_id TEXT, authority TEXT,
    former TEXT NOT NULL DEFAULT '[]'
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE ended_sessions (
    id TEXT PRIMARY KEY, until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  'CREATE TABLE rooms (id TEXT PRIMARY KEY, entered_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  `CREATE TABLE revocations (
    number INTEGER PRIMARY KEY, room_id TEXT NOT NULL, revocation TEXT NOT NULL,
    attempts INTEGER NOT NULL, due INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  `CREATE TABLE entered_rooms (
    session_id TEXT NOT NULL, room_id TEXT NOT NULL, entries TEXT NOT NULL,
    seen_at INTEGER NOT NULL, until INTEGER, PRIMARY KEY (session_id, room_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE logins (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, provider TEXT NOT NULL,
    label TEXT NOT NULL, linked_at INTEGER, ending INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE member_rooms (
    room_id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL,
    joined_at INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0, choices TEXT
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE used_tickets (
    expires_at INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (expires_at, id)
  ) STRICT, WITHOUT ROWID`,
]
