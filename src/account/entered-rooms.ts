// The rooms where a sign-in may have sockets, so that the end of a sign-in is told there and
// nowhere else (A5). A visit, of one socket, is stored before the room lets the socket in, and
// removed when the room says that the socket has gone. Rooms and visits are bounded (R5).

import type { EnteredRoomStore, SeenRoom } from './ports.ts'

/** Rooms in which one sign-in may have sockets at once. */
const MAX_ROOMS = 200

/**
 * Visits stored of one room. The ids of further ones are lost, so then the row stays until the
 * sign-in ends.
 */
const MAX_VISITS = 32
/** Stands for those older visits: no visit has this id. */
const UNKNOWN = ''

/** Seconds: no token of a trusted issuer that was shown at an upgrade outlives it by more. */
const FEDERATED_LIFE = 90_000
/** Milliseconds that entering may take. */
const ENTERING = 60_000
/** Milliseconds by which the time of an entry may be out of date in rows of older versions. */
const ENTERED = 3_600_000
/** Rooms that are asked whether a sign-in is still there, when it has as many as it may have. */
const ASKED = 4

/** Who enters, and by what: the id of a ticket, or one made for this visit. */
interface Visit {
  readonly sessionId: string
  readonly roomId: string
  readonly visitId: string
}

/** Whether a visit is stored. */
export const hasVisit = (rooms: EnteredRoomStore, { sessionId, roomId, visitId }: Visit): boolean =>
  rooms.visits(sessionId, roomId)?.includes(visitId) === true

/**
 * Stores a visit; false where the sign-in has too many rooms. One that is stored costs no row (R5).
 */
export function enterRoom(
  rooms: EnteredRoomStore,
  { sessionId, roomId, visitId }: Visit,
  federated: boolean,
  now: number,
): boolean {
  const seconds = Math.floor(now / 1000)
  if (federated) rooms.removeOver(seconds)
  const known = rooms.visits(sessionId, roomId)
  if (!known && rooms.count(sessionId) >= MAX_ROOMS) return false
  if (known?.includes(visitId)) return true
  const open = [...(known ?? []), visitId]
  const visits = open.length > MAX_VISITS ? [UNKNOWN, ...open.slice(2)] : open
  const until = federated ? seconds + FEDERATED_LIFE : null
  rooms.save(sessionId, roomId, { visits, seenAt: now, until })
  return true
}

/** Removes a visit whose socket has gone, and the room with its last visit. */
export function leaveRoom(rooms: EnteredRoomStore, { sessionId, roomId, visitId }: Visit): void {
  const open = rooms.visits(sessionId, roomId)
  if (!open?.includes(visitId)) return
  const rest = open.filter((each) => each !== visitId)
  if (rest.length === 0) rooms.remove(sessionId, roomId)
  else rooms.saveVisits(sessionId, roomId, rest)
}

/**
 * Rooms to ask whether a sign-in is still there, except those being entered now. They are chosen by
 * chance: remembering which were asked would cost a row each, for a visit that is refused (R5).
 */
export const roomsToAsk = (rooms: EnteredRoomStore, sessionId: string, now: number): SeenRoom[] =>
  rooms.someSeenBefore(sessionId, now - ENTERING, ASKED)

/** What a room said to that. */
export function heardOfRoom(
  rooms: EnteredRoomStore,
  sessionId: string,
  room: SeenRoom,
  isThere: boolean,
): void {
  if (!isThere) rooms.removeSeen(sessionId, room)
}

/** Removes a room that an older version stored for all sign-ins, unless just entered. */
export const forgetOldRoom = (rooms: EnteredRoomStore, roomId: string, now: number): void =>
  rooms.forgetOld(roomId, now - ENTERED - ENTERING)
