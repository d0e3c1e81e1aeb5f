// The log of a room in its SQLite: one row an event.

import type { KeyBlock, KeyedSeq } from '../../../../room/keys/key-window.ts'
import type { Draft, Event, MessageEntry, SystemEntry } from '../../../../room/log/event.ts'
import type { KeyedRows, Log } from '../../../../room/ports.ts'
import type { Meter } from '../../usage/meter.ts'
import type { LogState } from '../room-row.ts'
import { EmptiedEdits } from './emptied-edits.ts'
import { eventAt, eventsBetween, insertion, marksOf, mentionsText } from './event-rows.ts'
import { blocksAt, keysBetween, requestAt } from './key-rows.ts'

/** The table `events`. Every write is one row. */
export class SqlLog implements Log, KeyedRows {
  readonly #sql: SqlStorage
  readonly #meter: Pick<Meter, 'messages'> | undefined
  readonly #emptied: EmptiedEdits
  /** The head is no less, whichever events there are. Undefined: it is to be read. */
  #floor: number | undefined
  /** A cache of the greater of that and the last row's key. */
  #head: number | undefined

  /**
   * @param meter counts the messages.
   * @param state the same row, where it was read with the room.
   */
  constructor(sql: SqlStorage, meter?: Pick<Meter, 'messages'>, state?: LogState) {
    this.#sql = sql
    this.#meter = meter
    this.#floor = state?.head
    this.#emptied = new EmptiedEdits(sql, state?.emptying)
  }

  head(): number {
    if (this.#head === undefined) {
      this.#floor ??= this.#read(FLOOR)
      this.#head = Math.max(this.#floor, this.#read(LAST))
    }
    return this.#head
  }

  /**
   * L1: to be called before events are removed, in the same transaction: the head does not depend
   * on them.
   */
  keepHead(): void {
    this.#sql.exec('UPDATE room SET head = ?', this.head())
  }

  append(draft: Draft, block?: Uint32Array, request?: number): Event {
    const event: Event = { seq: this.head() + 1, ...draft }
    const { statement, values } = insertionOf(event, block, request)
    this.#sql.exec(statement, ...values)
    if (event.type === 'message' && this.#meter) this.#meter.messages++
    this.#head = event.seq
    return event
  }

  find(seq: number): Event | undefined {
    const event = eventAt(this.#sql, seq)
    return event && this.#emptied.told(event)
  }

  amend(event: MessageEntry): void {
    const { content, edited, reacted, reactions, deleted, seq } = event
    this.#sql.exec(
      `UPDATE events SET content = ?, edited = ?, reacted = ?, reactions = ?, deleted = ?,
       mentions = ? WHERE seq = ?`,
      content,
      edited ?? null,
      reacted ?? null,
      reactions === undefined ? null : JSON.stringify(reactions),
      deleted ?? null,
      mentionsText(event) ?? null,
      seq,
    )
  }

  after(seq: number, limit: number): Iterable<Event> {
    return this.#between(seq, Math.min(this.head(), seq + limit))
  }

  messagesOf(personId: string, after: number, before: number): number[] {
    const rows = this.#sql.exec<{ seq: number }>(MESSAGES_OF, after, before, personId)
    return rows.toArray().map(({ seq }) => seq)
  }

  lastMessages(since: number, events: number): [personId: string, at: number][] {
    type Row = [personId: string, at: number]
    return Array.from(this.#sql.exec(LAST_MESSAGES, this.head() - events, since).raw<Row>())
  }

  before(seq: number, limit: number): Iterable<Event> {
    const last = Math.min(this.head(), seq - 1)
    return this.#between(Math.max(0, last - limit), last)
  }

  emptyEdits(message: MessageEntry, limit: number): void {
    this.#emptied.begin(message, limit)
  }

  emptyMore(limit: number): void {
    this.#emptied.goOn(limit)
  }

  get isEmptying(): boolean {
    return this.#emptied.pending
  }

  #between(after: number, upTo: number): Iterable<Event> {
    const events = eventsBetween(this.#sql, after, upTo)
    return this.#emptied.pending ? this.#emptied.all(events) : events
  }

  forget(): void {
    this.#head = this.#floor = undefined
    this.#emptied.forget()
  }

  #read(query: string): number {
    return this.#sql.exec<{ seq: number }>(query).one().seq
  }

  requestFingerprint(seq: number): number | undefined {
    return requestAt(this.#sql, seq)
  }

  keys(after: number, upTo: number): KeyedSeq[] {
    return keysBetween(this.#sql, after, upTo)
  }

  blocks(seqs: readonly number[]): Iterable<KeyBlock> {
    return blocksAt(this.#sql, seqs)
  }
}

const MESSAGES_OF = `SELECT seq FROM events WHERE seq > ? AND seq < ? AND sender_id = ?
  AND type = 'message' AND deleted IS NULL ORDER BY seq DESC`
const LAST_MESSAGES = `SELECT sender_id, max(at) FROM events
  WHERE seq > ? AND type = 'message' AND at > ? GROUP BY sender_id`
const LAST = 'SELECT coalesce(max(seq), 0) AS seq FROM events'
const FLOOR = 'SELECT coalesce(max(head), 0) AS seq FROM room'

type Value = string | number | Uint8Array

/** The INSERT of an event, with what `append` keeps in the same row. */
function insertionOf(
  event: Event,
  block: Uint32Array | undefined,
  request: number | undefined,
): { readonly statement: string; readonly values: readonly Value[] } {
  const { seq, at, sender } = event
  const [type, content] = typeAndContentOf(event)
  const own = ownColumns(event, block, request)
  const values = [seq, type, at, sender.id, sender.name, content, ...own.values]
  return { statement: insertion(own.names), values }
}

/**
 * The type of a row and its content. A system event stands in the row of a deletion without a
 * target, as JSON: so the version before tells it as a deletion of nothing, and clients ignore it.
 * A type that it does not know would keep its replays from ever reaching the head of the log.
 */
function typeAndContentOf(event: Event): [type: string, content: string] {
  switch (event.type) {
    case 'message':
    case 'edit':
      return [event.type, event.content]
    case 'reaction':
      return [event.type, event.reaction]
    case 'delete':
      return [event.type, '']
    default:
      return ['delete', JSON.stringify(contentOf(event))]
  }
}

const contentOf = (event: SystemEntry) => {
  const { seq: _, at: _at, sender: _sender, idempotencyKey: _key, ...content } = event
  return content
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** The columns that only some events have: those of this one. */
function ownColumns(event: Event, block: Uint32Array | undefined, request: number | undefined) {
  const names: string[] = []
  const values: Value[] = []
  const add = (name: string, value: Value | undefined) => {
    if (value === undefined) return
    names.push(name)
    values.push(value)
  }
  add('idempotency_key', event.idempotencyKey)
  add('key_asked', request)
  add('sender_marks', marksOf(event.sender))
  switch (event.type) {
    case 'message':
      add('reply_to', event.replyTo)
      add('mentions', mentionsText(event))
      break
    case 'edit':
      add('edited', event.earlier)
      add('mentions', mentionsText(event))
      add('target', event.target)
      break
    case 'reaction':
      add('reaction_on', event.on ? 1 : 0)
      add('target', event.target)
      break
    case 'delete':
      add('target', event.target)
  }
  add('key_digest', block && bytesOf(block))
  return { names, values }
}
