// The only place that touches the clock, randomness, timers and the network's state. A test or
// another host can replace each of them.

import type { WebSocketClass } from './stomp-client.ts'

/** The platform around the client. */
export interface Platform {
  /** Milliseconds since 1970. */
  now(): number
  /** In [0, 1). */
  random(): number
  /** A unique key. */
  newKey(): string
  /** Returns what `clearTimeout` takes; `delay` in milliseconds. */
  setTimeout(act: () => void, delay: number): unknown
  clearTimeout(timer: unknown): void
  /** False only if the platform is sure that there is no network. */
  isOnline(): boolean
  /** Listens for the network going up and down. Returns the function that stops it. */
  onNetwork(up: () => void, down: () => void): () => void
}

/**
 * What a platform may have. React Native, workers, Node and browsers differ, and so do their types,
 * so every feature is optional here.
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

/** Read each time, because an application may add features after this module was loaded. */
const host = (): Host => globalThis as unknown as Host

/** The platform's own class, if it has one. */
export const ownWebSocket = (): WebSocketClass | undefined => host().WebSocket

/** Hexadecimal digits of a random key of 128 bits. */
const KEY_DIGITS = 32

/**
 * A browser has no `randomUUID` on a page over http, and React Native has no `crypto`. A key is no
 * secret. It only tells the entries of one person apart, so Math.random is good enough as a last
 * resort.
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

/** What stompjs needs. */
const NEEDED = ['TextEncoder', 'TextDecoder'] as const

/**
 * An error that names the missing features of this platform, or undefined.
 *
 * @param WebSocket the class that the client was given, or found
 */
export function missingFeatures(WebSocket: unknown) {
  const lacking = NEEDED.filter((name) => typeof host()[name] !== 'function')
  const names = [...lacking, ...(typeof WebSocket === 'function' ? [] : ['WebSocket'])]
  return names.length === 0 ? undefined : new Error(`this platform has no ${names.join(', no ')}`)
}

/** React Native cuts a text message at its first NUL, and a STOMP frame ends with one. */
export const needsBinaryFrames = () => host().navigator?.product === 'ReactNative'

/** What ends with the client. */
export type Lifetime = ReturnType<typeof createLifetime>

/**
 * Something that ends once. Not an AbortController, because some platforms have an incomplete one.
 */
export function createLifetime() {
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

/** The platform that the module was loaded on. */
export const PLATFORM: Platform = {
  now: () => Date.now(),
  random: () => Math.random(),
  newKey,
  setTimeout: (act, delay) => globalThis.setTimeout(act, delay),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number | undefined),
  // Outside a browser there may be no navigator, or one without `onLine`.
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
 * The result of a promise. Rejects after `delay` milliseconds, or when `wanted` ends.
 */
export async function withTimeout<T>(
  { setTimeout, clearTimeout }: Platform,
  delay: number,
  promise: Promise<T>,
  wanted?: Lifetime,
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
