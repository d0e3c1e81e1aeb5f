// The work queues of a room in its SQLite: one row a message, for as long as it is not acknowledged.

import { type Load, loadSize, type QueuedMessage, type QueueStore } from '../room/queue-store.ts'

type LoadRow = {
  /** JSON. */
  headers: string
  body: string | ArrayBuffer
}

export class SqlQueues implements QueueStore {
  readonly #sql: SqlStorage
  /** A cache of what all rows add up to. */
  #size: { messages: number; bytes: number } | undefined
  #lastId = 0

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  put(queue: string, load: Load, now: number): void {
    const { messages, bytes } = this.size()
    const size = loadSize(load)
    this.#sql.exec(
      `INSERT INTO queue_messages (queue, id, deliveries, bytes, headers, body)
       VALUES (?, ?, 0, ?, ?, ?)`,
      queue,
      this.#nextId(now),
      size,
      JSON.stringify(load.headers),
      load.body,
    )
    this.#size = { messages: messages + 1, bytes: bytes + size }
  }

  next(queue: string, except: ReadonlySet<number>, limit: number): QueuedMessage[] {
    const rows = this.#sql.exec<{ id: number; deliveries: number; bytes: number }>(
      'SELECT id, deliveries, bytes FROM queue_messages WHERE queue = ? ORDER BY id LIMIT ?',
      queue,
      limit + except.size,
    )
    return rows
      .toArray()
      .filter(({ id }) => !except.has(id))
      .slice(0, limit)
  }

  load(queue: string, id: number): Load | undefined {
    const [row] = this.#sql
      .exec<LoadRow>(
        'SELECT headers, body FROM queue_messages WHERE queue = ? AND id = ?',
        queue,
        id,
      )
      .toArray()
    return row && loadOf(row)
  }

  delivered(queue: string, id: number): void {
    this.#sql.exec(
      'UPDATE queue_messages SET deliveries = deliveries + 1 WHERE queue = ? AND id = ?',
      queue,
      id,
    )
  }

  remove(queue: string, id: number): void {
    const { messages, bytes } = this.size()
    const [row] = this.#sql
      .exec<{ bytes: number }>(
        'DELETE FROM queue_messages WHERE queue = ? AND id = ? RETURNING bytes',
        queue,
        id,
      )
      .toArray()
    if (row) this.#size = { messages: messages - 1, bytes: bytes - row.bytes }
  }

  dropped(queue: string): number {
    return this.#sql
      .exec<{ dropped: number }>(
        `INSERT INTO queues (name, dropped) VALUES (?, 1)
         ON CONFLICT (name) DO UPDATE SET dropped = dropped + 1 RETURNING dropped`,
        queue,
      )
      .one().dropped
  }

  size(): { readonly messages: number; readonly bytes: number } {
    this.#size ??= this.#sql
      .exec<{ messages: number; bytes: number }>(
        'SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM queue_messages',
      )
      .one()
    return this.#size
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#size = undefined
  }

  /** Grows with the clock, a thousand a millisecond, and beyond all that are stored: so none comes twice. */
  #nextId(now: number): number {
    if (this.#lastId === 0) {
      this.#lastId = this.#sql
        .exec<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM queue_messages')
        .one().id
    }
    this.#lastId = Math.max(now * 1000, this.#lastId + 1)
    return this.#lastId
  }
}

function loadOf({ headers, body }: LoadRow): Load {
  return {
    headers: JSON.parse(headers),
    body: typeof body === 'string' ? body : new Uint8Array(body),
  }
}
