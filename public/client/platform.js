// @ts-check
// The only place that touches a clock, dice, timers and the network's state. Whatever is here can be
// replaced, by a test or by a host that has other ones.

/** @typedef {import('./room-client.js').Platform} Platform */

/** Digits of a random key: 128 bits. */
const KEY_DIGITS = 32

/**
 * A browser has no `randomUUID` on a page over http, and React Native no `crypto` at all. A key is no secret: it
 * tells what one person says apart, so the platform's dice will do where there is nothing better.
 */
function newKey() {
  const { crypto } = globalThis
  if (typeof crypto?.randomUUID === 'function') return crypto.randomUUID()
  if (typeof crypto?.getRandomValues === 'function') {
    return [...crypto.getRandomValues(new Uint8Array(KEY_DIGITS / 2))].map(twoDigits).join('')
  }
  return Array.from({ length: KEY_DIGITS }, () => Math.floor(Math.random() * 16).toString(16)).join(
    '',
  )
}

/** @param {number} byte */
const twoDigits = (byte) => byte.toString(16).padStart(2, '0')

/** What stompjs cannot do without. */
const NEEDED = /** @type {const} */ (['TextEncoder', 'TextDecoder'])

/**
 * What this platform lacks; undefined where there is nothing.
 * @param {unknown} WebSocket the class that the client was given, or found
 */
export function lackOf(WebSocket) {
  const lacking = NEEDED.filter((name) => typeof globalThis[name] !== 'function')
  const names = [...lacking, ...(typeof WebSocket === 'function' ? [] : ['WebSocket'])]
  return names.length === 0 ? undefined : new Error(`this platform has no ${names.join(', no ')}`)
}

/** React Native cuts a text message at its first NUL, where a frame of STOMP ends. */
export const cutsTexts = () => globalThis.navigator?.product === 'ReactNative'

/** @typedef {ReturnType<typeof createLife>} Life */

/** Something that ends once. Plain, since not every platform has a whole AbortController. */
export function createLife() {
  /** @type {Set<() => void>} */
  const listeners = new Set()
  let over = false
  return {
    get over() {
      return over
    },

    end: () => {
      over = true
      for (const listener of listeners) listener()
    },

    /** Returns the function that stops listening. @param {() => void} listener */
    onEnd: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** @type {Platform} */
export const PLATFORM = {
  now: () => Date.now(),
  random: () => Math.random(),
  newKey,
  setTimeout: (act, delay) => globalThis.setTimeout(act, delay),
  clearTimeout: (timer) => globalThis.clearTimeout(/** @type {number | undefined} */ (timer)),
  // Outside a browser there may be no navigator, or one that does not know.
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
 * @param {Life} [wanted] nobody waits beyond its end
 * @returns {Promise<T>}
 */
export async function within({ setTimeout, clearTimeout }, delay, promise, wanted) {
  /** @type {unknown} */
  let timer
  /** @type {(() => void) | undefined} */
  let stopListening
  const end = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came in ${delay} ms`)), delay)
    const abandon = () => reject(new Error('nobody waits any more'))
    if (wanted?.over) abandon()
    stopListening = wanted?.onEnd(abandon)
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
    stopListening?.()
  }
}
