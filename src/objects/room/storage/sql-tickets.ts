// The tickets that were used in a room, in its SQLite, until they have ended (A3).

import { Refusal } from '../../../refusals.ts'

/**
 * A3: marks a ticket as used. Tickets that have ended need no mark.
 *
 * @param ticket `expiresAt` in seconds since 1970.
 * @param now milliseconds since 1970.
 * @throws Refusal `ticket-used`.
 */
export function spendTicket(
  sql: SqlStorage,
  { id, expiresAt }: { readonly id: string; readonly expiresAt: number },
  now: number,
): void {
  const used = sql.exec('SELECT 1 FROM used_tickets WHERE expires_at = ? AND id = ?', expiresAt, id)
  if (used.toArray().length > 0) throw new Refusal('ticket-used')
  sql.exec('DELETE FROM used_tickets WHERE expires_at < ?', Math.floor(now / 1000))
  sql.exec('INSERT INTO used_tickets (expires_at, id) VALUES (?, ?)', expiresAt, id)
}
