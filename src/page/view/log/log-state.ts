// What the log shows: messages in the order of seq, then own messages that the log does not hold
// yet. Each is a row with a key that never changes. Pure.

import type { ChatEvent, Entry } from '../../../client/index.ts'
import type { User } from '../../api/api.ts'
import { dayOf } from '../base/calendar.ts'

export interface LogState {
  /** In the order of seq. */
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

export const EMPTY: LogState = {
  messages: [],
  outgoing: [],
  changes: [],
  known: false,
  gaveUp: false,
  more: false,
  pages: 0,
}

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
  /** Own changes of it that were not sent yet. */
  readonly changes: readonly Entry[]
  /** It goes on where the same person has just spoken. */
  readonly goesOn: boolean
  /** The next row goes on in the same minute. */
  readonly followed: boolean
}

export interface DayItem {
  readonly kind: 'day'
  readonly key: string
  readonly at: string
}

const GROUP_MS = 5 * 60_000
const NONE: readonly Entry[] = []

/** Identifies the author of a row, as far as the page can tell. */
const authorOf = ({ id, guest, lookalike }: User) => `${id} ${guest === true} ${lookalike === true}`

const minuteOf = (at: string) => Math.floor(Date.parse(at) / 60_000)

type Plain = Omit<MessageItem, 'goesOn' | 'followed'>

/** The rows, with a separator before each new day. */
export function itemsOf(
  state: LogState,
  me: User,
  isMine: (userId: string) => boolean,
): (MessageItem | DayItem)[] {
  const plain = [
    ...state.messages.map((message) => ofMessage(message, isMine(message.sender.id), state)),
    ...state.outgoing.map((entry) => ofEntry(entry, me)),
  ]
  return plain.flatMap((item, index) => {
    const earlier = plain[index - 1]
    const row = {
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
    changes: own.length > 0 ? own : NONE,
  }
}

const ofEntry = (entry: Entry, me: User): Plain => ({
  kind: 'message',
  key: entry.key,
  at: new Date(entry.at).toISOString(),
  sender: me,
  mine: true,
  author: me.id,
  entry,
  changes: NONE,
})

const goesOn = (earlier: Plain, item: Plain) =>
  dayOf(new Date(earlier.at)) === dayOf(new Date(item.at)) &&
  earlier.author === item.author &&
  Date.parse(item.at) - Date.parse(earlier.at) < GROUP_MS

const isFollowed = (item: Plain, next: Plain | undefined) =>
  next !== undefined && goesOn(item, next) && minuteOf(item.at) === minuteOf(next.at)
