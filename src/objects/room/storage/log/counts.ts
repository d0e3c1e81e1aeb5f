// What the rows of events know of the messages before them (U1): how many there are, and where
// somebody was mentioned last. Each such column is written with the event.

import type { Mentions } from '../../../../room/log/mentions.ts'
import type { MentioningMessages } from '../../../../room/ports.ts'

/** What is known at the head of the log. */
export interface LogHead {
  /** The last seq; 0 in an empty log. */
  readonly seq: number
  /** How many messages there are. */
  readonly messages: number
  /** The newest event that brought a mention; 0: none that is known. */
  readonly mentioning: number
}

/** What is known of the log whichever events there are. */
export interface LogFloor {
  /** The head is no less. */
  readonly head: number
  /** How many messages there were when that was noted. */
  readonly headMessages: number
  /** The head when messages began to be counted: each event up to it counts as one. */
  readonly countedFrom: number
}

const FLOOR = `SELECT coalesce(max(head), 0) AS head, coalesce(max(head_n), 0) AS headMessages,
  coalesce(max(counted_from), 0) AS countedFrom FROM room`

/** What the row of the room says of that. */
export const readFloor = (sql: SqlStorage): LogFloor =>
  sql.exec<{ [K in keyof LogFloor]: LogFloor[K] }>(FLOOR).one()

type Row = [seq: number, messages: number | null, before: number | null, mentions: number]

const ROW = `SELECT seq, n, mention_before, mentions IS NOT NULL FROM events`
const LAST = `${ROW} ORDER BY seq DESC LIMIT 1`
const COUNTED = `${ROW} WHERE seq > ? AND seq <= ? AND n IS NOT NULL ORDER BY seq DESC LIMIT 1`
const MESSAGES = `SELECT count(*) AS messages FROM events
  WHERE seq > ? AND seq <= ? AND type = 'message'`

/** The head of the log, from its last row. */
export function readHead(sql: SqlStorage, floor: LogFloor): LogHead {
  const { head, headMessages } = floor
  const [row] = Array.from(sql.exec(LAST).raw<Row>())
  const [seq = 0, n] = row ?? []
  if (!row || seq < head) return { seq: head, messages: headMessages, mentioning: 0 }
  return typeof n === 'number' ? headOf(row, n) : countedTo(sql, floor, seq)
}

/** How many messages there are up to a seq. */
export function messagesUpTo(sql: SqlStorage, floor: LogFloor, seq: number): number {
  return seq <= floor.countedFrom ? seq : countedTo(sql, floor, seq).messages
}

/**
 * What is known at a seq. Events that a version before has written since, after a roll-back, are
 * counted: their rows say nothing.
 */
function countedTo(sql: SqlStorage, { countedFrom }: LogFloor, seq: number): LogHead {
  const [row] = Array.from(sql.exec(COUNTED, countedFrom, seq).raw<Row>())
  const known = row
    ? headOf(row, row[1] ?? 0)
    : { seq: countedFrom, messages: countedFrom, mentioning: 0 }
  if (known.seq === seq) return known
  const { messages } = sql.exec<{ messages: number }>(MESSAGES, known.seq, seq).one()
  return { seq, messages: known.messages + messages, mentioning: known.mentioning }
}

const headOf = ([seq, , before, mentions]: Row, messages: number): LogHead => ({
  seq,
  messages,
  mentioning: mentions === 1 ? seq : (before ?? 0),
})

// From each event that brought a mention to the one before, and to the message as it is now.
const MENTIONING = `WITH RECURSIVE
  chain (seq, target, before) AS (
    SELECT seq, target, mention_before FROM events WHERE seq = ?1
    UNION ALL
    SELECT e.seq, e.target, e.mention_before FROM chain JOIN events AS e ON e.seq = chain.before
    WHERE e.seq > ?2 LIMIT ?3)
  SELECT chain.before, m.seq, m.mentions FROM chain LEFT JOIN events AS m
  ON m.seq = coalesce(chain.target, chain.seq) AND m.deleted IS NULL`

/** As `Log.mentioning`, from an event on that brought a mention. */
export function mentioningFrom(
  sql: SqlStorage,
  newest: number,
  after: number,
  most: number,
): MentioningMessages {
  if (newest <= after) return { messages: [], isWhole: true }
  type Found = [before: number | null, seq: number | null, mentions: string | null]
  const found = Array.from(sql.exec(MENTIONING, newest, after, most).raw<Found>())
  const messages = new Map<number, Mentions>()
  for (const [, seq, mentions] of found) {
    if (seq !== null && seq > after && mentions !== null) messages.set(seq, JSON.parse(mentions))
  }
  const oldest = Math.min(...found.map(([before]) => before ?? 0))
  return { messages: [...messages.values()], isWhole: found.length < most || oldest <= after }
}

const LAST_MESSAGE = `SELECT max(seq) AS seq FROM events
  WHERE seq > ? AND seq <= ? AND type = 'message' AND sender_id = ?`

/** As `Log.lastMessageOf`. */
export function lastMessageOf(
  sql: SqlStorage,
  personId: string,
  after: number,
  most: number,
): number | undefined {
  return (
    sql.exec<{ seq: number | null }>(LAST_MESSAGE, after, after + most, personId).one().seq ??
    undefined
  )
}

const NEWEST_MESSAGE = `SELECT seq FROM events
  WHERE seq > ? AND type = 'message' AND deleted IS NULL ORDER BY seq DESC LIMIT 1`

/** The seq of the newest message after a seq that is not deleted; undefined for none. */
export function lastMessage(sql: SqlStorage, after: number): number | undefined {
  const [row] = sql.exec<{ seq: number }>(NEWEST_MESSAGE, after).toArray()
  return row?.seq
}

const LAST_OF_EACH = `SELECT sender_id, max(seq) FROM events
  WHERE seq > ? AND type = 'message' GROUP BY sender_id`

/** As `Log.lastMessagesAfter`. */
export const lastMessagesAfter = (sql: SqlStorage, seq: number): ReadonlyMap<string, number> =>
  new Map(sql.exec(LAST_OF_EACH, seq).raw<[personId: string, seq: number]>())
