// A real OpenID provider on loopback: the certified `oidc-provider`, with its own pages to sign in.
// Whoever signs in there is whom they say they are; any password will do.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type AccountClaims, type ClientMetadata } from 'oidc-provider'

export interface OpenIdProvider {
  readonly issuer: string
  /** What is told of somebody beside `sub`, by login; of others the mail that they all have. */
  readonly people: Map<string, Omit<AccountClaims, 'sub'>>
  /** Opens for a client; nothing is answered before. */
  open(client: ClientMetadata): Promise<void>
  /**
   * Somebody signs in and says yes at the address where their browser was sent: where it goes next.
   */
  authorize(address: string, login: string): Promise<URL>
  /** Somebody says no there. */
  refuse(address: string): Promise<URL>
  close(): Promise<void>
}

export const SHARED_MAIL = { email: 'us@example.com', email_verified: true }

/** Listens on a free port. `talkative`: the ID token says what else only `userinfo` does. */
export async function startProvider({ talkative = false } = {}): Promise<OpenIdProvider> {
  let serve: ReturnType<Provider['callback']> | undefined
  const server = createServer((request, response) => {
    if (serve) serve(request, response)
    else response.writeHead(503).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // By another host than the Worker's: to a browser, it is another site.
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const people: OpenIdProvider['people'] = new Map()

  const open = async (client: ClientMetadata) => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const provider = new Provider(issuer, {
      clients: [client],
      conformIdTokenClaims: !talkative,
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
      cookies: { keys: ['a key of the test'] },
      // The provider writes each lifetime that is not set to the console.
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
      claims: {
        openid: ['sub'],
        profile: ['name', 'preferred_username'],
        email: ['email', 'email_verified'],
      },
      findAccount: async (_context, login) => ({
        accountId: login,
        claims: async () => ({ sub: login, ...SHARED_MAIL, ...people.get(login) }),
      }),
    })
    serve = provider.callback()
  }

  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }

  return {
    ...{ issuer, people, open, close },
    authorize: async (address, login) => {
      const browser = new BareBrowser(issuer)
      const form = await browser.follow(address)
      const consent = await browser.follow(form, { prompt: 'login', login, password: 'any' })
      return browser.follow(consent, { prompt: 'consent' })
    },
    refuse: async (address) => {
      const browser = new BareBrowser(issuer)
      const form = await browser.follow(address)
      return browser.follow(`${form}/abort`)
    },
  }
}

/**
 * A browser with no more than it takes: it keeps the cookies of one site, and goes where it is
 * sent.
 */
class BareBrowser {
  readonly #site: string
  readonly #cookies = new Map<string, string>()

  constructor(site: string) {
    this.#site = site
  }

  /** Until there is a page, or the way leads to another site, where it does not go. */
  async follow(address: string | URL, form?: Record<string, string>): Promise<URL> {
    const answer = await fetch(address, {
      redirect: 'manual',
      headers: { Cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    const location = answer.headers.get('Location')
    if (location === null && answer.ok) return new URL(address)
    if (location === null) throw new Error(`the provider answered ${answer.status}`)
    const next = new URL(location, address)
    return next.origin === this.#site ? this.follow(next) : next
  }
}
