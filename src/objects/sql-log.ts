// The log of a room in its SQLite: one row an event.

import type { Draft, Event, KeyedSeq, Log } from '../room/log.ts'

type Row = {
  seq: number
  type: 'message'
  at: number
  sender_id: string
  sender_name: string
  content: string
  reply_to: number | null
  idempotency_key: string | null
}

const COLUMNS = 'seq, type, at, sender_id, sender_name, content, reply_to, idempotency_key'

export class SqlLog implements Log {
  readonly #sql: SqlStorage
  /** A cache of the last row's key. */
  #head: number | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  head(): number {
    this.#head ??= this.#sql
      .exec<{ head: number }>('SELECT coalesce(max(seq), 0) AS head FROM events')
      .one().head
    return this.#head
  }

  append(draft: Draft): Event {
    const event: Event = { seq: this.head() + 1, ...draft }
    this.#sql.exec(
      `INSERT INTO events (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      event.seq,
      event.type,
      event.at,
      event.sender.id,
      event.sender.name,
      event.content,
      event.replyTo ?? null,
      event.idempotencyKey ?? null,
    )
    this.#head = event.seq
    return event
  }

  after(seq: number, limit: number): Event[] {
    const query = `SELECT ${COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`
    return this.#sql.exec<Row>(query, seq, limit).toArray().map(eventOf)
  }

  before(seq: number, limit: number): Event[] {
    const query = `SELECT ${COLUMNS} FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?`
    return this.#sql.exec<Row>(query, seq, limit).toArray().map(eventOf).reverse()
  }

  forget(): void {
    this.#head = undefined
  }

  *keys(window: number): Iterable<KeyedSeq> {
    const rows = this.#sql.exec<{ seq: number; sender_id: string; idempotency_key: string }>(
      `SELECT seq, sender_id, idempotency_key FROM events
       WHERE seq > ? AND idempotency_key IS NOT NULL ORDER BY seq`,
      this.head() - window,
    )
    for (const row of rows) {
      yield { seq: row.seq, senderId: row.sender_id, key: row.idempotency_key }
    }
  }
}

function eventOf(row: Row): Event {
  return {
    seq: row.seq,
    type: row.type,
    at: row.at,
    sender: { id: row.sender_id, name: row.sender_name },
    content: row.content,
    ...(row.idempotency_key === null ? {} : { idempotencyKey: row.idempotency_key }),
    ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
  }
}
