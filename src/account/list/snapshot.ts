// What is told of the rooms in a list: the snapshot of all of them, and then each that is another.

import type { GlancedMessage, RoomGlance } from '../../room/unread/glance.ts'
import type { MemberRoom, RoomChoices } from '../views.ts'

/** Rooms that a snapshot shows if nothing is said. */
export const DEFAULT_WINDOW = 20
/** Rooms that a snapshot shows at most. */
export const MAX_WINDOW = 200

/** A room as its member sees it, with what they have chosen for it. */
interface ChosenGlance extends RoomGlance {
  readonly choices?: RoomChoices | undefined
}

/** A room in a list; without its glance where it has not answered. */
export type ListedRoom = ChosenGlance | MemberRoom

/** Why a room is in the list no more. */
export type GoneBecause = 'left' | 'kicked' | 'banned' | 'deleted' | 'hidden'

/** What became of a room: it is as said now, its member has chosen something, or it is gone. */
export type RoomNews =
  | { readonly room: ChosenGlance }
  | { readonly chosenFor: string; readonly choices: RoomChoices }
  | { readonly gone: string; readonly why: GoneBecause }

/** The rooms of a person, as they have answered. */
export interface Gathered {
  readonly rooms: ReadonlyMap<string, ListedRoom>
  /** How many rooms there are that were not asked. */
  readonly others: number
  /** Those that were found to be gone. */
  readonly gone: readonly RoomNews[]
}

/** The rooms of a person with what was told while they were asked. */
export function withNews({ rooms, ...rest }: Gathered, news: Iterable<RoomNews>): Gathered {
  const now = new Map(rooms)
  for (const each of news) {
    if ('gone' in each) now.delete(each.gone)
    else if ('chosenFor' in each) {
      const room = now.get(each.chosenFor)
      if (room) now.set(room.id, { ...room, choices: each.choices })
    } else if (!isOlder(each.room, now.get(each.room.id))) now.set(each.room.id, each.room)
  }
  return { ...rest, rooms: now }
}

/** Whether news is older than what a room has answered: both only grow (U1). */
function isOlder(news: RoomGlance, answer: ListedRoom | undefined): boolean {
  if (!answer || !('head' in answer)) return false
  if (news.head !== answer.head) return news.head < answer.head
  return news.readSeq < answer.readSeq
}

/** The snapshot: the rooms where something was said last first. */
export function snapshotOf({ rooms, others }: Gathered, limit: number) {
  const sorted = [...rooms.values()].sort(
    (a, b) => activeAt(b) - activeAt(a) || (a.id < b.id ? -1 : 1),
  )
  const total = sorted.length + others
  return {
    type: 'rooms',
    rooms: sorted.slice(0, limit).map(shown),
    total,
    // What to ask with for more.
    next: limit < Math.min(total, MAX_WINDOW) ? Math.min(2 * limit, MAX_WINDOW) : null,
  }
}

/** The notice of news. */
export function noticeOf(news: RoomNews): Record<string, unknown> {
  if ('gone' in news) return { type: 'room-gone', id: news.gone, why: news.why }
  if ('room' in news) return { type: 'room', ...shown(news.room) }
  return { type: 'choices', id: news.chosenFor, ...shownChoices(news.choices) }
}

const activeAt = (room: ListedRoom): number =>
  'last' in room && room.last ? room.last.at : room.joinedAt

/** A room as its member's client is shown it. */
function shown(room: ListedRoom): Record<string, unknown> {
  const { id, name, kind, role, joinedAt, choices } = room
  const own = { id, name, kind, role, joinedAt: iso(joinedAt) }
  const known = { ...own, ...shownChoices(choices) }
  if (!('head' in room)) return known
  const { head, messages, unread, mentions, moreMentions, readSeq, mutedUntil, last } = room
  return {
    ...known,
    ...{ head, messages, unread, mentions, ...(moreMentions && { moreMentions }), readSeq },
    ...(mutedUntil !== undefined && { mutedUntil: iso(mutedUntil) }),
    ...(last && { last: shownMessage(last) }),
  }
}

/** What is not chosen is written out, so that a choice that was taken back is seen. */
const shownChoices = ({ muted, level, draft, unreadFrom, order }: RoomChoices = {}) => ({
  ...{ muted: muted ?? false, level: level ?? 'all' },
  ...(draft !== undefined && { draft }),
  ...(unreadFrom !== undefined && { unreadFrom }),
  ...(order !== undefined && { order }),
})

const shownMessage = ({ seq, at, sender, preview }: GlancedMessage) => ({
  ...{ seq, at: iso(at) },
  sender: { id: sender.id, name: sender.name },
  preview,
})

const iso = (time: number): string => new Date(time).toISOString()
