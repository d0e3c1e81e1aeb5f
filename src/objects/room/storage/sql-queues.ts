// The work queues of a room in its SQLite: one row a message until it is acknowledged.

import type { QueueStore } from '../../../room/ports.ts'
import {
  type Payload,
  payloadSize,
  type QueuedMessage,
  type QueueSize,
} from '../../../room/queues/queued-message.ts'

type LoadRow = {
  /** JSON. */
  headers: string
  body: string | ArrayBuffer
}

/** Messages of one sender in one queue. */
interface SenderSize {
  readonly queue: string
  readonly senderId: string | null
  readonly messages: number
  readonly bytes: number
}

const NONE: QueueSize = { messages: 0, bytes: 0 }

/** Adds to what a key has; with nothing left it is forgotten. */
function count(sums: Map<string, QueueSize>, key: string, { messages, bytes }: QueueSize): void {
  const before = sums.get(key) ?? NONE
  const sum = { messages: before.messages + messages, bytes: before.bytes + bytes }
  if (sum.messages === 0) sums.delete(key)
  else sums.set(key, sum)
}

/** What the rows add up to. */
class Sums {
  all = NONE
  readonly senders = new Map<string, QueueSize>()
  readonly queues = new Map<string, QueueSize>()
  /** The greatest id of all rows, that of `idRow` among them. */
  newest = 0
  /** The row that keeps the greatest id when its message is gone. */
  idRow: number | undefined

  add({ queue, senderId, messages, bytes }: SenderSize): void {
    this.all = { messages: this.all.messages + messages, bytes: this.all.bytes + bytes }
    count(this.queues, queue, { messages, bytes })
    // Rows of older versions do not say whose they are.
    if (senderId !== null) count(this.senders, senderId, { messages, bytes })
  }
}

/** The queue of such a row: no destination has it. */
const ID_ROW_QUEUE = ''

/**
 * An id is never used again, also where the clock goes back: the row of the newest message is not
 * deleted with it. It stays empty, only for its id, and becomes the row of the next message.
 */
export class SqlQueues implements QueueStore {
  readonly #sql: SqlStorage
  /** A cache of what all rows add up to. */
  #sums: Sums | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  put(queue: string, senderId: string, load: Payload, now: number): void {
    const sums = this.#read()
    const bytes = payloadSize(load)
    // It grows with the clock, a thousand a millisecond.
    const id = Math.max(now * 1000, sums.newest + 1)
    const values = [queue, id, bytes, JSON.stringify(load.headers), load.body, senderId]
    if (sums.idRow === undefined) this.#sql.exec(INSERT, ...values)
    else this.#sql.exec(FILL, ...values, ID_ROW_QUEUE, sums.idRow)
    sums.newest = id
    sums.idRow = undefined
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

  payload(queue: string, id: number): Payload | undefined {
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
    const isNewest = id === sums.newest
    const [row] = this.#sql
      .exec<{ bytes: number; sender_id: string | null }>(isNewest ? EMPTY : DELETE, queue, id)
      .toArray()
    if (!row) return
    if (isNewest) sums.idRow = id
    sums.add({ queue, senderId: row.sender_id, messages: -1, bytes: -row.bytes })
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

  size(): QueueSize {
    return this.#read().all
  }

  sizeOf(senderId: string): QueueSize {
    return this.#read().senders.get(senderId) ?? NONE
  }

  names(): ReadonlyMap<string, QueueSize> {
    return this.#read().queues
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#sums = undefined
  }

  #read(): Sums {
    if (this.#sums) return this.#sums
    const sums = new Sums()
    for (const { newest, ...row } of this.#sql.exec<SumRow>(SUMS)) {
      sums.newest = Math.max(sums.newest, newest)
      if (row.queue === ID_ROW_QUEUE) sums.idRow = newest
      else sums.add(row)
    }
    this.#sums = sums
    return sums
  }
}

type SumRow = {
  queue: string
  senderId: string | null
  messages: number
  bytes: number
  newest: number
}

const SUMS = `SELECT queue, sender_id AS senderId, count(*) AS messages, sum(bytes) AS bytes,
  max(id) AS newest FROM queue_messages GROUP BY queue, sender_id`

const INSERT = `INSERT INTO queue_messages (queue, id, deliveries, bytes, headers, body, sender_id)
  VALUES (?, ?, 0, ?, ?, ?, ?)`

const FILL = `UPDATE queue_messages SET queue = ?, id = ?, deliveries = 0, bytes = ?, headers = ?,
  body = ?, sender_id = ? WHERE queue = ? AND id = ?`

const WHOSE = 'WHERE queue = ? AND id = ? RETURNING bytes, sender_id'

const EMPTY = `UPDATE queue_messages SET queue = '', headers = '', body = '' ${WHOSE}`

const DELETE = `DELETE FROM queue_messages ${WHOSE}`

function loadOf({ headers, body }: LoadRow): Payload {
  return {
    headers: JSON.parse(headers),
    body: typeof body === 'string' ? body : new Uint8Array(body),
  }
}
