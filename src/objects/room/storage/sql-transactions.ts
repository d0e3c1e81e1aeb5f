// The frames of open transactions in the room's SQLite: one row a frame, until COMMIT or ABORT.

import type { TransactionStore } from '../../../room/ports.ts'
import type { Frame, StompCommand } from '../../../stomp/frame.ts'

/** The table `transaction_frames`. */
export class SqlTransactions implements TransactionStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  add(sessionId: string, transaction: number, { command, headers, body }: Frame): void {
    this.#sql.exec(
      `INSERT INTO transaction_frames (session, txn, number, command, headers, body)
       SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3, ?4, ?5
       FROM transaction_frames WHERE session = ?1 AND txn = ?2`,
      sessionId,
      transaction,
      command,
      JSON.stringify([...headers]),
      body,
    )
  }

  frames(sessionId: string, transaction: number): Frame[] {
    const rows = this.#sql.exec<{ command: string; headers: string; body: ArrayBuffer }>(
      `SELECT command, headers, body FROM transaction_frames
       WHERE session = ? AND txn = ? ORDER BY number`,
      sessionId,
      transaction,
    )
    return rows.toArray().map(({ command, headers, body }) => ({
      command: command as StompCommand,
      headers: new Map<string, string>(JSON.parse(headers)),
      body: new Uint8Array(body),
    }))
  }

  remove(sessionId: string, transaction?: number): void {
    if (transaction === undefined) {
      this.#sql.exec('DELETE FROM transaction_frames WHERE session = ?', sessionId)
    } else {
      this.#sql.exec(
        'DELETE FROM transaction_frames WHERE session = ? AND txn = ?',
        sessionId,
        transaction,
      )
    }
  }

  keep(sessionIds: ReadonlySet<string>): void {
    const rows = this.#sql.exec<{ session: string }>(
      'SELECT DISTINCT session FROM transaction_frames',
    )
    for (const { session } of rows.toArray()) {
      if (!sessionIds.has(session)) this.remove(session)
    }
  }
}
