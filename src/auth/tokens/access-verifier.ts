// Access tokens, ours and those of trusted issuers: each is verified with the keys and rules of its
// own issuer.

import type { JSONWebKeySet } from 'jose'
import type { Fetch } from '../trusted-issuers/remote-keys.ts'
import { TrustedIssuer, type TrustedIssuerRules } from '../trusted-issuers/trusted-issuer.ts'
import { type AccessClaims, verifyAccessToken } from './access-token.ts'
import { TokenError } from './token-error.ts'
import { type VerifiedTokens, verifiedBy } from './verified-tokens.ts'
import type { Verifier } from './verifier.ts'
import { claimedIssuer } from './verify.ts'

/** What verifying needs. */
interface AccessNeeds {
  /** Of tokens of ours. */
  readonly own: Verifier
  /** The `iss` of tokens of ours. */
  readonly issuer: string
  readonly trustedIssuers: readonly TrustedIssuerRules[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly fetch?: Fetch
}

/** Verifies access tokens, and remembers whose signature held. */
export class AccessVerifier {
  readonly #own: Verifier
  readonly #issuer: string
  readonly #trusted: ReadonlyMap<unknown, TrustedIssuer>
  readonly #now: () => number
  /** What was verified by the keys of now. */
  #verified: { readonly set: JSONWebKeySet; readonly tokens: VerifiedTokens } | undefined

  constructor({ own, issuer, trustedIssuers, now, fetch = platformFetch }: AccessNeeds) {
    this.#own = own
    this.#issuer = issuer
    this.#now = now
    this.#trusted = new Map(
      trustedIssuers.map((rules) => [rules.issuer, new TrustedIssuer(rules, fetch, now)]),
    )
  }

  /**
   * The claims of an access token, verified by the rules of the issuer that it names.
   *
   * @throws TokenError `token-invalid`, `token-expired`, `token-early` or `unavailable`.
   */
  async verify(token: string): Promise<AccessClaims> {
    const now = this.#now()
    const { held } = this.#own
    const known = held && this.#verifiedBy(held).get(token, now)
    if (known) return known
    const issuer = claimedIssuer(token)
    if (issuer === this.#issuer) {
      return this.#own.run(async (findKey, set) => {
        const claims = await verifyAccessToken(token, findKey, this.#issuer, now)
        this.#verifiedBy(set).add(token, claims, now)
        return claims
      })
    }
    const trusted = this.#trusted.get(issuer)
    if (!trusted) throw new TokenError('token-invalid', 'issuer')
    return trusted.verify(token, now)
  }

  /** Remembers a token that was signed here just now by the key of that id, as a verified one. */
  signed(token: string, kid: string, claims: AccessClaims): void {
    const { held } = this.#own
    const isKnown = held?.keys.some((key) => key.kid === kid) === true
    if (isKnown) this.#verifiedBy(held).add(token, claims, this.#now())
  }

  #verifiedBy(set: JSONWebKeySet): VerifiedTokens {
    if (this.#verified?.set !== set) {
      this.#verified = { set, tokens: verifiedBy(set, this.#issuer) }
    }
    return this.#verified.tokens
  }
}

/** The platform's own `fetch` must be called without a `this`. */
const platformFetch: Fetch = (url, options) => fetch(url, options)
