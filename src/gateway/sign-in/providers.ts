// The OpenID providers of the configuration, spoken to by openid-client: where a browser goes to
// sign in, and who came back. Nothing of cookies, sessions or accounts.

import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { OidcFlow } from '../../auth/openid/flow.ts'
import type { Config } from '../../config.ts'
import { Refusal } from '../../refusals.ts'

type Provider = Config['providers'][number]

/** `fetch`. */
type Ask = (address: string, options: RequestInit) => Promise<Response>

/** What must come back as it left. */
type Secrets = Pick<OidcFlow, 'state' | 'nonce' | 'verifier'>

/** Who a provider says somebody is. Issuer and subject identify the person; nothing else does. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** Names of the person, the best first, as the provider wrote them. */
  readonly names: readonly unknown[]
}

/** Of a new sign-in: each unguessable, and used once. */
export const newSecrets = (): Secrets => ({
  state: randomState(),
  nonce: randomNonce(),
  verifier: randomPKCECodeVerifier(),
})

/** Seconds that each request to a provider may take, its answer included. */
const DEADLINE = 5
/** Milliseconds for which the metadata of a provider are used. The library halves it for keys. */
const MAX_AGE = 10 * 60_000

/** Speaks to providers; holds their metadata for ten minutes. */
export class Providers {
  readonly #providers: ReadonlyMap<string, Provider>
  readonly #fetch: CustomFetch
  readonly #now: () => number
  /** Results alone, never promises: one may belong to a request that is cancelled. */
  readonly #held = new Map<string, { readonly configuration: Configuration; readonly at: number }>()

  constructor(providers: readonly Provider[], ask: Ask, now: () => number) {
    this.#providers = new Map(providers.map((provider) => [provider.id, provider]))
    this.#fetch = secured(ask)
    this.#now = now
  }

  /**
   * Where a browser signs in.
   *
   * @throws Refusal `provider-unknown`, `provider-unavailable`.
   */
  async authorizationUrl(id: string, secrets: Secrets, redirectUri: string): Promise<URL> {
    const provider = this.#find(id)
    const configuration = await this.#configuration(provider)
    const parameters = {
      redirect_uri: redirectUri,
      scope: provider.scope,
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
      code_challenge_method: 'S256',
    }
    try {
      return buildAuthorizationUrl(configuration, parameters)
    } catch (error) {
      return unavailable(error)
    }
  }

  /**
   * Who came back to `url`: checks `iss` and `state` of the answer, gets the ID token for the code,
   * and checks its signature, issuer, audience, nonce and time.
   *
   * @throws Refusal `provider-unknown`, `provider-unavailable`, `provider-refused`; its detail is a
   * code of the provider or of the library.
   */
  async redeemCode(id: string, url: URL, { state, nonce, verifier }: Secrets): Promise<Identity> {
    const configuration = await this.#configuration(this.#find(id))
    const answer = await authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
    }).catch(refuse)
    const claims = answer.claims()
    if (claims === undefined) throw new Refusal('provider-refused', 'no ID token')
    const { iss, sub } = claims
    if (!isSubject(sub)) throw new Refusal('provider-refused', 'sub')
    const names = [claims.name, claims.preferred_username]
    if (names.some((name) => typeof name === 'string')) return { issuer: iss, subject: sub, names }
    // Claims of the scope `profile` may only be there (OpenID Connect Core, section 5.4).
    const info = await fetchUserInfo(configuration, answer.access_token, sub).catch(() => undefined)
    return { issuer: iss, subject: sub, names: [info?.name, info?.preferred_username] }
  }

  #find(id: string): Provider {
    const provider = this.#providers.get(id)
    if (provider === undefined) throw new Refusal('provider-unknown')
    return provider
  }

  async #configuration(provider: Provider): Promise<Configuration> {
    const { id, issuer, clientId, clientSecret } = provider
    const held = this.#held.get(id)
    if (held && this.#now() - held.at < MAX_AGE) return held.configuration
    const url = new URL(issuer)
    const configuration = await discovery(url, clientId, undefined, authentication(clientSecret), {
      [customFetch]: this.#fetch,
      timeout: DEADLINE,
      // The signature is checked although the token comes straight from the provider.
      execute: [enableNonRepudiationChecks, ...(isLoopback(url) ? [allowInsecureRequests] : [])],
    }).catch(unavailable)
    this.#held.set(id, { configuration, at: this.#now() })
    return configuration
  }
}

/**
 * Not longer than it may be (OpenID Connect Core, section 2), and without lone surrogates: all of
 * them become the same bytes, so two people would be one.
 */
const isSubject = (sub: string) => sub.length <= 255 && sub.isWellFormed() && !/\p{Cc}/u.test(sub)

/** A secret is sent as RFC 6749, section 2.3.1, prefers; a public client has PKCE alone. */
function authentication(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None()
  const basic = ClientSecretBasic(secret)
  const post = ClientSecretPost(secret)
  return (server, client, body, headers) => {
    // A server that says nothing means Basic (OpenID Connect Discovery, section 3).
    const known = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const chosen = known.includes('client_secret_basic') ? basic : post
    chosen(server, client, body, headers)
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const isLoopback = ({ protocol, hostname }: URL) => protocol === 'http:' && LOOPBACK.has(hostname)

/** Metadata may name any address, so http is allowed to this machine only. */
const secured =
  (ask: Ask): CustomFetch =>
  async (address, options) => {
    const url = new URL(address)
    if (url.protocol !== 'https:' && !isLoopback(url)) throw new Error('https is wanted')
    return ask(address, options as RequestInit)
  }

/** Codes for no answer, or a malformed one. */
const NO_ANSWER = new Set([
  undefined,
  'server_error',
  'temporarily_unavailable',
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
])

/** As RFC 6749 and the library write them. */
const CODE = /^\w{1,50}$/

function unavailable(error: unknown): never {
  throw new Refusal('provider-unavailable', codeOf(error))
}

function refuse(error: unknown): never {
  const code = codeOf(error)
  throw new Refusal(NO_ANSWER.has(code) ? 'provider-unavailable' : 'provider-refused', code)
}

/** The code of an error, and nothing else of it: causes hold tokens and what a browser sent. */
function codeOf(error: unknown): string | undefined {
  const said = error instanceof AuthorizationResponseError || error instanceof ResponseBodyError
  const codes: unknown[] = [said && error.error, (error as { code?: unknown }).code]
  return codes.find((code) => typeof code === 'string' && CODE.test(code)) as string | undefined
}
