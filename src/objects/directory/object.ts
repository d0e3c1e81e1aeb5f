// The list of rooms: one object, off the message path. What a room is, the room itself knows. How
// many rooms somebody has is counted here, and a place is taken before the room is made (R5).

import { DurableObject } from 'cloudflare:workers'
import type {
  DirectoryCalls,
  ListedRoom,
  ListedRooms,
  Reservation,
  RoomsQuery,
} from '../../contract.ts'
import { nameKey } from '../../name-key.ts'
import { type RoomKind, visibilityOf } from '../../room-settings.ts'
import { type Migrations, migrate } from '../shared/migrate.ts'

/** The steps to the newest version of the list of rooms. A deployed step never changes. */
export const MIGRATIONS: Migrations = [
  (sql) => {
    sql.exec(`CREATE TABLE rooms (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
      visibility TEXT NOT NULL, owner_id TEXT NOT NULL, owner_name TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`)
  },
  (sql) => {
    // When a place was taken for a room that is not made yet; null once it is. Milliseconds since
    // 1970.
    sql.exec('ALTER TABLE rooms ADD COLUMN reserved_at INTEGER')
    // A list reads what it shows, in order, and not the rooms of others.
    sql.exec(`CREATE INDEX listed ON rooms (number)
      WHERE visibility = 'public' AND reserved_at IS NULL`)
    sql.exec('CREATE INDEX owned ON rooms (owner_id, visibility)')
  },
  (sql) => {
    // Null in rows of older versions: then `visibility` says it.
    sql.exec('ALTER TABLE rooms ADD COLUMN kind TEXT')
  },
  (sql) => {
    for (const column of ['description TEXT', 'archived_at INTEGER']) {
      sql.exec(`ALTER TABLE rooms ADD COLUMN ${column}`)
    }
  },
]

/** Milliseconds, far beyond the life of a request: by then nobody is making that room any more. */
const ABANDONED = 300_000
/** Abandoned places that are told at once: each is a room for the caller to delete. */
const MAX_ABANDONED = 10
/**
 * Rooms that one page looks at (R5): reading is cheap, and an index of names costs a row a room.
 */
const SCANNED = 10_000
/** Not those that exist for their members alone: nobody sees their entries. */
const SEEN = "(kind IS NULL OR kind NOT IN ('private', 'direct'))"

type Row = {
  number: number
  id: string
  name: string
  kind: RoomKind | null
  visibility: 'public' | 'private'
  description: string | null
  owner_id: string
  owner_name: string
  created_at: number
  archived_at: number | null
}

/** The one directory of a deployment. */
export class DirectoryObject extends DurableObject<unknown> implements DirectoryCalls {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env)
    migrate(ctx.storage, MIGRATIONS)
    this.#sql = ctx.storage.sql
  }

  /**
   * Takes a place for a room that is about to be made: it is not listed before `add`.
   *
   * @param most rooms that its owner may have; undefined: any number. Where there are as many,
   * nothing is written, and places whose rooms were never finished are told: they are free after
   * `remove`.
   */
  async reserve(room: ListedRoom, most: number | undefined): Promise<Reservation> {
    const { id } = room.owner
    if (most !== undefined && this.#count(id, most) >= most) {
      return { refused: 'too-many-rooms', abandoned: this.#abandoned(id) }
    }
    this.#insert(room, Date.now())
    return { value: null }
  }

  /** Lists a room, which exists now, as it is now. Writes nothing where that is known. */
  async add(room: ListedRoom): Promise<void> {
    const { id, name, owner, archivedAt = null } = room
    const description = room.description || null
    this.#insert(room, null)
    // An index costs a row wherever its columns are set, so each statement sets what has changed.
    const listed = 'UPDATE rooms SET reserved_at = NULL WHERE id = ? AND reserved_at IS NOT NULL'
    this.#sql.exec(listed, id)
    this.#sql.exec(
      `UPDATE rooms SET name = ?2, description = ?3, archived_at = ?4
       WHERE id = ?1 AND (name, description, archived_at) IS NOT (?2, ?3, ?4)`,
      ...[id, name, description, archivedAt],
    )
    this.#sql.exec(
      `UPDATE rooms SET owner_id = ?2, owner_name = ?3
       WHERE id = ?1 AND (owner_id, owner_name) <> (?2, ?3)`,
      ...[id, owner.id, owner.name],
    )
  }

  /** @param ownerId removes nothing of anybody else's; undefined: whoever's it is. */
  async remove(id: string, ownerId?: string): Promise<void> {
    const query = 'DELETE FROM rooms WHERE id = ?1 AND (?2 IS NULL OR owner_id = ?2)'
    this.#sql.exec(query, id, ownerId ?? null)
  }

  /**
   * The object of the room says that there is none: removes an entry that somebody could see. The
   * id of a direct room is known before it is made, so it may have been made since.
   */
  async forget(id: string): Promise<void> {
    this.#sql.exec(`DELETE FROM rooms WHERE id = ? AND ${SEEN}`, id)
  }

  /**
   * The newest rooms first: the listed ones that are not archived, and the unlisted ones of this
   * person. Looks at so many rooms and no more (R5), so a page may be short and have a next.
   */
  async list(personId: string, query: RoomsQuery): Promise<ListedRooms> {
    const { limit, q = '', before = Number.MAX_SAFE_INTEGER } = query
    const prefix = nameKey(q)
    const matches = ({ name }: Row) => prefix === '' || nameKey(name).startsWith(prefix)
    const scans = [
      this.#scan(
        "visibility = 'public'",
        [before],
        (row) => row.archived_at === null && matches(row),
        limit + 1,
      ),
      this.#scan(
        `owner_id = ? AND visibility = 'private' AND ${SEEN}`,
        [personId, before],
        matches,
        limit + 1,
      ),
    ]
    // Below, one of the two has not looked.
    const floor = Math.max(...scans.map(({ end }) => end))
    const found = scans
      .flatMap(({ rows }) => rows)
      .filter(({ number }) => number >= floor)
      .sort((one, other) => other.number - one.number)
    const page = found.slice(0, limit)
    const end = found.length > limit ? page.at(-1)?.number : floor
    return { rooms: page.map(roomOf), next: end || null }
  }

  /** The first rows that fit. `end`: the last number looked at, 0 if there are no more. */
  #scan(
    which: string,
    bindings: (string | number)[],
    fits: (row: Row) => boolean,
    wanted: number,
  ): { readonly rows: Row[]; readonly end: number } {
    const rows: Row[] = []
    let looked = 0
    const all = this.#sql.exec<Row>(
      `SELECT number, id, name, kind, visibility, description, owner_id, owner_name, created_at,
         archived_at FROM rooms
       WHERE ${which} AND reserved_at IS NULL AND number < ? ORDER BY number DESC`,
      ...bindings,
    )
    for (const row of all) {
      if (fits(row)) rows.push(row)
      if (++looked >= SCANNED || rows.length >= wanted) return { rows, end: row.number }
    }
    return { rows, end: 0 }
  }

  #insert(room: ListedRoom, reservedAt: number | null) {
    const { id, name, kind, description, owner, createdAt, archivedAt = null } = room
    this.#sql.exec(
      `INSERT OR IGNORE INTO rooms (id, name, kind, visibility, description, owner_id, owner_name,
       created_at, archived_at, reserved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, name, kind, visibilityOf(kind), description || null, owner.id, owner.name],
      ...[createdAt, archivedAt, reservedAt],
    )
  }

  /** How many rooms somebody has; no more than `most` are counted. */
  #count(ownerId: string, most: number): number {
    const query = 'SELECT count(*) AS n FROM (SELECT 1 FROM rooms WHERE owner_id = ? LIMIT ?)'
    return this.#sql.exec<{ n: number }>(query, ownerId, most).one().n
  }

  #abandoned(ownerId: string): string[] {
    const query = 'SELECT id FROM rooms WHERE owner_id = ? AND reserved_at <= ? LIMIT ?'
    return this.#sql
      .exec<{ id: string }>(query, ownerId, Date.now() - ABANDONED, MAX_ABANDONED)
      .toArray()
      .map(({ id }) => id)
  }
}

function roomOf({ id, name, visibility, ...row }: Row): ListedRoom {
  return {
    id,
    name,
    kind: row.kind ?? (visibility === 'public' ? 'public' : 'unlisted'),
    description: row.description ?? '',
    owner: { id: row.owner_id, name: row.owner_name },
    createdAt: row.created_at,
    ...(row.archived_at !== null && { archivedAt: row.archived_at }),
  }
}
