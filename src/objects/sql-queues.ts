// The work queues of a room in its SQLite: one row a message, for as long as it is not acknowledged.

import {
  type Load,
  loadSize,
  type QueuedMessage,
  type QueueStore,
  type Sum,
} from '../room/queue-store.ts'

type LoadRow = {
  /** JSON. */
  headers: string
  body: string | ArrayBuffer
}

/** Messages of one sender in one queue. */
interface Counted {
  readonly queue: string
  readonly senderId: string | null
  readonly messages: number
  readonly bytes: number
}

const NONE: Sum = { messages: 0, bytes: 0 }

/** Adds to what a key has; with nothing left it is forgotten. */
function count(sums: Map<string, Sum>, key: string, { messages, bytes }: Sum): void {
  const before = sums.get(key) ?? NONE
  const sum = { messages: before.messages + messages, bytes: before.bytes + bytes }
  if (sum.messages === 0) sums.delete(key)
  else sums.set(key, sum)
}

/** What the rows add up to. */
class Sums {
  all = NONE
  readonly senders = new Map<string, Sum>()
  readonly queues = new Map<string, Sum>()

  add({ queue, senderId, messages, bytes }: Counted): void {
    this.all = { messages: this.all.messages + messages, bytes: this.all.bytes + bytes }
    count(this.queues, queue, { messages, bytes })
    // Rows of versions before do not say whose they are.
    if (senderId !== null) count(this.senders, senderId, { messages, bytes })
  }
}

export class SqlQueues implements QueueStore {
  readonly #sql: SqlStorage
  /** A cache of what all rows add up to. */
  #sums: Sums | undefined
  #lastId = 0

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  put(queue: string, senderId: string, load: Load, now: number): void {
    const sums = this.#read()
    const bytes = loadSize(load)
    this.#sql.exec(
      `INSERT INTO queue_messages (queue, id, deliveries, bytes, headers, body, sender_id)
       VALUES (?, ?, 0, ?, ?, ?, ?)`,
      queue,
      this.#nextId(now),
      bytes,
      JSON.stringify(load.headers),
      load.body,
      senderId,
    )
    sums.add({ queue, senderId, messages: 1, bytes })
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
    const sums = this.#read()
    const [row] = this.#sql
      .exec<{ bytes: number; sender_id: string | null }>(
        'DELETE FROM queue_messages WHERE queue = ? AND id = ? RETURNING bytes, sender_id',
        queue,
        id,
      )
      .toArray()
    if (row) sums.add({ queue, senderId: row.sender_id, messages: -1, bytes: -row.bytes })
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

  size(): Sum {
    return this.#read().all
  }

  sizeOf(senderId: string): Sum {
    return this.#read().senders.get(senderId) ?? NONE
  }

  names(): ReadonlyMap<string, Sum> {
    return this.#read().queues
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#sums = undefined
  }

  #read(): Sums {
    if (this.#sums) return this.#sums
    const sums = new Sums()
    const rows = this.#sql.exec<
      { queue: string; senderId: string | null } & Record<keyof Sum, number>
    >(
      `SELECT queue, sender_id AS senderId, count(*) AS messages, sum(bytes) AS bytes
       FROM queue_messages GROUP BY queue, sender_id`,
    )
    for (const row of rows) sums.add(row)
    this.#sums = sums
    return sums
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
