// The signing keys: making one, the shape they are kept in, when they rotate, and a cache of the
// public halves.

import {
  type CryptoKey,
  calculateJwkThumbprint,
  type createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose'

/** ECDSA with P-256 and SHA-256 (RFC 7518, section 3.4). */
export const ALGORITHM = 'ES256'

/** The key that signs (private, with its `kid`) and the public halves of all that verify. */
export interface KeyMaterial {
  readonly signing: JWK
  readonly verifying: JSONWebKeySet
}

/** What signs: a key and the id under which its public half is published. */
export interface SigningKey {
  readonly kid: string
  readonly key: CryptoKey
}

/** Finds the key that a token's header names, as jose asks for it. */
export type FindKey = ReturnType<typeof createLocalJWKSet>

/** A new private key whose `kid` is its thumbprint (RFC 7638). */
export async function generateSigningJwk(): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: 'sig' }
}

/** The half of a key that may be published. */
export function publicHalf({ d: _private, ...jwk }: JWK): JWK {
  return jwk
}

/** A key of the ring. */
export interface RingKey {
  readonly jwk: JWK
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/**
 * Seconds for which caches may sign with a key after there is a newer one: theirs, and some more.
 */
const CACHED = 600

/**
 * Whether it is time for a new key: there is none, or the newest is `lifetime` seconds old.
 *
 * @param ring the oldest first.
 * @param now milliseconds since 1970.
 */
export function rotationIsDue(ring: readonly RingKey[], lifetime: number, now: number): boolean {
  const newest = ring.at(-1)
  return newest === undefined || now >= newest.createdAt + lifetime * 1000
}

/**
 * Whether the last token that a key may have signed has ended.
 *
 * @param next the key that came after it; the newest never has an end.
 * @param tokenLifetime seconds; of the longest-lived kind of token.
 * @param now milliseconds since 1970.
 */
export function isKeyExpired(
  next: RingKey | undefined,
  tokenLifetime: number,
  now: number,
): boolean {
  return next !== undefined && now >= next.createdAt + (CACHED + tokenLifetime) * 1000
}

/**
 * Makes a stored private key ready to sign.
 *
 * @throws Error for a key that is not private, or has no `kid`.
 */
export async function importSigningKey(jwk: JWK): Promise<SigningKey> {
  const key = await importJWK(jwk, ALGORITHM)
  if (key instanceof Uint8Array || jwk.kid === undefined) throw new Error('not a signing key')
  return { kid: jwk.kid, key }
}

/** Milliseconds. */
const MAX_AGE = 5 * 60_000
const MIN_GAP = 10_000

/**
 * Keeps what the key ring said for five minutes. A token with an unknown `kid` may ask again
 * sooner (a key may be new), but not more often than every ten seconds.
 */
export class KeyCache<Keys> {
  readonly #load: () => Promise<Keys>
  readonly #now: () => number
  #held: { readonly keys: Keys; readonly at: number } | undefined

  constructor(load: () => Promise<Keys>, now: () => number) {
    this.#load = load
    this.#now = now
  }

  /** The keys, not older than five minutes; `sooner` asks for ones not older than ten seconds. */
  async get(sooner = false): Promise<Keys> {
    const held = this.held(sooner ? MIN_GAP : MAX_AGE)
    if (held) return held
    // Only the result is kept, never the promise: it may belong to a request that is cancelled.
    const keys = await this.#load()
    this.#held = { keys, at: this.#now() }
    return keys
  }

  /** Those at hand, where they are not older than so many milliseconds. */
  held(maxAge = MAX_AGE): Keys | undefined {
    const held = this.#held
    return held && this.#now() - held.at < maxAge ? held.keys : undefined
  }

  /** Asks anew the next time. */
  forget(): void {
    this.#held = undefined
  }
}
