// @ts-check
// Whatever gives or takes the refresh cookie, in one tab at a time.
import { ApiError } from './request.js'

const LOCK = 'stompbox.identity'
const LOCK_MS = 30_000

/**
 * Waits for its turn among the tabs, because a refresh token is good once. Throws ApiError.
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function alone(act) {
  const signal = AbortSignal.timeout(LOCK_MS)
  try {
    return await navigator.locks.request(LOCK, { signal }, act)
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new ApiError(0, 'unreachable') : error
  }
}
