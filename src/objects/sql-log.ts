// The log of a room in its SQLite: one row an event.

import type { Draft, EditEntry, Event, KeyedSeq, Log, MessageEntry } from '../room/log.ts'

type Row = {
  seq: number
  type: Event['type']
  at: number
  sender_id: string
  sender_name: string
  /** Of a reaction: which. */
  content: string
  reply_to: number | null
  idempotency_key: string | null
  target: number | null
  /** Of a message its newest edit, of an edit the one before. */
  edited: number | null
  reacted: number | null
  reactions: string | null
  deleted: number | null
  reaction_on: number | null
}

const COLUMNS = `seq, type, at, sender_id, sender_name, content, reply_to, idempotency_key,
  target, edited, reacted, reactions, deleted, reaction_on`

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

  append(draft: Draft, digest?: Uint32Array): Event {
    const event: Event = { seq: this.head() + 1, ...draft }
    const { seq, type, at, sender } = event
    const own = ownColumns(event, digest)
    this.#sql.exec(
      insertion(own.names),
      seq,
      type,
      at,
      sender.id,
      sender.name,
      textOf(event),
      ...own.values,
    )
    this.#head = event.seq
    return event
  }

  find(seq: number): Event | undefined {
    return this.#select('seq = ? LIMIT ?', seq, 1)[0]
  }

  amend(event: MessageEntry | EditEntry): void {
    if (event.type === 'edit') {
      this.#sql.exec('UPDATE events SET content = ? WHERE seq = ?', event.content, event.seq)
      return
    }
    const { content, edited, reacted, reactions, deleted, seq } = event
    this.#sql.exec(
      `UPDATE events SET content = ?, edited = ?, reacted = ?, reactions = ?, deleted = ?
       WHERE seq = ?`,
      content,
      edited ?? null,
      reacted ?? null,
      reactions === undefined ? null : JSON.stringify(reactions),
      deleted ?? null,
      seq,
    )
  }

  after(seq: number, limit: number): Event[] {
    return this.#select('seq > ? ORDER BY seq LIMIT ?', seq, limit)
  }

  before(seq: number, limit: number): Event[] {
    return this.#select('seq < ? ORDER BY seq DESC LIMIT ?', seq, limit).reverse()
  }

  forget(): void {
    this.#head = undefined
  }

  *keys(after: number, upTo: number): Iterable<KeyedSeq> {
    const rows = this.#sql.exec<{ seq: number; sender_id: string; idempotency_key: string }>(
      `SELECT seq, sender_id, idempotency_key FROM events
       WHERE seq > ? AND seq <= ? AND idempotency_key IS NOT NULL ORDER BY seq`,
      after,
      upTo,
    )
    for (const row of rows) {
      yield { seq: row.seq, senderId: row.sender_id, key: row.idempotency_key }
    }
  }

  digest(seq: number): Uint32Array | undefined {
    const [row] = this.#sql
      .exec<{ key_digest: ArrayBuffer | null }>('SELECT key_digest FROM events WHERE seq = ?', seq)
      .toArray()
    return row?.key_digest ? new Uint32Array(row.key_digest) : undefined
  }

  #select(which: string, seq: number, limit: number): Event[] {
    const query = `SELECT ${COLUMNS} FROM events WHERE ${which}`
    return this.#sql.exec<Row>(query, seq, limit).toArray().map(eventOf)
  }
}

const octetsOf = ({ buffer, byteOffset, byteLength }: Uint32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** What stands in `content`. */
function textOf(event: Event): string {
  if (event.type === 'reaction') return event.reaction
  return event.type === 'delete' ? '' : event.content
}

/** The columns that only some events have: those of this one. */
function ownColumns(event: Event, digest: Uint32Array | undefined) {
  const names: string[] = []
  const values: (string | number | Uint8Array)[] = []
  const add = (name: string, value: string | number | Uint8Array | undefined) => {
    if (value === undefined) return
    names.push(name)
    values.push(value)
  }
  add('idempotency_key', event.idempotencyKey)
  if (event.type === 'message') add('reply_to', event.replyTo)
  else add('target', event.target)
  if (event.type === 'edit') add('edited', event.earlier)
  if (event.type === 'reaction') add('reaction_on', event.on ? 1 : 0)
  if (digest) add('key_digest', octetsOf(digest))
  return { names, values }
}

const insertions = new Map<string, string>()

/** The statement with these columns and no others: each value that is bound costs a twentieth of a row. */
function insertion(own: readonly string[]): string {
  const key = own.join()
  let statement = insertions.get(key)
  if (statement === undefined) {
    const names = ['seq, type, at, sender_id, sender_name, content', ...own]
    const places = Array.from({ length: 6 + own.length }, () => '?')
    statement = `INSERT INTO events (${names.join()}) VALUES (${places.join()})`
    insertions.set(key, statement)
  }
  return statement
}

function eventOf(row: Row): Event {
  const { seq, type, at, content } = row
  const sender = { id: row.sender_id, name: row.sender_name }
  const keyed = row.idempotency_key === null ? {} : { idempotencyKey: row.idempotency_key }
  const target = row.target ?? 0
  switch (type) {
    case 'message':
      return { seq, type, at, sender, content, ...keyed, ...stateOf(row) }
    case 'edit': {
      const earlier = row.edited === null ? {} : { earlier: row.edited }
      return { seq, type, at, sender, target, content, ...keyed, ...earlier }
    }
    case 'delete':
      return { seq, type, at, sender, target, ...keyed }
    case 'reaction':
      return {
        seq,
        type,
        at,
        sender,
        target,
        reaction: content,
        on: row.reaction_on === 1,
        ...keyed,
      }
  }
}

function stateOf({ reply_to, edited, reacted, reactions, deleted }: Row) {
  return {
    ...(reply_to === null ? {} : { replyTo: reply_to }),
    ...(edited === null ? {} : { edited }),
    ...(reacted === null ? {} : { reacted }),
    ...(reactions === null ? {} : { reactions: JSON.parse(reactions) }),
    ...(deleted === null ? {} : { deleted }),
  }
}
