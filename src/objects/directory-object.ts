// The list of rooms: one object, off the message path. What a room is, the room itself knows.

import { DurableObject } from 'cloudflare:workers'
import { type Migrations, migrate } from './migrate.ts'
import type { RoomSettings } from './room-storage.ts'

const MIGRATIONS: Migrations = [
  (sql) => {
    sql.exec(`CREATE TABLE rooms (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
      visibility TEXT NOT NULL, owner_id TEXT NOT NULL, owner_name TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`)
  },
]

type Row = {
  number: number
  id: string
  name: string
  visibility: 'public' | 'private'
  owner_id: string
  owner_name: string
  created_at: number
}

export class DirectoryObject extends DurableObject<unknown> {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env)
    migrate(ctx.storage, MIGRATIONS)
    this.#sql = ctx.storage.sql
  }

  async add({ id, name, visibility, owner, createdAt }: RoomSettings): Promise<void> {
    this.#sql.exec(
      `INSERT OR IGNORE INTO rooms (id, name, visibility, owner_id, owner_name, created_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      id,
      name,
      visibility,
      owner.id,
      owner.name,
      createdAt,
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
    before: number | undefined,
    limit: number,
  ): Promise<{ rooms: RoomSettings[]; next: number | null }> {
    const rows = this.#sql
      .exec<Row>(
        `SELECT number, id, name, visibility, owner_id, owner_name, created_at FROM rooms
         WHERE number < ? AND (visibility = 'public' OR owner_id = ?)
         ORDER BY number DESC LIMIT ?`,
        before ?? Number.MAX_SAFE_INTEGER,
        personId,
        limit + 1,
      )
      .toArray()
    const page = rows.slice(0, limit)
    return {
      rooms: page.map(settingsOf),
      next: rows.length > limit ? (page.at(-1)?.number ?? null) : null,
    }
  }
}

function settingsOf({ id, name, visibility, ...row }: Row): RoomSettings {
  const owner = { id: row.owner_id, name: row.owner_name }
  return { id, name, visibility, owner, createdAt: row.created_at }
}
