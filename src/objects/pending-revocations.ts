// The revocations that rooms have yet to hear of, in the SQLite of a person's account: one row a room.

import type { Revocation } from '../auth/session.ts'

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

  /** Keeps a revocation for every room, until each has heard of it. */
  add(revocation: Revocation): void {
    this.#sql.exec(
      'INSERT INTO revocations (room_id, revocation, attempts) SELECT id, ?, 0 FROM rooms',
      JSON.stringify(revocation),
    )
  }

  /** So many at most, the newest first: of those before a number, and of those never tried alone. */
  list(before: number, limit: number, untried: boolean): PendingRevocation[] {
    return this.#sql
      .exec<{ number: number; room_id: string; revocation: string; attempts: number }>(
        `SELECT number, room_id, revocation, attempts FROM revocations
         WHERE number < ? AND (attempts = 0 OR ?) ORDER BY number DESC LIMIT ?`,
        before,
        Number(!untried),
        limit,
      )
      .toArray()
      .map(({ room_id, revocation, ...rest }) => ({
        ...rest,
        roomId: room_id,
        revocation: JSON.parse(revocation) as Revocation,
      }))
  }

  /** Attempts at the revocation that was tried least; undefined where none is pending. */
  leastAttempts(): number | undefined {
    const query = 'SELECT min(attempts) AS least FROM revocations'
    return this.#sql.exec<{ least: number | null }>(query).one().least ?? undefined
  }

  remove(number: number): void {
    this.#sql.exec('DELETE FROM revocations WHERE number = ?', number)
  }

  postpone(number: number): void {
    this.#sql.exec('UPDATE revocations SET attempts = attempts + 1 WHERE number = ?', number)
  }
}
