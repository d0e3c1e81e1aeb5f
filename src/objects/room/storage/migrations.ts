// The versions of the storage of a room.

import type { Migrations } from '../../shared/migrate.ts'

/** The steps to the newest version of the storage of a room. A deployed step never changes. */
export const MIGRATIONS: Migrations = [
  (sql) => {
    sql.exec(`CREATE TABLE room (
      id TEXT NOT NULL, name TEXT NOT NULL, visibility TEXT NOT NULL,
      owner_id TEXT NOT NULL, owner_name TEXT NOT NULL, created_at INTEGER NOT NULL
    ) STRICT`)
    // C1: one row written an event: the key is the rowid, and there is no other index.
    sql.exec(`CREATE TABLE events (
      seq INTEGER PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL,
      sender_id TEXT NOT NULL, sender_name TEXT NOT NULL,
      content TEXT NOT NULL, reply_to INTEGER, idempotency_key TEXT
    ) STRICT`)
    // The expiry comes first: tickets that ended are one range.
    sql.exec(`CREATE TABLE used_tickets (
      expires_at INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (expires_at, id)
    ) STRICT, WITHOUT ROWID`)
  },
  (sql) => {
    // The queue comes first in the key: a queue is one range, without an index beside it.
    sql.exec(`CREATE TABLE queue_messages (
      queue TEXT NOT NULL, id INTEGER NOT NULL, deliveries INTEGER NOT NULL,
      bytes INTEGER NOT NULL, headers TEXT NOT NULL, body ANY NOT NULL,
      PRIMARY KEY (queue, id)
    ) STRICT, WITHOUT ROWID`)
    sql.exec(`CREATE TABLE queues (
      name TEXT PRIMARY KEY, dropped INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`)
    sql.exec(`CREATE TABLE transaction_frames (
      session TEXT NOT NULL, txn INTEGER NOT NULL, number INTEGER NOT NULL,
      command TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
      PRIMARY KEY (session, txn, number)
    ) STRICT, WITHOUT ROWID`)
  },
  (sql) => {
    sql.exec(`CREATE TABLE standings (
      person_id TEXT PRIMARY KEY, standing TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`)
    sql.exec(`CREATE TABLE revocations (
      person_id TEXT NOT NULL, session_id TEXT NOT NULL, below INTEGER NOT NULL,
      code TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (person_id, session_id, below)
    ) STRICT, WITHOUT ROWID`)
  },
  (sql) => {
    // What a change is about, the edit before an edit (on a message: the newest), what else a
    // message tells of itself, and whether a reaction was given. The reaction itself is the
    // content.
    for (const column of [
      'target INTEGER',
      'edited INTEGER',
      'reacted INTEGER',
      'reactions TEXT',
      'deleted INTEGER',
      'reaction_on INTEGER',
    ]) {
      sql.exec(`ALTER TABLE events ADD COLUMN ${column}`)
    }
  },
  (sql) => {
    // Every 256th event carries the fingerprints of the idempotency-keys of its block.
    sql.exec('ALTER TABLE events ADD COLUMN key_digest BLOB')
    sql.exec('ALTER TABLE room ADD COLUMN key_seed INTEGER NOT NULL DEFAULT 0')
    sql.exec('UPDATE room SET key_seed = ?', newSeed())
  },
  (sql) => {
    // What the meter had counted when the row was written, where it carries that.
    for (const table of ['events', 'room']) sql.exec(`ALTER TABLE ${table} ADD COLUMN meter TEXT`)
  },
  (sql) => {
    // The same events carry slices of the fingerprints of the last full spans of 4,096 and 65,536
    // events, and every 4,096th has those of its span.
    for (const column of ['key_short_slice', 'key_long_slice', 'key_whole']) {
      sql.exec(`ALTER TABLE events ADD COLUMN ${column} BLOB`)
    }
  },
  (sql) => {
    // Whose a message of a work queue is; null in rows of older versions.
    sql.exec('ALTER TABLE queue_messages ADD COLUMN sender_id TEXT')
    // Deleted messages of which edits still have a text, each with the newest such edit, as JSON.
    // In the row of the room, since that is read anyway when a room wakes.
    sql.exec('ALTER TABLE room ADD COLUMN emptying TEXT')
    // The head of the log when events were removed last: it never goes back.
    sql.exec('ALTER TABLE room ADD COLUMN head INTEGER NOT NULL DEFAULT 0')
  },
  (sql) => {
    // What else was known of a sender when the event was said, such as that it was a guest.
    sql.exec('ALTER TABLE events ADD COLUMN sender_marks INTEGER')
    // Who may come in: null for anyone.
    sql.exec('ALTER TABLE room ADD COLUMN entry TEXT')
    // What the names of the owner and of moderators look like: a row for each of them who was here.
    sql.exec(`CREATE TABLE looks (
      look TEXT NOT NULL, person_id TEXT NOT NULL, PRIMARY KEY (look, person_id)
    ) STRICT, WITHOUT ROWID`)
  },
  (sql) => {
    // A fingerprint of what was asked for under an idempotency-key; null in rows of older versions.
    sql.exec('ALTER TABLE events ADD COLUMN key_asked INTEGER')
  },
  (sql) => {
    // The pinned messages, each with the seq of the event that pinned it, as JSON.
    sql.exec('ALTER TABLE room ADD COLUMN pins TEXT')
  },
  (sql) => {
    // The kind, null where `visibility` says it; the settings, as JSON; and when it was archived.
    for (const column of [
      'kind TEXT',
      'description TEXT',
      'archived_at INTEGER',
      'settings TEXT',
    ]) {
      sql.exec(`ALTER TABLE room ADD COLUMN ${column}`)
    }
  },
  (sql) => {
    // The table holds the members, each with the name by which they are found. Without `joined_at`:
    // no member, only a role was set.
    for (const column of [
      "name TEXT NOT NULL DEFAULT ''",
      "name_key TEXT NOT NULL DEFAULT ''",
      'guest INTEGER NOT NULL DEFAULT 0',
      'joined_seq INTEGER',
      'joined_at INTEGER',
      'muted_until INTEGER',
      'banned_until INTEGER',
    ]) {
      sql.exec(`ALTER TABLE standings ADD COLUMN ${column}`)
    }
    sql.exec(`INSERT INTO standings
      (person_id, standing, name, name_key, joined_seq, joined_at)
      SELECT owner_id, 'owner', owner_name, lower(owner_name), 0, created_at FROM room WHERE true
      ON CONFLICT (person_id) DO UPDATE SET standing = 'owner', joined_seq = 0,
      joined_at = excluded.joined_at, name = excluded.name, name_key = excluded.name_key`)
  },
  (sql) => {
    // Not null: the directory has not heard of the last change.
    sql.exec('ALTER TABLE room ADD COLUMN untold INTEGER')
  },
  (sql) => {
    // Messages that were reported. Without `by_id`: by a rule of the room.
    sql.exec(`CREATE TABLE reports (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL, seq INTEGER NOT NULL, by_id TEXT, by_name TEXT,
      reason TEXT NOT NULL, state TEXT NOT NULL, settled_at INTEGER, settled_by_id TEXT,
      settled_by_name TEXT
    ) STRICT`)
  },
  (sql) => {
    // By the digest of the secret: the secret itself is not stored.
    sql.exec(`CREATE TABLE invitations (
      digest TEXT PRIMARY KEY, id TEXT NOT NULL, role TEXT NOT NULL, by_id TEXT NOT NULL,
      by_name TEXT NOT NULL, of_member INTEGER NOT NULL, created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL, uses INTEGER NOT NULL, used INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`)
  },
  (sql) => {
    // The moderation log. Without `by_id`: a rule of the room did it.
    sql.exec(`CREATE TABLE moderation (
      number INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, by_id TEXT,
      by_name TEXT, user_id TEXT, user_name TEXT, reason TEXT, until INTEGER, seq INTEGER NOT NULL,
      detail TEXT
    ) STRICT`)
    // Of the banned: when, by whom and why, as JSON.
    sql.exec('ALTER TABLE standings ADD COLUMN ban TEXT')
  },
  (sql) => {
    // The secret that signs what the hook is asked.
    sql.exec('ALTER TABLE room ADD COLUMN hook_secret TEXT')
  },
  (sql) => {
    // Messages that moderators are clearing, as JSON.
    sql.exec('ALTER TABLE room ADD COLUMN clearing TEXT')
  },
  (sql) => {
    // Since when somebody blocks the other of a direct room; null: they do not.
    sql.exec('ALTER TABLE standings ADD COLUMN blocked_at INTEGER')
  },
  (sql) => {
    // Whom a message or an edit mentions, as JSON; null: nobody.
    sql.exec('ALTER TABLE events ADD COLUMN mentions TEXT')
  },
  (sql) => {
    // How many messages there are up to an event, and the newest event before it that brought a
    // mention. Null in rows of versions before: each event up to `counted_from` counts as one.
    sql.exec('ALTER TABLE events ADD COLUMN n INTEGER')
    sql.exec('ALTER TABLE events ADD COLUMN mention_before INTEGER')
    sql.exec('ALTER TABLE room ADD COLUMN counted_from INTEGER NOT NULL DEFAULT 0')
    // How many messages there were at `head`.
    sql.exec('ALTER TABLE room ADD COLUMN head_n INTEGER NOT NULL DEFAULT 0')
    sql.exec(`UPDATE room SET head_n = head,
      counted_from = max(head, (SELECT coalesce(max(seq), 0) FROM events))`)
    // How far a member has read: the seq, the messages up to it, and when it was written. Null: as
    // of joining.
    for (const column of ['read_seq INTEGER', 'read_n INTEGER', 'read_at INTEGER']) {
      sql.exec(`ALTER TABLE standings ADD COLUMN ${column}`)
    }
  },
  (sql) => {
    // What own lists do with a direct room, by person, as JSON; null: they list it.
    sql.exec('ALTER TABLE room ADD COLUMN own_lists TEXT')
  },
  (sql) => {
    // The people whose lists of rooms show what is new here, as JSON; null: nobody's.
    sql.exec('ALTER TABLE room ADD COLUMN watchers TEXT')
  },
]

/** A new secret of fingerprints of idempotency-keys: see KeyedLog. */
export function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
