// How rooms hear of what ended. Each revocation is a row for each room, written before anybody is told, and
// gone when that room has heard: what is cut off half-way is taken up again by the alarm.

import type { Revocation } from '../../auth/session.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { PendingRevocation } from './pending-revocations.ts'
import type { AccountStorage } from './storage.ts'

/** What is needed of rooms. */
export interface RevocableRooms {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): {
    /** Ends the sockets that it concerns; gives whether others of that person remain. */
    revoke(revocation: Revocation): Promise<boolean>
    /** Whether a sign-in has sockets there. */
    has(sessionId: string): Promise<boolean>
  }
}

/**
 * Rooms that are told by one invocation: a Worker of the Free plan has 50 subrequests in each. The alarm tells the
 * next so many at once, in an invocation of its own.
 */
const BATCH = 40

/** Rooms that are asked whether a sign-in is still there, when it is noted in as many as it may be. */
const ASKED = 4

/** Milliseconds: more than the deadline of a call, doubled each time. */
export const FIRST_RETRY = 10_000
const MAX_RETRY = 300_000

/** A day of tries: a room that is deaf for so long has no sockets left. */
const MAX_ATTEMPTS = 300

const retryAfter = (attempts: number): number => Math.min(FIRST_RETRY * 2 ** attempts, MAX_RETRY)

/**
 * Tells rooms of what is due, in parallel, BATCH of them at most. Never throws.
 *
 * @param open the storage as it is now: it may be deleted while a room is told.
 */
export async function tellRooms(
  open: () => AccountStorage | undefined,
  rooms: RevocableRooms,
): Promise<void> {
  const pending = open()?.pending.list(Date.now(), BATCH) ?? []
  await Promise.all(pending.map((each) => tell(open, rooms, each)))
}

async function tell(
  open: () => AccountStorage | undefined,
  rooms: RevocableRooms,
  { number, roomId, revocation, attempts }: PendingRevocation,
): Promise<void> {
  try {
    const remain = await withDeadline(roomOf(rooms, roomId).revoke(revocation))
    open()?.pending.remove(number)
    if (!remain) open()?.rooms.forgetOld(roomId, Date.now())
  } catch (error) {
    console.error(error)
    if (attempts >= MAX_ATTEMPTS) open()?.pending.remove(number)
    else open()?.pending.postpone(number, Date.now() + retryAfter(attempts + 1))
  }
}

/** Forgets rooms where a sign-in has no sockets, and nobody said so. Never throws. */
export async function askRooms(
  open: () => AccountStorage | undefined,
  rooms: RevocableRooms,
  sessionId: string,
): Promise<void> {
  const stalest = open()?.rooms.stalest(sessionId, ASKED, Date.now()) ?? []
  const ask = async (room: (typeof stalest)[number]) => {
    try {
      const has = await withDeadline(roomOf(rooms, room.roomId).has(sessionId))
      open()?.rooms.heard(sessionId, room, has, Date.now())
    } catch (error) {
      console.error(error)
    }
  }
  await Promise.all(stalest.map(ask))
}

const roomOf = (rooms: RevocableRooms, roomId: string) => rooms.get(rooms.idFromName(roomId))
