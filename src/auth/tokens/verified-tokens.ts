// Access tokens of ours whose signature was verified, with what they say: a client shows the same
// token again and again, at the gateway and in rooms. Only the signature is remembered. Whether the
// token has expired is checked each time, and the account is asked about its sign-in as usual.

import type { JSONWebKeySet } from 'jose'
import type { AccessClaims } from './access-token.ts'

/** Tokens of one set of keys: a little more than a kilobyte each. */
const MOST_TOKENS = 2000
/** Characters: longer ones are verified each time. */
const MOST_CHARACTERS = 2000
/** Sets of keys: the one of now, and those that were. */
const MOST_SETS = 2

interface Verified {
  readonly claims: AccessClaims
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Those that one set of keys has verified, for one issuer. */
export class VerifiedTokens {
  readonly #verified = new Map<string, Verified>()

  /** What a verified token says; undefined where it has ended, or the clock went back. */
  get(token: string, now: number): AccessClaims | undefined {
    const known = this.#verified.get(token)
    if (!known) return undefined
    const { claims, at } = known
    this.#verified.delete(token)
    if (now < at || claims.expiresAt * 1000 <= now) return undefined
    // The one used last comes last.
    this.#verified.set(token, known)
    return claims
  }

  /** Remembers a token that was just verified. `now` in milliseconds since 1970. */
  add(token: string, claims: AccessClaims, now: number): void {
    if (token.length > MOST_CHARACTERS) return
    dropOldest(this.#verified, MOST_TOKENS - 1)
    this.#verified.set(token, { claims, at: now })
  }
}

/** In an isolate, the gateway and its rooms have the same keys: they share what is known. */
const bySet = new Map<string, VerifiedTokens>()

/**
 * Those of a set of keys and an issuer. Any change of the set begins anew, so a key that was
 * removed verifies nothing.
 */
export function verifiedBy(set: JSONWebKeySet, issuer: string): VerifiedTokens {
  const name = JSON.stringify([issuer, set])
  const known = bySet.get(name) ?? new VerifiedTokens()
  bySet.delete(name)
  dropOldest(bySet, MOST_SETS - 1)
  bySet.set(name, known)
  return known
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return
    map.delete(key)
  }
}
