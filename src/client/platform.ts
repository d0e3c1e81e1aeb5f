// The only place that touches a clock, dice, timers and the network's state. Whatever is here can be
// replaced, by a test or by a host that has other ones.

import type { WebSocketClass } from './stomp-client.ts'

/** The world around the client. */
export interface Platform {
  /** Milliseconds since 1970. */
  now(): number
  /** In [0, 1). */
  random(): number
  /** A word that nobody has used before. */
  newKey(): string
  setTimeout(act: () => void, delay: number): unknown
  clearTimeout(timer: unknown): void
  isOnline(): boolean
  /** Listens to the network's comings and goings; gives the function that ends it. */
  onNetwork(up: () => void, down: () => void): () => void
}

/**
 * What a platform may have. React Native, workers, Node and browsers differ, and so do their types: so
 * each thing is looked for, and none is taken for granted.
 */
interface Host {
  readonly WebSocket?: WebSocketClass
  readonly TextEncoder?: unknown
  readonly TextDecoder?: unknown
  readonly crypto?: {
    randomUUID?(): string
    getRandomValues?(bytes: Uint8Array): Uint8Array
  }
  readonly navigator?: { readonly onLine?: boolean; readonly product?: string }
  addEventListener?(type: 'online' | 'offline', listener: () => void): void
  removeEventListener?(type: 'online' | 'offline', listener: () => void): void
}

/** Looked at anew each time: a platform may be completed after this module was loaded. */
const host = (): Host => globalThis as unknown as Host

/** The platform's own class, where it has one. */
export const ownWebSocket = (): WebSocketClass | undefined => host().WebSocket

/** Digits of a random key: 128 bits. */
const KEY_DIGITS = 32

/**
 * A browser has no `randomUUID` on a page over http, and React Native no `crypto` at all. A key is no secret: it
 * tells what one person says apart, so the platform's dice will do where there is nothing better.
 */
function newKey() {
  const { crypto } = host()
  if (typeof crypto?.randomUUID === 'function') return crypto.randomUUID()
  if (typeof crypto?.getRandomValues === 'function') {
    return [...crypto.getRandomValues(new Uint8Array(KEY_DIGITS / 2))].map(twoDigits).join('')
  }
  return Array.from({ length: KEY_DIGITS }, () => Math.floor(Math.random() * 16).toString(16)).join(
    '',
  )
}

const twoDigits = (byte: number) => byte.toString(16).padStart(2, '0')

/** What stompjs cannot do without. */
const NEEDED = ['TextEncoder', 'TextDecoder'] as const

/**
 * What this platform lacks; undefined where there is nothing.
 * @param WebSocket the class that the client was given, or found
 */
export function missingFeatures(WebSocket: unknown) {
  const lacking = NEEDED.filter((name) => typeof host()[name] !== 'function')
  const names = [...lacking, ...(typeof WebSocket === 'function' ? [] : ['WebSocket'])]
  return names.length === 0 ? undefined : new Error(`this platform has no ${names.join(', no ')}`)
}

/** React Native cuts a text message at its first NUL, where a frame of STOMP ends. */
export const needsBinaryFrames = () => host().navigator?.product === 'ReactNative'

export type Life = ReturnType<typeof createLife>

/** Something that ends once. Plain, since not every platform has a whole AbortController. */
export function createLife() {
  const listeners: Set<() => void> = new Set()
  let over = false
  return {
    get over() {
      return over
    },

    end: () => {
      over = true
      for (const listener of listeners) listener()
    },

    /** Returns the function that stops listening. */
    onEnd: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const PLATFORM: Platform = {
  now: () => Date.now(),
  random: () => Math.random(),
  newKey,
  setTimeout: (act, delay) => globalThis.setTimeout(act, delay),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number | undefined),
  // Outside a browser there may be no navigator, or one that does not know.
  isOnline: () => host().navigator?.onLine !== false,

  onNetwork: (up, down) => {
    if (typeof host().addEventListener !== 'function') return () => {}
    host().addEventListener?.('online', up)
    host().addEventListener?.('offline', down)
    return () => {
      host().removeEventListener?.('online', up)
      host().removeEventListener?.('offline', down)
    }
  },
}

/**
 * What a promise gives, if it does so in time and is still wanted; otherwise it rejects.
 * @param wanted nobody waits beyond its end
 */
export async function within<T>(
  { setTimeout, clearTimeout }: Platform,
  delay: number,
  promise: Promise<T>,
  wanted?: Life,
): Promise<T> {
  let timer: unknown
  let stopListening: (() => void) | undefined
  const end = new Promise<never>((_, reject) => {
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
