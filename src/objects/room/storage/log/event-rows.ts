// The rows of events: how they are written, and events from them.

import type { Event, Quote } from '../../../../room/log/event.ts'
import type { Mentions } from '../../../../room/log/mentions.ts'
import { QUOTED } from '../../../../room/log/quote.ts'
import type { SystemContent } from '../../../../room/log/system-note.ts'
import { batchColumns, rowsOf } from './batch-read.ts'

/** What an event is made of, in the order of COLUMNS. */
type Row<Content = string> = [
  seq: number,
  at: number,
  senderId: string,
  senderName: string,
  key: string | null,
  /** Of a reaction: which. Of a system event what it tells, as JSON. */
  content: Content,
  /** A State as JSON; null for a message to which nothing has happened. */
  state: string | null,
  /** What else is known of the sender, as `marksOf` writes it; null: nothing. */
  marks: number | null,
  /** Messages up to it; null in rows of versions before. */
  n: number | null,
]

/** In the order of STATE. */
type State = [
  type: 'message' | 'edit' | 'delete' | 'reaction',
  replyTo: number | null,
  target: number | null,
  /** Of a message its newest edit, of an edit the one before. */
  edited: number | null,
  reacted: number | null,
  reactions: string | null,
  deleted: number | null,
  reactionOn: number | null,
  /** A QuoteRow as JSON. */
  quote: string | null,
  /** Mentions as JSON. */
  mentions: string | null,
]

type QuoteRow = [
  seq: number,
  senderId: string,
  senderName: string,
  marks: number | null,
  content: string,
  edited: number | null,
  deleted: number | null,
]

// Read with the reply, since a statement of its own costs as much as ten rows.
const QUOTE = `CASE WHEN reply_to IS NOT NULL THEN (
  SELECT '' || json_array(o.seq, o.sender_id, o.sender_name, o.sender_marks,
    substr(o.content, 1, ${QUOTED}), o.edited, o.deleted)
  FROM events AS o WHERE o.seq = events.reply_to AND o.type = 'message') END`

// A text, not JSON within JSON: then it is the same whether it is read alone or with others.
const STATE = `CASE WHEN type <> 'message' OR coalesce(reply_to, edited, reacted, deleted,
  mentions) IS NOT NULL
  THEN '' || json_array(type, reply_to, target, edited, reacted, reactions, deleted, reaction_on,
    ${QUOTE}, mentions) END`

const COLUMNS = [
  'seq',
  'at',
  'sender_id',
  'sender_name',
  'idempotency_key',
  'content',
  STATE,
  'sender_marks',
  'n',
]

const ROW = `SELECT ${COLUMNS.join()} FROM events WHERE seq = ?`

/**
 * Events read together, and bytes of what one of them holds: the platform's texts end at 2 MB, and
 * JSON may take six bytes for one. The content and the state of a longer event are not among those
 * of its range.
 */
const MOST_EVENTS = 250
const MOST_OCTETS = 1000

const IS_SHORT = `octet_length(content) + coalesce(octet_length(reactions), 0)
  + coalesce(octet_length(mentions), 0) <= ${MOST_OCTETS}`

const RANGE = `SELECT ${batchColumns(COLUMNS.map(ifShort))} FROM events WHERE seq > ? AND seq <= ?`

function ifShort(column: string): string {
  const mayBeLong = column === 'content' || column === STATE
  return mayBeLong ? `CASE WHEN ${IS_SHORT} THEN ${column} END` : column
}

/** The event of a seq, if there is one. */
export function eventAt(sql: SqlStorage, seq: number): Event | undefined {
  const [row] = Array.from(sql.exec(ROW, seq).raw<Row>())
  return row && eventOf(row)
}

/** The events after a seq and up to another, ascending; read as far as they are taken. */
export function* eventsBetween(sql: SqlStorage, after: number, upTo: number): Iterable<Event> {
  for (let start = after; start < upTo; start += MOST_EVENTS) {
    const end = Math.min(upTo, start + MOST_EVENTS)
    for (const row of rowsOf<Row<string | null>>(sql, RANGE, start, end)) {
      const event = row[5] === null ? eventAt(sql, row[0]) : eventOf(row as Row)
      if (event) yield event
    }
  }
}

/** The marks of a sender as a number; undefined where there are none. */
export const marksOf = ({ guest, lookalike }: Event['sender']): number | undefined =>
  (guest ? GUEST : 0) + (lookalike ? LOOKALIKE : 0) || undefined

const GUEST = 1
const LOOKALIKE = 2

function senderOf(id: string, name: string, marks: number | null): Event['sender'] {
  if (marks === null) return { id, name }
  return {
    id,
    name,
    ...((marks & GUEST) !== 0 && { guest: true }),
    ...((marks & LOOKALIKE) !== 0 && { lookalike: true }),
  }
}

function eventOf([seq, at, id, name, key, content, state, marks, counted]: Row): Event {
  const sender = senderOf(id, name, marks)
  const n = counted ?? undefined
  if (state === null) {
    if (key === null) return { seq, n, type: 'message', at, sender, content }
    return { seq, n, type: 'message', at, sender, content, idempotencyKey: key }
  }
  const keyed = key === null ? undefined : { idempotencyKey: key }
  const parts: State = JSON.parse(state)
  const [type, , target, edited, , , , reactionOn, , mentions] = parts
  switch (type) {
    case 'message':
      return { seq, n, type, at, sender, content, ...keyed, ...changesOf(parts) }
    case 'edit': {
      const earlier = edited === null ? undefined : { earlier: edited }
      const told = { ...keyed, ...earlier, ...mentionsOf(mentions) }
      return { seq, n, type, at, sender, target: target ?? 0, content, ...told }
    }
    case 'delete':
      if (content !== '') return systemEvent({ seq, n, at, sender }, JSON.parse(content), keyed)
      return { seq, n, type, at, sender, target: target ?? 0, ...keyed }
    case 'reaction': {
      const on = reactionOn === 1
      return { seq, n, type, at, sender, target: target ?? 0, reaction: content, on, ...keyed }
    }
  }
}

/**
 * A system event (sql-log.ts says why it stands in the row of a deletion). Those of later
 * versions are told as they are.
 */
function systemEvent(
  { seq, n, at, sender }: Pick<Event, 'seq' | 'n' | 'at' | 'sender'>,
  { type, ...content }: SystemContent,
  keyed: { readonly idempotencyKey: string } | undefined,
): Event {
  return { seq, n, type, at, sender, ...content, ...keyed } as Event
}

/** What a message answers, and what has become of it. */
function changesOf(parts: State) {
  const [, replyTo, , edited, reacted, reactions, deleted, , quote, mentions] = parts
  return {
    ...(replyTo === null ? undefined : { replyTo }),
    ...(quote === null ? undefined : { quote: quoteIn(JSON.parse(quote)) }),
    ...(edited === null ? undefined : { edited }),
    ...(reacted === null ? undefined : { reacted }),
    ...(reactions === null ? undefined : { reactions: JSON.parse(reactions) }),
    ...(deleted === null ? mentionsOf(mentions) : { deleted }),
  }
}

const mentionsOf = (text: string | null): Mentions | undefined =>
  text === null ? undefined : JSON.parse(text)

/** What is stored of mentions; undefined where there are none. */
export const mentionsText = ({ mentions, mentionsRoom }: Mentions): string | undefined =>
  mentions || mentionsRoom ? JSON.stringify({ mentions, mentionsRoom }) : undefined

function quoteIn([seq, id, name, marks, content, edited, deleted]: QuoteRow): Quote {
  return {
    seq,
    sender: senderOf(id, name, marks),
    content,
    ...(edited === null ? undefined : { edited }),
    ...(deleted === null ? undefined : { deleted }),
  }
}
