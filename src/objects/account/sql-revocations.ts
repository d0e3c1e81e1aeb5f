// The revocations that rooms have not acknowledged yet, in the SQLite of a person's account: one
// row for each room.

import type { PendingRevocation, RevocationStore } from '../../account/ports.ts'
import type { Revocation } from '../../auth/bearer.ts'

/** The table `revocations`. Its rows are made of those in `entered_rooms`, in one statement. */
export class SqlPendingRevocations implements RevocationStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

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

  due(now: number, limit: number): PendingRevocation[] {
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
