// @ts-check
// The only place that touches a clock, dice, timers and the network's state. Whatever is here can be
// replaced, by a test or by a host that has other ones.

/** @typedef {import('./room-client.js').Platform} Platform */

/** @type {Platform} */
export const PLATFORM = {
  now: () => Date.now(),
  random: () => Math.random(),
  newKey: () => crypto.randomUUID(),
  setTimeout: (act, delay) => globalThis.setTimeout(act, delay),
  clearTimeout: (timer) => globalThis.clearTimeout(/** @type {number | undefined} */ (timer)),
  // Because outside a browser there may be no navigator, or one that does not know.
  isOnline: () => globalThis.navigator?.onLine !== false,

  onNetwork: (up, down) => {
    if (typeof globalThis.addEventListener !== 'function') return () => {}
    globalThis.addEventListener('online', up)
    globalThis.addEventListener('offline', down)
    return () => {
      globalThis.removeEventListener('online', up)
      globalThis.removeEventListener('offline', down)
    }
  },
}

/**
 * What a promise gives, if it does so in time and is still wanted; otherwise it rejects.
 * @template T
 * @param {Platform} platform
 * @param {number} delay
 * @param {Promise<T>} promise
 * @param {AbortSignal} [unwanted]
 * @returns {Promise<T>}
 */
export async function within({ setTimeout, clearTimeout }, delay, promise, unwanted) {
  const over = new AbortController()
  /** @type {unknown} */
  let timer
  const end = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came in ${delay} ms`)), delay)
    const abandon = () => reject(new Error('nobody waits any more'))
    if (unwanted?.aborted) abandon()
    unwanted?.addEventListener('abort', abandon, { signal: over.signal })
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}
