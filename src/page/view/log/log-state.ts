// What the log shows: messages and notes of what happened in the order of seq, then own messages
// that the log does not hold yet. Each is a row with a key that never changes. Pure.

import type { ChatEvent, Entry, Quote } from '../../../client/index.ts'
import type { User } from '../../api/api.ts'
import { dayOf } from '../base/calendar.ts'

/** What the log shows, as it came. `itemsOf` makes rows of it. */
export interface LogState {
  /** In the order of seq, and events that are shown as notes among them. */
  readonly messages: readonly ChatEvent[]
  /** Own messages that the log does not hold yet, in order. */
  readonly outgoing: readonly Entry[]
  /** Own changes of messages that were not sent yet. */
  readonly changes: readonly Entry[]
  /** A page has come. Before that, nobody knows where the log begins. */
  readonly known: boolean
  /** No page will come any more. */
  readonly gaveUp: boolean
  /** There are older messages. */
  readonly more: boolean
  /** How many pages came: each is added above what is shown. */
  readonly pages: number
}

/** A room of which nothing has loaded. */
export const EMPTY: LogState = {
  messages: [],
  outgoing: [],
  changes: [],
  known: false,
  gaveUp: false,
  more: false,
  pages: 0,
}

/** A message of the log, or one on its way there. */
export interface MessageItem {
  readonly kind: 'message'
  readonly key: string
  readonly at: string
  readonly author: string
  readonly sender: User
  readonly mine: boolean
  /** Of a message in the log. */
  readonly message?: ChatEvent
  /** Of an own message that the log does not hold yet. */
  readonly entry?: Entry
  /** What it answers. */
  readonly quote?: Quote | undefined
  /** Own changes of it that were not sent yet. */
  readonly changes: readonly Entry[]
  /** It goes on where the same person has just spoken. */
  readonly goesOn: boolean
  /** The next row goes on in the same minute. */
  readonly followed: boolean
}

interface DayItem {
  readonly kind: 'day'
  readonly key: string
  readonly at: string
}

/** What happened in the room. */
interface NoteItem {
  readonly kind: 'note'
  readonly key: string
  readonly at: string
  readonly event: ChatEvent
}

/** A row of the log. */
export type Item = MessageItem | DayItem | NoteItem

const GROUP_MS = 5 * 60_000
const NONE: readonly Entry[] = []

/** Identifies the author of a row, as far as the page can tell. */
const authorOf = ({ id, guest, lookalike }: User) => `${id} ${guest === true} ${lookalike === true}`

const minuteOf = (at: string) => Math.floor(Date.parse(at) / 60_000)

type Plain = Omit<MessageItem, 'goesOn' | 'followed'>

/** The rows, with a separator before each new day. A note ends a group. */
export function itemsOf(state: LogState, me: User, isMine: (userId: string) => boolean): Item[] {
  const plain = [
    ...state.messages.map((event) =>
      event.type === 'message' ? ofMessage(event, isMine(event.sender.id), state) : ofNote(event),
    ),
    ...state.outgoing.map((entry) => ofEntry(entry, me, state)),
  ]
  return plain.flatMap((item, index) => {
    const earlier = plain[index - 1]
    const row =
      item.kind === 'note'
        ? item
        : {
            ...item,
            goesOn: earlier !== undefined && goesOn(earlier, item),
            followed: isFollowed(item, plain[index + 1]),
          }
    const isNewDay =
      earlier === undefined || dayOf(new Date(earlier.at)) !== dayOf(new Date(item.at))
    return isNewDay ? [{ kind: 'day' as const, key: `day ${item.key}`, at: item.at }, row] : [row]
  })
}

function ofMessage(message: ChatEvent, mine: boolean, { changes }: LogState): Plain {
  const { seq, at, sender, idempotencyKey } = message
  const own = changes.filter(({ body }) => body.seq === seq)
  return {
    kind: 'message',
    // The row of an own message stays the same when the log has it.
    key: mine && idempotencyKey !== undefined ? idempotencyKey : String(seq),
    at,
    // Marks are for other people's names.
    sender: mine ? { id: sender.id, name: sender.name } : sender,
    mine,
    author: mine ? sender.id : authorOf(sender),
    message,
    quote: message.quote,
    changes: own.length > 0 ? own : NONE,
  }
}

const ofNote = (event: ChatEvent): NoteItem => ({
  kind: 'note',
  key: String(event.seq),
  at: event.at,
  event,
})

const ofEntry = (entry: Entry, me: User, { messages }: LogState): Plain => ({
  kind: 'message',
  key: entry.key,
  at: new Date(entry.at).toISOString(),
  sender: me,
  mine: true,
  author: me.id,
  entry,
  quote: entry.body.replyTo === undefined ? undefined : quoteIn(messages, entry.body.replyTo),
  changes: NONE,
})

/** The message that an own reply answers, as a quote of it will be. */
function quoteIn(messages: readonly ChatEvent[], seq: number): Quote | undefined {
  const original = messages.find((message) => message.seq === seq)
  return original && { seq, sender: original.sender, content: original.content ?? '' }
}

const goesOn = (earlier: Plain | NoteItem, item: Plain) =>
  earlier.kind === 'message' &&
  dayOf(new Date(earlier.at)) === dayOf(new Date(item.at)) &&
  earlier.author === item.author &&
  Date.parse(item.at) - Date.parse(earlier.at) < GROUP_MS

const isFollowed = (item: Plain, next: Plain | NoteItem | undefined) =>
  next?.kind === 'message' && goesOn(item, next) && minuteOf(item.at) === minuteOf(next.at)
