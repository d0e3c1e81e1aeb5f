// A lock between tabs for every request that sets or clears the refresh cookie.

import { HttpRefusal } from '../../client/index.ts'

const LOCK = 'stompbox.identity'
const LOCK_MS = 30_000

/** The newest turn of this tab. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Runs `act` when no other tab does, because a refresh token can be used only once.
 *
 * A page over http on a local network has no locks, so only the turns of this tab are in order. Two
 * tabs that refresh at once get the same new token from the server.
 *
 * @throws HttpRefusal
 */
export async function withTabLock<T>(act: () => Promise<T>): Promise<T> {
  // The type says that it is always there, but browsers have it only in secure contexts.
  const locks = navigator.locks as LockManager | undefined
  if (!locks) return await inTurn(act)
  const signal = AbortSignal.timeout(LOCK_MS)
  try {
    return await locks.request(LOCK, { signal }, act)
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new HttpRefusal(0, 'unreachable') : error
  }
}

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const turn = last.then(act)
  last = turn.catch(() => {})
  return turn
}
