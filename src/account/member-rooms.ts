// The rooms of which somebody is a member: an index for "my rooms". The rooms are the truth. They
// tell the account of changes, and each ticket compares the index with the room.

import type { Answer } from '../answer.ts'
import type { MemberRoomStore } from './ports.ts'
import type {
  MemberRoom,
  MemberRoomPlace,
  MemberRoomsPage,
  RoomChoices,
  RoomChoicesChange,
} from './views.ts'

/** R5: rooms that are listed of one person. Further rooms work as well, but are not listed. */
const MAX_ROOMS = 10_000
/** R5: rooms in which a person has a draft. */
export const MAX_DRAFTS = 100

/**
 * Somebody is a member of a room, or has another role there. Writes nothing if that is known, and
 * tells whether it was new.
 */
export function keepRoom(store: MemberRoomStore, room: MemberRoom): boolean {
  const known = store.get(room.id)
  if (known ? isSame(known, room) : store.count() >= MAX_ROOMS) return false
  store.put(room)
  return true
}

/** Somebody is no member of a room any more. Writes nothing and gives false if they were none. */
export function forgetRoom(store: MemberRoomStore | undefined, roomId: string): boolean {
  if (!store?.get(roomId)) return false
  store.remove(roomId)
  return true
}

/**
 * Updates the index with what a room said when it was asked. Tells whether that was new.
 *
 * @param before what was known when it was asked. If that has changed since, the room has told
 * something newer, which stays.
 * @param said undefined: they are no member.
 */
export function heardOfMembership(
  store: MemberRoomStore,
  roomId: string,
  before: MemberRoom | undefined,
  said: MemberRoom | undefined,
): boolean {
  const known = store.get(roomId)
  if (known ? !before || !isSame(known, before) : before) return false
  if (said) return keepRoom(store, said)
  if (known) store.remove(roomId)
  return known !== undefined
}

/** A page of the rooms, the newest member first. */
export function memberRooms(
  store: MemberRoomStore | undefined,
  after: MemberRoomPlace | undefined,
  limit: number,
): MemberRoomsPage {
  const rows = store?.page(after, limit + 1) ?? []
  const rooms = rows.slice(0, limit)
  const last = rooms.at(-1)
  return {
    rooms,
    next: last && rows.length > limit ? { id: last.id, joinedAt: last.joinedAt } : null,
  }
}

/**
 * Changes what a member has chosen for a room. One row, and none where nothing is new.
 *
 * Refused: `room-unknown`, `too-many-drafts`.
 */
export function chooseForRoom(
  store: MemberRoomStore | undefined,
  roomId: string,
  change: RoomChoicesChange,
): Answer<MemberRoom> {
  const known = store?.get(roomId)
  if (!store || !known) return { refused: 'room-unknown' }
  const before = known.choices ?? {}
  const choices = changed(before, change)
  const isNewDraft = before.draft === undefined && choices.draft !== undefined
  if (isNewDraft && store.drafts() >= MAX_DRAFTS) return { refused: 'too-many-drafts' }
  if (!isSameChoice(before, choices)) store.choose(roomId, choices)
  return { value: { ...known, choices } }
}

function changed(before: RoomChoices, change: RoomChoicesChange): RoomChoices {
  const { muted = before.muted, level = before.level, ...more } = change
  const { draft = before.draft, unreadFrom = before.unreadFrom, order = before.order } = more
  return {
    ...(muted && { muted }),
    ...(level && level !== 'all' && { level }),
    ...(draft && { draft }),
    ...(unreadFrom != null && { unreadFrom }),
    ...(order != null && { order }),
  }
}

const isSameChoice = (one: RoomChoices, other: RoomChoices): boolean =>
  one.muted === other.muted &&
  one.level === other.level &&
  one.draft === other.draft &&
  one.unreadFrom === other.unreadFrom &&
  one.order === other.order

const isSame = (one: MemberRoom, other: MemberRoom): boolean =>
  one.name === other.name &&
  one.kind === other.kind &&
  one.role === other.role &&
  one.joinedAt === other.joinedAt &&
  one.hidden === other.hidden
