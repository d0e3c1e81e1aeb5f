// How long somebody waits who failed to sign in: longer each time, and after an hour it is
// forgotten. Pure: counts in, counts out.

/** Failures in a row; nothing is kept where there is none. */
export interface Failures {
  readonly count: number
  /** Milliseconds since 1970. */
  readonly lastAt: number
}

/** What counts where nothing is kept. */
export const NO_FAILURES: Failures = { count: 0, lastAt: 0 }

/** Failures that cost no waiting: of a user name from one address, or by a device that it knows. */
export const FREE_PER_SOURCE = 5
/**
 * Of a user name, from all unknown devices together: below the 100 of NIST SP 800-63B, section
 * 5.2.2.
 */
export const FREE_PER_USERNAME = 50
/** Of an address: a whole school may be behind it, and people mistype. */
export const FREE_PER_ADDRESS = 100

/** Milliseconds. */
const FIRST_DELAY = 1000
const MAX_DELAY = 300_000
const FORGOTTEN_AFTER = 3_600_000

/** Milliseconds until the next attempt may be made: 0, then 1 s after the free ones, 2, 4 … 300. */
export function delayOf({ count, lastAt }: Failures, free: number, now: number): number {
  if (count < free) return 0
  const delay = Math.min(FIRST_DELAY * 2 ** (count - free), MAX_DELAY)
  return Math.max(0, lastAt + delay - now)
}

/** With one more. */
export function withFailure(failures: Failures, now: number): Failures {
  const forgotten = now >= forgottenAt(failures)
  return { count: forgotten ? 1 : failures.count + 1, lastAt: now }
}

/** Without the attempt that turned out to be none. */
export function withoutFailure({ count, lastAt }: Failures): Failures {
  return count > 1 ? { count: count - 1, lastAt } : NO_FAILURES
}

/** When the failures are forgotten; milliseconds since 1970. */
export function forgottenAt({ lastAt }: Failures): number {
  return lastAt + FORGOTTEN_AFTER
}
