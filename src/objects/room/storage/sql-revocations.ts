// The revocations that a room still has to remember, in its SQLite: read at an entry, a CONNECT and
// a renewal, never for a message.

import type { Revocation } from '../../../auth/bearer.ts'
import type { RevocationStore } from '../../../room/ports.ts'

type Row = {
  session_id: string
  below: number
  code: Revocation['code']
  until: number
}

/** What stands for null in a key: every session, every version. */
const EVERY_SESSION = ''
const EVERY_VERSION = -1

/** The table `revocations` of a room. */
export class SqlRevocations implements RevocationStore {
  readonly #sql: SqlStorage
  /**
   * Whether there may be any. Most rooms have none, and then an entry reads nothing. Undefined: not
   * known yet.
   */
  #any: boolean | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  add({ personId, sessionId, below, code, until }: Revocation, now: number): void {
    this.#any = true
    this.#sql.exec('DELETE FROM revocations WHERE until <= ?', now)
    this.#sql.exec(
      `INSERT INTO revocations (person_id, session_id, below, code, until) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET code = excluded.code, until = max(until, excluded.until)`,
      personId,
      sessionId ?? EVERY_SESSION,
      below ?? EVERY_VERSION,
      code,
      until,
    )
  }

  of(personId: string): Revocation[] {
    this.#any ??= this.#sql.exec('SELECT 1 FROM revocations LIMIT 1').toArray().length > 0
    if (!this.#any) return []
    return this.#sql
      .exec<Row>(
        'SELECT session_id, below, code, until FROM revocations WHERE person_id = ?',
        personId,
      )
      .toArray()
      .map(({ session_id, below, code, until }) => ({
        personId,
        sessionId: session_id === EVERY_SESSION ? null : session_id,
        below: below === EVERY_VERSION ? null : below,
        code,
        until,
      }))
  }
}
