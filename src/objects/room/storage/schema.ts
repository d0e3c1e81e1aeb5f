// The tables of a new room. A step of migrations.ts adds to rooms that are stored, and the same
// goes in here: each column added by a step would cost a new room a row.

/**
 * The statements that make the newest version of the storage. A test holds them to what the steps
 * make, so whoever adds a step changes them too.
 */
export const NEWEST: readonly string[] = [
  `CREATE TABLE room (
    id TEXT NOT NULL, name TEXT NOT NULL, visibility TEXT NOT NULL,
    owner_id TEXT NOT NULL, owner_name TEXT NOT NULL, created_at INTEGER NOT NULL,
    key_seed INTEGER NOT NULL DEFAULT 0, meter TEXT, emptying TEXT,
    head INTEGER NOT NULL DEFAULT 0, entry TEXT, pins TEXT, kind TEXT, description TEXT,
    archived_at INTEGER, settings TEXT, untold INTEGER, hook_secret TEXT, clearing TEXT,
    counted_from INTEGER NOT NULL DEFAULT 0, head_n INTEGER NOT NULL DEFAULT 0, own_lists TEXT,
    watchers TEXT
  ) STRICT`,
  `CREATE TABLE events (
    seq INTEGER PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL,
    sender_id TEXT NOT NULL, sender_name TEXT NOT NULL,
    content TEXT NOT NULL, reply_to INTEGER, idempotency_key TEXT,
    target INTEGER, edited INTEGER, reacted INTEGER, reactions TEXT, deleted INTEGER,
    reaction_on INTEGER, key_digest BLOB, meter TEXT, key_short_slice BLOB, key_long_slice BLOB,
    key_whole BLOB, sender_marks INTEGER, key_asked INTEGER, mentions TEXT,
    n INTEGER, mention_before INTEGER
  ) STRICT`,
  `CREATE TABLE used_tickets (
    expires_at INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (expires_at, id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE queue_messages (
    queue TEXT NOT NULL, id INTEGER NOT NULL, deliveries INTEGER NOT NULL,
    bytes INTEGER NOT NULL, headers TEXT NOT NULL, body ANY NOT NULL, sender_id TEXT,
    PRIMARY KEY (queue, id)
  ) STRICT, WITHOUT ROWID`,
  'CREATE TABLE queues (name TEXT PRIMARY KEY, dropped INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  `CREATE TABLE transaction_frames (
    session TEXT NOT NULL, txn INTEGER NOT NULL, number INTEGER NOT NULL,
    command TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (session, txn, number)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE standings (
    person_id TEXT PRIMARY KEY, standing TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
    name_key TEXT NOT NULL DEFAULT '', guest INTEGER NOT NULL DEFAULT 0, joined_seq INTEGER,
    joined_at INTEGER, muted_until INTEGER, banned_until INTEGER, ban TEXT, blocked_at INTEGER,
    read_seq INTEGER, read_n INTEGER, read_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE revocations (
    person_id TEXT NOT NULL, session_id TEXT NOT NULL, below INTEGER NOT NULL,
    code TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (person_id, session_id, below)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE looks (
    look TEXT NOT NULL, person_id TEXT NOT NULL, PRIMARY KEY (look, person_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE reports (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, seq INTEGER NOT NULL, by_id TEXT, by_name TEXT,
    reason TEXT NOT NULL, state TEXT NOT NULL, settled_at INTEGER, settled_by_id TEXT,
    settled_by_name TEXT
  ) STRICT`,
  `CREATE TABLE invitations (
    digest TEXT PRIMARY KEY, id TEXT NOT NULL, role TEXT NOT NULL, by_id TEXT NOT NULL,
    by_name TEXT NOT NULL, of_member INTEGER NOT NULL, created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, uses INTEGER NOT NULL, used INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE moderation (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, by_id TEXT,
    by_name TEXT, user_id TEXT, user_name TEXT, reason TEXT, until INTEGER, seq INTEGER NOT NULL,
    detail TEXT
  ) STRICT`,
]
