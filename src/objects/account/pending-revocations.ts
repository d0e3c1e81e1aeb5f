// The revocations that rooms have yet to hear of, in the SQLite of a person's account: one row a room.
// Each has its own time to be told: one deaf room does not hold up the others.

import type { Revocation } from '../../auth/session.ts'

/** A revocation that a room has yet to hear of. */
export interface PendingRevocation {
  readonly number: number
  readonly roomId: string
  readonly revocation: Revocation
  /** How often it failed to hear. */
  readonly attempts: number
}

export class PendingRevocations {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Keeps a revocation for each room where a socket may be that it concerns, until that room has heard of it. */
  add(revocation: Revocation, due: number): void {
    const { sessionId } = revocation
    this.#sql.exec(
      `INSERT INTO revocations (room_id, revocation, attempts, due) SELECT room_id, ?, 0, ? FROM (
         SELECT room_id FROM entered_rooms WHERE ? IS NULL OR session_id = ?
         UNION SELECT id FROM rooms)`,
      JSON.stringify(revocation),
      due,
      sessionId,
      sessionId,
    )
  }

  /** So many at most that are due, the longest due first. */
  list(now: number, limit: number): PendingRevocation[] {
    return this.#sql
      .exec<{ number: number; room_id: string; revocation: string; attempts: number }>(
        `SELECT number, room_id, revocation, attempts FROM revocations
         WHERE due <= ? ORDER BY due, number LIMIT ?`,
        now,
        limit,
      )
      .toArray()
      .map(({ room_id, revocation, ...rest }) => ({
        ...rest,
        roomId: room_id,
        revocation: JSON.parse(revocation) as Revocation,
      }))
  }

  /** When the next is due, in milliseconds since 1970; undefined where none is pending. */
  nextDue(): number | undefined {
    const query = 'SELECT min(due) AS next FROM revocations'
    return this.#sql.exec<{ next: number | null }>(query).one().next ?? undefined
  }

  remove(number: number): void {
    this.#sql.exec('DELETE FROM revocations WHERE number = ?', number)
  }

  postpone(number: number, due: number): void {
    const query = 'UPDATE revocations SET attempts = attempts + 1, due = ? WHERE number = ?'
    this.#sql.exec(query, due, number)
  }
}
