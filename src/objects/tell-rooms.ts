// How rooms hear of what ended. Each revocation is a row for each room, written before anybody is told, and
// gone when that room has heard: what is cut off half-way is taken up again by the alarm.

import type { Revocation } from '../auth/session.ts'
import type { AccountStorage } from './account-storage.ts'
import { withDeadline } from './deadline.ts'
import type { PendingRevocation } from './pending-revocations.ts'

/** What is needed of rooms. */
export interface RevocableRooms {
  idFromName(name: string): DurableObjectId
  get(id: DurableObjectId): {
    /** Ends the sockets that it concerns; gives whether others of that person remain. */
    revoke(revocation: Revocation): Promise<boolean>
  }
}

/** Rooms that are told at once. */
const BATCH = 100

/** Milliseconds: more than the deadline of a call, doubled each time. */
const FIRST_RETRY = 10_000
const MAX_RETRY = 300_000

/** A day of tries: a room that is deaf for so long has no sockets left. */
const MAX_ATTEMPTS = 300

/** Milliseconds until a revocation is tried again. */
export const retryAfter = (attempts: number): number =>
  Math.min(FIRST_RETRY * 2 ** attempts, MAX_RETRY)

/**
 * Tells rooms of what is pending, in parallel. Never throws.
 *
 * @param open the storage as it is now: it may be deleted while a room is told.
 * @param untried only what was not tried before: one deaf room does not hold up the next revocation.
 */
export async function tellRooms(
  open: () => AccountStorage | undefined,
  rooms: RevocableRooms,
  untried: boolean,
): Promise<void> {
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const pending = open()?.pending.list(before, BATCH, untried) ?? []
    await Promise.all(pending.map((each) => tell(open, rooms, each)))
    const last = pending.at(-1)
    if (!last) return
    before = last.number
  }
}

async function tell(
  open: () => AccountStorage | undefined,
  rooms: RevocableRooms,
  { number, roomId, revocation, attempts }: PendingRevocation,
): Promise<void> {
  try {
    const remain = await withDeadline(rooms.get(rooms.idFromName(roomId)).revoke(revocation))
    open()?.pending.remove(number)
    if (!remain) open()?.forgetRoom(roomId, Date.now())
  } catch (error) {
    console.error(error)
    if (attempts >= MAX_ATTEMPTS) open()?.pending.remove(number)
    else open()?.pending.postpone(number)
  }
}
