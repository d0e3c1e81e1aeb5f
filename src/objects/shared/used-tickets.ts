// The tickets that were used up in an object, in its SQLite, until they have ended (A3).

import { Refusal } from '../../refusals.ts'

interface UsedTicket {
  readonly id: string
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/** A step of the migrations of whatever has tickets: those that ended are one range. */
export function createUsedTickets(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE used_tickets (
    expires_at INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (expires_at, id)
  ) STRICT, WITHOUT ROWID`)
}

/** The table `used_tickets`. */
export class UsedTickets {
  readonly #sql: SqlStorage
  /** When those that have ended were removed last; seconds since 1970. */
  #sweptAt = 0

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** @throws Refusal `ticket-used` for a ticket that was used. */
  demandUnused({ id, expiresAt }: UsedTicket): void {
    const query = 'SELECT 1 FROM used_tickets WHERE expires_at = ? AND id = ?'
    const used = this.#sql.exec(query, expiresAt, id)
    if (used.toArray().length > 0) throw new Refusal('ticket-used')
  }

  /**
   * A3: marks a ticket as used. Tickets that have ended need no mark.
   *
   * @param now milliseconds since 1970.
   * @throws Refusal `ticket-used`.
   */
  spend({ id, expiresAt }: UsedTicket, now: number): void {
    this.#sweep(Math.floor(now / 1000))
    const insert = 'INSERT INTO used_tickets (expires_at, id) VALUES (?, ?) ON CONFLICT DO NOTHING'
    if (this.#sql.exec(insert, expiresAt, id).rowsWritten === 0) throw new Refusal('ticket-used')
  }

  /** Once a second at most. */
  #sweep(seconds: number): void {
    if (seconds === this.#sweptAt) return
    this.#sql.exec('DELETE FROM used_tickets WHERE expires_at < ?', seconds)
    this.#sweptAt = seconds
  }
}
