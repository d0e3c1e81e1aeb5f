// Access tokens, ours and those of trusted issuers: each by its own issuer's keys and rules alone.

import { type AccessClaims, verifyAccessToken } from './access-token.ts'
import type { Fetch } from './remote-keys.ts'
import { TokenError } from './token-error.ts'
import { TrustedIssuer, type TrustedIssuerRules } from './trusted-issuer.ts'
import type { Verifier } from './verifier.ts'
import { claimedIssuer } from './verify.ts'

/** What verifying needs. */
export interface AccessNeeds {
  /** Of tokens of ours. */
  readonly own: Verifier
  /** The `iss` of tokens of ours. */
  readonly issuer: string
  readonly trustedIssuers: readonly TrustedIssuerRules[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly fetch?: Fetch
}

export class AccessVerifier {
  readonly #own: Verifier
  readonly #issuer: string
  readonly #trusted: ReadonlyMap<unknown, TrustedIssuer>
  readonly #now: () => number

  constructor({ own, issuer, trustedIssuers, now, fetch = platformFetch }: AccessNeeds) {
    this.#own = own
    this.#issuer = issuer
    this.#now = now
    this.#trusted = new Map(
      trustedIssuers.map((rules) => [rules.issuer, new TrustedIssuer(rules, fetch, now)]),
    )
  }

  /**
   * What an access token says, once it holds by the rules of the issuer that it names.
   *
   * @throws TokenError `token-invalid`, `token-expired`, `token-early` or `unavailable`.
   */
  async verify(token: string): Promise<AccessClaims> {
    const issuer = claimedIssuer(token)
    const now = this.#now()
    if (issuer === this.#issuer) {
      return this.#own.run((findKey) => verifyAccessToken(token, findKey, this.#issuer, now))
    }
    const trusted = this.#trusted.get(issuer)
    if (!trusted) throw new TokenError('token-invalid', 'issuer')
    return trusted.verify(token, now)
  }
}

/** The platform's own `fetch` must be called without a `this`. */
const platformFetch: Fetch = (url, options) => fetch(url, options)
