// The rooms where a sign-in may have sockets, in SQLite: one row for each pair of the two. What was
// read or written is remembered, so an entry reads each of it once.

import type { EnteredRoom, EnteredRoomStore, SeenRoom } from '../../account/ports.ts'
import { Remembered } from '../shared/remembered.ts'

const PAIR = 'session_id = ? AND room_id = ?'

/** Pairs that are remembered: a few sign-ins come and go in a few rooms. */
const REMEMBERED = 100

const nameOf = (sessionId: string, roomId: string) => `${sessionId} ${roomId}`

/** The tables `entered_rooms` and, for rows of older versions, `rooms`. */
export class SqlEnteredRooms implements EnteredRoomStore {
  readonly #sql: SqlStorage
  /** Caches: visits by pair, and how many rooms each sign-in has. */
  readonly #visits = new Remembered<readonly string[] | undefined>(REMEMBERED)
  readonly #counts = new Remembered<number>(REMEMBERED)

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  visits(sessionId: string, roomId: string): readonly string[] | undefined {
    return this.#visits.get(nameOf(sessionId, roomId), () => {
      const query = `SELECT entries FROM entered_rooms WHERE ${PAIR}`
      const [row] = this.#sql.exec<{ entries: string }>(query, sessionId, roomId).toArray()
      return row && (JSON.parse(row.entries) as string[])
    })
  }

  count(sessionId: string): number {
    return this.#counts.get(sessionId, () => {
      const query = 'SELECT count(*) AS rooms FROM entered_rooms WHERE session_id = ?'
      return this.#sql.exec<{ rooms: number }>(query, sessionId).one().rooms
    })
  }

  save(sessionId: string, roomId: string, { visits, seenAt, until }: EnteredRoom): void {
    const isNew = this.visits(sessionId, roomId) === undefined
    this.#sql.exec(
      `INSERT OR REPLACE INTO entered_rooms (session_id, room_id, entries, seen_at, until)
       VALUES (?, ?, ?, ?, ?)`,
      ...[sessionId, roomId, JSON.stringify(visits), seenAt, until],
    )
    this.#visits.set(nameOf(sessionId, roomId), visits)
    if (isNew) this.#counts.update(sessionId, (rooms) => rooms + 1)
  }

  saveVisits(sessionId: string, roomId: string, visits: readonly string[]): void {
    const update = `UPDATE entered_rooms SET entries = ? WHERE ${PAIR}`
    this.#sql.exec(update, JSON.stringify(visits), sessionId, roomId)
    this.#visits.update(nameOf(sessionId, roomId), (known) => known && visits)
  }

  remove(sessionId: string, roomId: string): void {
    if (this.visits(sessionId, roomId) === undefined) return
    this.#sql.exec(`DELETE FROM entered_rooms WHERE ${PAIR}`, sessionId, roomId)
    this.#visits.set(nameOf(sessionId, roomId), undefined)
    this.#counts.update(sessionId, (rooms) => rooms - 1)
  }

  removeOver(seconds: number): void {
    const query = 'DELETE FROM entered_rooms WHERE until <= ?'
    if (this.#sql.exec(query, seconds).rowsWritten > 0) this.clear()
  }

  someSeenBefore(sessionId: string, time: number, limit: number): SeenRoom[] {
    return this.#sql
      .exec<{ room_id: string; seen_at: number }>(
        `SELECT room_id, seen_at FROM entered_rooms WHERE session_id = ? AND seen_at <= ?
         ORDER BY random() LIMIT ?`,
        ...[sessionId, time, limit],
      )
      .toArray()
      .map(({ room_id, seen_at }) => ({ roomId: room_id, seenAt: seen_at }))
  }

  removeSeen(sessionId: string, { roomId, seenAt }: SeenRoom): void {
    const remove = `DELETE FROM entered_rooms WHERE ${PAIR} AND seen_at = ?`
    this.#sql.exec(remove, sessionId, roomId, seenAt)
    this.#visits.forget(nameOf(sessionId, roomId))
    this.#counts.forget(sessionId)
  }

  forget(sessionId: string | null): void {
    this.clear()
    if (sessionId !== null) {
      this.#sql.exec('DELETE FROM entered_rooms WHERE session_id = ?', sessionId)
      return
    }
    this.#sql.exec('DELETE FROM entered_rooms')
    this.#sql.exec('DELETE FROM rooms')
  }

  forgetOld(roomId: string, time: number): void {
    this.#sql.exec('DELETE FROM rooms WHERE id = ? AND entered_at <= ?', roomId, time)
  }

  /** What is remembered may be wrong: a write has failed. */
  clear(): void {
    this.#visits.clear()
    this.#counts.clear()
  }
}
