// The rooms of which a person is a member, in SQLite: one row each, and no index, which would cost
// another. What was read or written is remembered, so an entry reads its row once.

import type { MemberRoomStore } from '../../account/ports.ts'
import type { MemberRoom, MemberRoomPlace, RoomChoices } from '../../account/views.ts'
import { Remembered } from '../shared/remembered.ts'

/** A step of the migrations of an account. */
export function createMemberRooms(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE member_rooms (
    room_id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL,
    joined_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`)
}

/** A step of the migrations of an account: whether the member has hidden the room. */
export function addHidden(sql: SqlStorage): void {
  sql.exec('ALTER TABLE member_rooms ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0')
}

/** A step of the migrations of an account: what the member has chosen for the room, in JSON. */
export function addChoices(sql: SqlStorage): void {
  sql.exec('ALTER TABLE member_rooms ADD COLUMN choices TEXT')
}

type Row = {
  id: string
  name: string
  kind: string
  role: string
  joinedAt: number
  hidden: number
  choices: string | null
}

const COLUMNS = 'room_id AS id, name, kind, role, joined_at AS joinedAt, hidden, choices'

/** Rooms that are remembered, those of which the person is no member among them. */
const REMEMBERED = 100

/** The table `member_rooms`. A page sorts all rows: they are bounded, and asked for rarely. */
export class SqlMemberRooms implements MemberRoomStore {
  readonly #sql: SqlStorage
  readonly #known = new Remembered<MemberRoom | undefined>(REMEMBERED)
  /** A cache of how many rows there are. */
  #size: number | undefined
  /** The same of those with a draft. */
  #drafts: number | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  get(roomId: string): MemberRoom | undefined {
    return this.#known.get(roomId, () => {
      const query = `SELECT ${COLUMNS} FROM member_rooms WHERE room_id = ?`
      const [row] = this.#sql.exec<Row>(query, roomId).toArray()
      return row && roomOf(row)
    })
  }

  put(room: MemberRoom): void {
    const { id, name, kind, role, joinedAt, hidden } = room
    const before = this.get(id)
    const isNew = before === undefined
    // Other columns stay as they are.
    this.#sql.exec(
      `INSERT INTO member_rooms (room_id, name, kind, role, joined_at, hidden)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (room_id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
       role = excluded.role, joined_at = excluded.joined_at, hidden = excluded.hidden`,
      ...[id, name, kind, role, joinedAt, hidden ? 1 : 0],
    )
    const { choices } = before ?? {}
    this.#known.set(id, { ...room, ...(choices && { choices }) })
    if (isNew && this.#size !== undefined) this.#size++
  }

  remove(roomId: string): void {
    this.#sql.exec('DELETE FROM member_rooms WHERE room_id = ?', roomId)
    this.#known.set(roomId, undefined)
    this.#size = undefined
    this.#drafts = undefined
  }

  choose(roomId: string, choices: RoomChoices): void {
    const text = Object.keys(choices).length > 0 ? JSON.stringify(choices) : null
    const query = `UPDATE member_rooms SET choices = ? WHERE room_id = ? RETURNING ${COLUMNS}`
    const [row] = this.#sql.exec<Row>(query, text, roomId).toArray()
    this.#known.set(roomId, row && roomOf(row))
    this.#drafts = undefined
  }

  drafts(): number {
    this.#drafts ??= this.#sql
      .exec<{ drafts: number }>(
        "SELECT count(*) AS drafts FROM member_rooms WHERE choices ->> '$.draft' IS NOT NULL",
      )
      .one().drafts
    return this.#drafts
  }

  count(): number {
    this.#size ??= this.#sql
      .exec<{ rooms: number }>('SELECT count(*) AS rooms FROM member_rooms')
      .one().rooms
    return this.#size
  }

  countShown(): number {
    const query = 'SELECT count(*) AS rooms FROM member_rooms WHERE hidden = 0'
    return this.#sql.exec<{ rooms: number }>(query).one().rooms
  }

  page(after: MemberRoomPlace | undefined, limit: number): MemberRoom[] {
    const { joinedAt, id } = after ?? { joinedAt: Number.MAX_SAFE_INTEGER, id: '' }
    return this.#sql
      .exec<Row>(
        `SELECT ${COLUMNS} FROM member_rooms WHERE hidden = 0 AND (-joined_at, room_id) > (?, ?)
         ORDER BY -joined_at, room_id LIMIT ?`,
        ...[-joinedAt, id, limit],
      )
      .toArray()
      .map(roomOf)
  }

  /** What is remembered may be wrong: a write has failed. */
  clear(): void {
    this.#known.clear()
    this.#size = undefined
    this.#drafts = undefined
  }
}

const roomOf = ({ hidden, choices, ...room }: Row): MemberRoom => ({
  ...room,
  ...(hidden === 1 && { hidden: true }),
  ...(choices !== null && { choices: JSON.parse(choices) as RoomChoices }),
})
