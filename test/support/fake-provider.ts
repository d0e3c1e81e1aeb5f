// An OpenID provider behind `fetch`, for tests without a network: it does what a right one does,
// and whatever wrong a test wants of it.

import { exportJWK, generateKeyPair, SignJWT } from 'jose'

const ALGORITHM = 'ES256'

type Keys = ReturnType<typeof generateKeyPair>

let keys: Keys | undefined

export const newKeys = () => generateKeyPair(ALGORITHM)

/** What a browser was sent with, by the code that it got. */
interface Grant {
  readonly asked: URLSearchParams
  readonly claims: Readonly<Record<string, unknown>>
}

export class FakeProvider {
  readonly issuer: string
  /** Every request: its path, and its form where it has one. */
  readonly requests: { path: string; form: URLSearchParams; authorization: string | null }[] = []
  /** Stand in for the provider's own answers, by path. */
  readonly answers = new Map<string, () => Response | Promise<Response>>()
  readonly metadata: Record<string, unknown>
  /** What `userinfo` says beside `sub`. */
  info: Record<string, unknown> = {}
  readonly #keys: Keys
  readonly #grants = new Map<string, Grant>()

  /** All have the same keys, but for those who bring their own. */
  constructor(issuer = 'https://id.example', ownKeys?: Keys) {
    this.issuer = issuer
    keys ??= newKeys()
    this.#keys = ownKeys ?? keys
    this.metadata = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      // The last two are not to be taken from anybody, whatever they say.
      id_token_signing_alg_values_supported: [ALGORITHM, 'HS256', 'none'],
      authorization_response_iss_parameter_supported: true,
    }
  }

  /** Somebody signs in at the address where their browser was sent; gives where it goes next. */
  authorize(address: string, claims: Record<string, unknown> = { sub: 'ann' }): URL {
    const { searchParams: asked } = new URL(address)
    const code = `code${this.#grants.size}`
    this.#grants.set(code, { asked, claims })
    return this.back(address, { code })
  }

  /** The way back from there, with another answer. */
  back(address: string, answer: Record<string, string>): URL {
    const { searchParams: asked } = new URL(address)
    const url = new URL(asked.get('redirect_uri') ?? '')
    const state = asked.get('state') ?? ''
    for (const [name, value] of Object.entries({ ...answer, state, iss: this.issuer })) {
      url.searchParams.set(name, value)
    }
    return url
  }

  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const url = new URL(address)
    const form = new URLSearchParams(init.body === undefined ? '' : String(init.body))
    const authorization = new Headers(init.headers).get('Authorization')
    this.requests.push({ path: url.pathname, form, authorization })
    if (url.origin !== this.issuer) throw new TypeError('no such host')
    const standIn = this.answers.get(url.pathname)
    if (standIn) return standIn()
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return Response.json(this.metadata)
      case '/jwks':
        return Response.json({ keys: [await exportJWK((await this.#keys).publicKey)] })
      case '/token':
        return this.#token(form)
      case '/userinfo':
        return Response.json({ sub: authorization?.slice('Bearer '.length), ...this.info })
      default:
        return new Response(null, { status: 404 })
    }
  }

  async #token(form: URLSearchParams): Promise<Response> {
    const code = form.get('code') ?? ''
    const grant = this.#grants.get(code)
    this.#grants.delete(code)
    const isRight =
      grant !== undefined &&
      form.get('redirect_uri') === grant.asked.get('redirect_uri') &&
      (await challengeOf(form.get('code_verifier') ?? '')) === grant.asked.get('code_challenge')
    if (!isRight) return Response.json({ error: 'invalid_grant' }, { status: 400 })
    const { asked, claims } = grant
    const idToken = await this.idToken({
      ...{ iss: this.issuer, aud: asked.get('client_id'), nonce: asked.get('nonce') },
      ...claims,
    })
    return Response.json({ access_token: claims.sub, token_type: 'Bearer', id_token: idToken })
  }

  /** Signed by today's key, for five minutes. */
  async idToken(claims: Record<string, unknown>): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    return new SignJWT({ iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: ALGORITHM })
      .sign((await this.#keys).privateKey)
  }
}

/** RFC 7636, section 4.2. */
async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return Buffer.from(digest).toString('base64url')
}
