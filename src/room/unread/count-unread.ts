// Counts what a member has not read yet (U1): a subtraction, and the messages that mention them.

import { MENTIONS_COUNTED } from '../limits/limits.ts'
import type { RoomState } from '../room-state.ts'
import { readSeq } from './read-markers.ts'
import type { Unread } from './unread.ts'

/** What somebody has not read yet; undefined for whoever is no member. */
export function unreadOf(room: RoomState, personId: string): Unread | undefined {
  const { log } = room
  const row = room.members.get(personId)
  if (!row?.joined || row.role === 'banned') return undefined
  const head = log.head()
  const messages = log.messagesUpTo(head)
  const seq = readSeq(room, row)
  const read = row.read?.seq === seq ? row.read.n : log.messagesUpTo(seq)
  const { messages: mentioning, isWhole } = log.mentioning(seq, MENTIONS_COUNTED)
  const mine = mentioning.filter(
    ({ mentions, mentionsRoom }) => mentionsRoom || mentions?.includes(personId),
  )
  return {
    head,
    messages,
    unread: messages - read,
    mentions: mine.length,
    ...(!isWhole && { moreMentions: true }),
    readSeq: seq,
  }
}
