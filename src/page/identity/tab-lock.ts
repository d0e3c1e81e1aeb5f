// Whatever gives or takes the refresh cookie, in one tab at a time.

import { ApiError } from '../api/request.ts'

const LOCK = 'stompbox.identity'
const LOCK_MS = 30_000

/** The turns of this tab, one after the other. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Waits for its turn among the tabs, because a refresh token is good once. Throws ApiError.
 *
 * A page over http, on a name of a local network, has no locks: there each tab has its own turns.
 * Two tabs that refresh at once are given the same successor.
 */
export async function withTabLock<T>(act: () => Promise<T>): Promise<T> {
  // Typed as always there; browsers have it in secure contexts alone.
  const locks = navigator.locks as LockManager | undefined
  if (!locks) return await inTurn(act)
  const signal = AbortSignal.timeout(LOCK_MS)
  try {
    return await locks.request(LOCK, { signal }, act)
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new ApiError(0, 'unreachable') : error
  }
}

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const turn = last.then(act)
  last = turn.catch(() => {})
  return turn
}
