// The log of a room in its SQLite: one row an event.

import type { KeyBlock, KeyedSeq } from '../../../../room/keys/key-window.ts'
import type { Draft, Event, MessageEntry } from '../../../../room/log/event.ts'
import { hasMentions } from '../../../../room/log/mentions.ts'
import type { KeyedRows, Log, MentioningMessages } from '../../../../room/ports.ts'
import type { Meter } from '../../usage/meter.ts'
import type { LogState } from '../room-row.ts'
import * as counts from './counts.ts'
import { EmptiedEdits } from './emptied-edits.ts'
import { eventAt, eventsBetween, mentionsText } from './event-rows.ts'
import { insertionOf } from './insertion.ts'
import { blocksAt, keysBetween, requestAt } from './key-rows.ts'

/** The table `events`. Every write is one row. */
export class SqlLog implements Log, KeyedRows {
  readonly #sql: SqlStorage
  readonly #meter: Pick<Meter, 'messages'> | undefined
  readonly #emptied: EmptiedEdits
  /** What does not depend on the events. Undefined: it is to be read. */
  #floor: counts.LogFloor | undefined
  /** A cache of what the last row says, or that. */
  #last: counts.LogHead | undefined

  /**
   * @param meter counts the messages.
   * @param state the same row, where it was read with the room.
   */
  constructor(sql: SqlStorage, meter?: Pick<Meter, 'messages'>, state?: LogState) {
    this.#sql = sql
    this.#meter = meter
    this.#floor = state
    this.#emptied = new EmptiedEdits(sql, state?.emptying)
  }

  head(): number {
    return this.#head().seq
  }

  messagesUpTo(seq: number): number {
    const { seq: head, messages } = this.#head()
    return seq === head ? messages : counts.messagesUpTo(this.#sql, this.#base(), seq)
  }

  get countedFrom(): number {
    return this.#base().countedFrom
  }

  mentioning(after: number, most: number): MentioningMessages {
    return counts.mentioningFrom(this.#sql, this.#head().mentioning, after, most)
  }

  lastMessageOf(personId: string, after: number, most: number) {
    return counts.lastMessageOf(this.#sql, personId, after, most)
  }

  lastMessagesAfter(seq: number): ReadonlyMap<string, number> {
    return counts.lastMessagesAfter(this.#sql, seq)
  }

  lastMessage(most: number): MessageEntry | undefined {
    const seq = counts.lastMessage(this.#sql, this.head() - most)
    const event = seq === undefined ? undefined : this.find(seq)
    return event?.type === 'message' ? event : undefined
  }

  #head(): counts.LogHead {
    this.#last ??= counts.readHead(this.#sql, this.#base())
    return this.#last
  }

  #base(): counts.LogFloor {
    this.#floor ??= counts.readFloor(this.#sql)
    return this.#floor
  }

  /**
   * L1: to be called before events are removed, in the same transaction: the head does not depend
   * on them.
   */
  keepHead(): void {
    const { seq, messages } = this.#head()
    this.#sql.exec('UPDATE room SET head = ?, head_n = ?', seq, messages)
    this.#floor = undefined
  }

  append(draft: Draft, block?: Uint32Array, request?: number): Event {
    const before = this.#head()
    const isMessage = draft.type === 'message'
    const messages = isMessage ? before.messages + 1 : before.messages
    const event: Event = { seq: before.seq + 1, n: messages, ...draft }
    const { seq } = event
    const { statement, values } = insertionOf(event, before.mentioning, block, request)
    this.#sql.exec(statement, ...values)
    if (isMessage && this.#meter) this.#meter.messages++
    this.#last = { seq, messages, mentioning: mentionsIn(event) ? seq : before.mentioning }
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
    this.#last = this.#floor = undefined
    this.#emptied.forget()
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

/** Whether an event brings a mention. */
const mentionsIn = (event: Event) =>
  (event.type === 'message' || event.type === 'edit') && hasMentions(event)
