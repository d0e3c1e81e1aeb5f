// The log of a room in its SQLite: one row an event.

import type { KeyBlock, KeyedSeq } from '../../../../room/keys/key-window.ts'
import type { Draft, Event, MessageEntry } from '../../../../room/log/event.ts'
import type { KeyedRows, Log } from '../../../../room/ports.ts'
import type { Meter } from '../../usage/meter.ts'
import type { LogState } from '../room-storage.ts'
import { rowsOf, together } from './batch-read.ts'
import { EmptiedEdits } from './emptied-edits.ts'
import { insertionOf } from './event-insertion.ts'
import { eventAt, eventsBetween } from './event-rows.ts'

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

  requestFingerprint(seq: number): number | undefined {
    const [row] = this.#sql.exec<{ key_asked: number | null }>(REQUEST, seq).toArray()
    return row?.key_asked ?? undefined
  }

  find(seq: number): Event | undefined {
    const event = eventAt(this.#sql, seq)
    return event && this.#emptied.told(event)
  }

  amend(event: MessageEntry): void {
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

  after(seq: number, limit: number): Iterable<Event> {
    return this.#between(seq, Math.min(this.head(), seq + limit))
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

  keys(after: number, upTo: number): KeyedSeq[] {
    const rows = rowsOf<[seq: number, senderId: string, key: string]>(this.#sql, KEYS, after, upTo)
    return rows.map(([seq, senderId, key]) => ({ seq, senderId, key }))
  }

  *blocks(seqs: readonly number[]): Iterable<KeyBlock> {
    if (seqs.length === 0) return
    type Row = [seq: number, bytes: ArrayBuffer | null]
    for (const [seq, bytes] of this.#sql.exec(BLOCKS, JSON.stringify(seqs)).raw<Row>()) {
      yield { seq, fingerprints: bytes === null ? undefined : new Uint32Array(bytes) }
    }
  }
}

const LAST = 'SELECT coalesce(max(seq), 0) AS seq FROM events'
const FLOOR = 'SELECT coalesce(max(head), 0) AS seq FROM room'
// The columns have older names: `key_asked` is the fingerprint of a request, `key_digest` a block.
const REQUEST = 'SELECT key_asked FROM events WHERE seq = ?'

const KEYS = `SELECT ${together(['seq', 'sender_id', 'idempotency_key'])} FROM events
  WHERE seq > ? AND seq <= ? AND idempotency_key IS NOT NULL`

// A list of seqs, since each statement costs as much as ten rows.
const BLOCKS = `SELECT seq, key_digest FROM json_each(?) CROSS JOIN events ON seq = value`
