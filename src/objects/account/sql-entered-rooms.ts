// The rooms where a sign-in may have sockets, in SQLite: one row for each pair of the two.

import type { EnteredRoom, EnteredRoomStore, SeenRoom } from '../../account/ports.ts'

const PAIR = 'session_id = ? AND room_id = ?'

/** The tables `entered_rooms` and, for rows of older versions, `rooms`. */
export class SqlEnteredRooms implements EnteredRoomStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  visits(sessionId: string, roomId: string): string[] | undefined {
    const query = `SELECT entries FROM entered_rooms WHERE ${PAIR}`
    const [row] = this.#sql.exec<{ entries: string }>(query, sessionId, roomId).toArray()
    return row && (JSON.parse(row.entries) as string[])
  }

  count(sessionId: string): number {
    const query = 'SELECT count(*) AS rooms FROM entered_rooms WHERE session_id = ?'
    return this.#sql.exec<{ rooms: number }>(query, sessionId).one().rooms
  }

  save(sessionId: string, roomId: string, { visits, seenAt, until }: EnteredRoom): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO entered_rooms (session_id, room_id, entries, seen_at, until)
       VALUES (?, ?, ?, ?, ?)`,
      ...[sessionId, roomId, JSON.stringify(visits), seenAt, until],
    )
  }

  saveVisits(sessionId: string, roomId: string, visits: readonly string[]): void {
    const update = `UPDATE entered_rooms SET entries = ? WHERE ${PAIR}`
    this.#sql.exec(update, JSON.stringify(visits), sessionId, roomId)
  }

  remove(sessionId: string, roomId: string): void {
    this.#sql.exec(`DELETE FROM entered_rooms WHERE ${PAIR}`, sessionId, roomId)
  }

  removeOver(seconds: number): void {
    this.#sql.exec('DELETE FROM entered_rooms WHERE until <= ?', seconds)
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
  }

  forget(sessionId: string | null): void {
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
}
