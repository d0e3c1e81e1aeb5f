// How long a revocation stays pending, and when it is tried again: each room has its own row and
// its own retry, so one deaf room does not hold up the others. Times in milliseconds since 1970.

import { forgetOldRoom } from './entered-rooms.ts'
import type { AccountStore, PendingRevocation } from './ports.ts'

/**
 * Rooms that are told by one invocation: a Worker of the Free plan has 50 subrequests in each. The
 * alarm tells the next batch, in an invocation of its own.
 */
const BATCH = 40

/** Milliseconds until the first retry: more than the deadline of a call. Doubled each time. */
export const FIRST_RETRY = 10_000
const MAX_RETRY = 300_000

/** A day of retries. By then every socket of that room has expired. */
const MAX_ATTEMPTS = 300

const retryAfter = (attempts: number): number => Math.min(FIRST_RETRY * 2 ** attempts, MAX_RETRY)

/** The next batch to deliver, the longest due first. */
export const dueRevocations = ({ revocations }: AccountStore, now: number): PendingRevocation[] =>
  revocations.due(now, BATCH)

/**
 * A room has ended the sockets.
 *
 * @param others whether other sockets of that person are left there.
 */
export function delivered(
  { revocations, rooms }: AccountStore,
  { number, roomId }: PendingRevocation,
  others: boolean,
  now: number,
): void {
  revocations.remove(number)
  if (!others) forgetOldRoom(rooms, roomId, now)
}

/** A room gave no answer: it is tried again later, and given up after MAX_ATTEMPTS. */
export function notDelivered(
  { revocations }: AccountStore,
  { number, attempts }: PendingRevocation,
  now: number,
): void {
  if (attempts >= MAX_ATTEMPTS) revocations.remove(number)
  else revocations.postpone(number, now + retryAfter(attempts + 1))
}
