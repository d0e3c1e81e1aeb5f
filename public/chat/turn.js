// @ts-check
// Whatever gives or takes the refresh cookie, in one tab at a time.
import { ApiError } from './request.js'

const LOCK = 'stompbox.identity'
const LOCK_MS = 30_000

/** The turns of this tab, one after the other. @type {Promise<unknown>} */
let last = Promise.resolve()

/**
 * Waits for its turn among the tabs, because a refresh token is good once. Throws ApiError.
 *
 * A page over http, on a name of a local network, has no locks: there each tab has its own turns. Two tabs that refresh at
 * once are given the same successor.
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function alone(act) {
  // Typed as always there; browsers have it in secure contexts alone.
  const locks = /** @type {LockManager | undefined} */ (navigator.locks)
  if (!locks) return await inTurn(act)
  const signal = AbortSignal.timeout(LOCK_MS)
  try {
    return await locks.request(LOCK, { signal }, act)
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new ApiError(0, 'unreachable') : error
  }
}

/**
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
function inTurn(act) {
  const turn = last.then(act)
  last = turn.catch(() => {})
  return turn
}
