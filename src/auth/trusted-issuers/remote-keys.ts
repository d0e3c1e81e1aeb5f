// The keys that somebody else publishes (a JWK set, RFC 7517, section 5): got, kept, and got again
// when they are old or one is unknown, but never more often than a limit allows.

import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import type { FindKey } from '../tokens/keys.ts'
import { TokenError } from '../tokens/token-error.ts'
import type { KeySource } from '../tokens/verifier.ts'

/** As the platform's own fetch; an argument so that tests need no network. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>

/** Milliseconds. How long an answer serves. */
const MAX_AGE = 10 * 60_000
/** After an answer, before an unknown key is a reason to ask again. */
const COOLDOWN = 30_000
/** After a failure. */
const RETRY = 5000
const TIMEOUT = 5000
/** Bytes of an answer. */
const MAX_BYTES = 131_072

interface Question {
  readonly at: number
  outcome: 'pending' | 'answered' | 'failed'
}

/** Another issuer's keys. All requests share an answer, but never a promise of one. */
export class RemoteKeys implements KeySource<FindKey> {
  readonly #url: string
  readonly #fetch: Fetch
  readonly #now: () => number
  #held: { readonly findKey: FindKey; readonly at: number } | undefined
  #last: Question | undefined

  constructor(url: string, fetch: Fetch, now: () => number) {
    this.#url = url
    this.#fetch = fetch
    this.#now = now
  }

  /**
   * The keys, not older than ten minutes.
   *
   * @throws TokenError `unavailable` where there are none, or newer ones are on their way.
   */
  async get(sooner = false): Promise<FindKey> {
    const now = this.#now()
    const held = this.#held && now - this.#held.at < MAX_AGE ? this.#held.findKey : undefined
    if (held && !sooner) return held
    const { at, outcome } = this.#last ?? { at: Number.NEGATIVE_INFINITY, outcome: 'answered' }
    if (outcome === 'failed' && now - at < RETRY) throw new TokenError('unavailable', 'keys')
    if (held && outcome !== 'failed' && now - at < COOLDOWN) {
      if (outcome === 'answered') return held
      // Another request is asking right now, and its answer may hold the key.
      throw new TokenError('unavailable', 'keys')
    }
    return this.#ask(now)
  }

  async #ask(at: number): Promise<FindKey> {
    const asked: Question = { at, outcome: 'pending' }
    this.#last = asked
    try {
      const findKey = createLocalJWKSet(await readKeySet(this.#url, this.#fetch))
      asked.outcome = 'answered'
      // A question put later may have been answered sooner.
      if (!this.#held || this.#held.at <= at) this.#held = { findKey, at }
      return findKey
    } catch (cause) {
      asked.outcome = 'failed'
      throw new TokenError('unavailable', 'keys', { cause })
    }
  }
}

async function readKeySet(url: string, fetch: Fetch): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { Accept: 'application/jwk-set+json, application/json', 'User-Agent': 'stompbox' },
    // A redirect would lead to keys that the configuration does not name.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answers ${response.status}`)
  }
  return JSON.parse(await boundedText(response))
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  let [bytes, text] = [0, '']
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_BYTES)
      throw new Error(`${response.url} answers with more than ${MAX_BYTES} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
