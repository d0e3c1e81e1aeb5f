// Another issuer whose tokens are accepted: with which keys, and only with the algorithm of those
// keys (RFC 8725, section 3.1).

import type { JWTVerifyGetKey } from 'jose'
import type { AccessClaims } from '../tokens/access-token.ts'
import { type KeySource, withKeys } from '../tokens/verifier.ts'
import { kind, verifyAny } from '../tokens/verify.ts'
import { type FederatedNames, federatedClaims } from './federated-claims.ts'
import { type Fetch, RemoteKeys } from './remote-keys.ts'

/** A trusted issuer of the configuration. */
export interface TrustedIssuerRules extends FederatedNames {
  readonly issuer: string
  readonly audience: string
  /** The address of a JWK set, or a secret of 32 bytes at least. */
  readonly keys: { readonly jwks: string } | { readonly secret: string }
  /** The `typ` that its tokens have; undefined: none, `JWT` or `at+jwt`. */
  readonly typ?: string | undefined
  /** Seconds that the issuer's clock may be ahead. */
  readonly leeway: number
}

const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519']
const SECRET_ALGORITHMS = ['HS256']
const KINDS = [undefined, 'jwt', 'at+jwt']

/** Verifies the tokens of one trusted issuer. */
export class TrustedIssuer {
  readonly #rules: TrustedIssuerRules
  readonly #keys: KeySource<JWTVerifyGetKey>
  readonly #algorithms: readonly string[]
  readonly #kinds: readonly (string | undefined)[]

  constructor(rules: TrustedIssuerRules, fetch: Fetch, now: () => number) {
    this.#rules = rules
    this.#kinds = rules.typ === undefined ? KINDS : [kind(rules.typ)]
    if ('jwks' in rules.keys) {
      this.#algorithms = PUBLIC_KEY_ALGORITHMS
      this.#keys = new RemoteKeys(rules.keys.jwks, fetch, now)
    } else {
      this.#algorithms = SECRET_ALGORITHMS
      this.#keys = sharedSecret(rules.keys.secret)
    }
  }

  /**
   * What a token says, once its signature, type, issuer, audience and time hold.
   *
   * @param now milliseconds since 1970.
   * @throws TokenError `token-invalid`, `token-expired`, `token-early` or `unavailable`.
   */
  async verify(token: string, now: number): Promise<AccessClaims> {
    const { issuer, audience, leeway } = this.#rules
    const expected = {
      ...{ issuer, audience, now, leeway, kinds: this.#kinds, algorithms: this.#algorithms },
      requiredClaims: ['sub', 'exp'],
    }
    const claims = await withKeys(this.#keys, (findKey) => verifyAny(token, findKey, expected))
    return federatedClaims(claims, this.#rules, now)
  }
}

/** A secret is one key, whatever `kid` says. */
function sharedSecret(secret: string): KeySource<JWTVerifyGetKey> {
  const key = new TextEncoder().encode(secret)
  return { get: async () => () => key }
}
