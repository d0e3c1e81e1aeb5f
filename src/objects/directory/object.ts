// The list of rooms: one object, off the message path. What a room is, the room itself knows. How
// many rooms somebody has is counted here, and a place is taken before the room is made (R5).

import { DurableObject } from 'cloudflare:workers'
import type { DirectoryCalls, ListedRoom, Reservation } from '../../contract.ts'
import { type RoomKind, visibilityOf } from '../../room-settings.ts'
import { type Migrations, migrate } from '../shared/migrate.ts'

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
    // Null in rows of versions before: then `visibility` says it.
    sql.exec('ALTER TABLE rooms ADD COLUMN kind TEXT')
  },
]

/** Milliseconds, far beyond the life of a request: by then nobody is making that room any more. */
const ABANDONED = 300_000
/** Abandoned places that are told at once: each is a room for the caller to delete. */
const MAX_ABANDONED = 10

type Row = {
  number: number
  id: string
  name: string
  kind: RoomKind | null
  visibility: 'public' | 'private'
  owner_id: string
  owner_name: string
  created_at: number
}

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
    const { id, name, owner } = room
    this.#insert(room, null)
    const update = 'UPDATE rooms SET reserved_at = NULL WHERE id = ? AND reserved_at IS NOT NULL'
    this.#sql.exec(update, id)
    this.#sql.exec(
      `UPDATE rooms SET name = ?2, owner_id = ?3, owner_name = ?4
       WHERE id = ?1 AND (name <> ?2 OR owner_id <> ?3)`,
      ...[id, name, owner.id, owner.name],
    )
  }

  async remove(id: string): Promise<void> {
    this.#sql.exec('DELETE FROM rooms WHERE id = ?', id)
  }

  /**
   * The newest rooms first: the public ones, and the private ones of this person.
   *
   * @param before the `next` of the page before; undefined for the first.
   */
  async list(
    personId: string,
    before = Number.MAX_SAFE_INTEGER,
    limit: number,
  ): Promise<{ rooms: ListedRoom[]; next: number | null }> {
    const wanted = limit + 1
    const listed = this.#select("visibility = 'public'", before, wanted)
    const own = this.#select("owner_id = ? AND visibility = 'private'", personId, before, wanted)
    const rows = [...listed, ...own].sort((one, other) => other.number - one.number)
    const page = rows.slice(0, limit)
    return {
      rooms: page.map(roomOf),
      next: rows.length > limit ? (page.at(-1)?.number ?? null) : null,
    }
  }

  #select(which: string, ...bindings: (string | number)[]): Row[] {
    return this.#sql
      .exec<Row>(
        `SELECT number, id, name, kind, visibility, owner_id, owner_name, created_at FROM rooms
         WHERE ${which} AND reserved_at IS NULL AND number < ? ORDER BY number DESC LIMIT ?`,
        ...bindings,
      )
      .toArray()
  }

  #insert({ id, name, kind, owner, createdAt }: ListedRoom, reservedAt: number | null) {
    this.#sql.exec(
      `INSERT OR IGNORE INTO rooms
       (id, name, kind, visibility, owner_id, owner_name, created_at, reserved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, name, kind, visibilityOf(kind), owner.id, owner.name, createdAt, reservedAt],
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
  const kind = row.kind ?? (visibility === 'public' ? 'public' : 'unlisted')
  const owner = { id: row.owner_id, name: row.owner_name }
  return { id, name, kind, owner, createdAt: row.created_at }
}
