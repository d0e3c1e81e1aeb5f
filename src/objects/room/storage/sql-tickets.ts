// The tickets that were used in a room, in its SQLite, until they have ended (A3).

import { Refusal } from '../../../refusals.ts'

interface UsedTicket {
  readonly id: string
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/** @throws Refusal `ticket-used` for a ticket that was used. */
export function demandUnused(sql: SqlStorage, { id, expiresAt }: UsedTicket): void {
  const used = sql.exec('SELECT 1 FROM used_tickets WHERE expires_at = ? AND id = ?', expiresAt, id)
  if (used.toArray().length > 0) throw new Refusal('ticket-used')
}

/**
 * A3: marks a ticket as used. Tickets that have ended need no mark.
 *
 * @param now milliseconds since 1970.
 * @throws Refusal `ticket-used`.
 */
export function spendTicket(sql: SqlStorage, ticket: UsedTicket, now: number): void {
  demandUnused(sql, ticket)
  sql.exec('DELETE FROM used_tickets WHERE expires_at < ?', Math.floor(now / 1000))
  const insert = 'INSERT INTO used_tickets (expires_at, id) VALUES (?, ?)'
  sql.exec(insert, ticket.expiresAt, ticket.id)
}
