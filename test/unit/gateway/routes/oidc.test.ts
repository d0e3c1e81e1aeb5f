import { SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RefusalCode } from '../../../../src/refusals.ts'
import {
  asking,
  HERE,
  type Headers,
  type Json,
  jsonOf,
  refusalIn,
} from '../../../support/asking.ts'
import { refreshTokenOf } from '../../../support/fake-backend.ts'
import { FakeProvider, newKeys } from '../../../support/fake-provider.ts'

const SECRET = 'of the client, at least 32 bytes'
const ISSUER_SECRET = 'of the trusted issuer, 32 bytes or more'
const ENV = {
  OIDC_PROVIDERS: JSON.stringify([
    {
      ...{ id: 'test', name: 'Test', issuer: 'https://id.example' },
      ...{ clientId: 'us', clientSecret: 'CLIENT_SECRET' },
    },
    { id: 'other', name: 'Other', issuer: 'https://other.example', clientId: 'we' },
  ]),
  TRUSTED_ISSUERS: JSON.stringify([
    { name: 'app', issuer: 'app', audience: 'chat', secret: 'ISSUER_SECRET' },
  ]),
  CLIENT_SECRET: SECRET,
  ISSUER_SECRET,
}
const PATH = '/api/auth/oidc/test'

const scene = asking()
let provider: FakeProvider
let other: FakeProvider

beforeEach(() => {
  provider = new FakeProvider()
  other = new FakeProvider('https://other.example')
  vi.stubGlobal('fetch', (address: string, init: RequestInit) =>
    (address.startsWith(other.issuer) ? other : provider).fetch(address, init),
  )
  scene.start(ENV)
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A browser's way out: where it is sent, and the cookie that it keeps. */
interface Leaving {
  readonly to: string
  readonly cookie: string
}

const setCookies = (answer: Response) => answer.headers.getSetCookie()
const cookieIn = (answer: Response) => setCookies(answer)[0]?.split(';', 1)[0] ?? ''

async function leave(path = PATH): Promise<Leaving> {
  const answer = await scene.ask(path)
  return { to: answer.headers.get('Location') ?? '', cookie: cookieIn(answer) }
}

async function leaveToLink({ bearer, refreshToken }: SignedIn): Promise<Leaving> {
  const answer = await scene.send('POST', `${PATH}?returnTo=/me`, { refreshToken }, bearer)
  return { to: (await jsonOf(answer.clone())).url, cookie: cookieIn(answer) }
}

type SignedIn = Awaited<ReturnType<typeof scene.signIn>>

/** The page that began a link finishes it with what the callback has left in its browser. */
const finish = (answer: Response, { bearer }: Pick<SignedIn, 'bearer'>, origin = HERE) => {
  const link = setCookies(answer).find((cookie) => cookie.startsWith('__Host-stompbox-link='))
  const headers = { ...bearer, Origin: origin, Cookie: link?.split(';', 1)[0] ?? '' }
  return scene.send('POST', '/api/auth/logins', { cookie: true }, headers)
}

/** What of a link that is begun must have come of it before the page finishes it: nothing. */
function expectNothing(): void {
  expect(scene.backend.logins.size).toBe(0)
  expect(scene.backend.takeCalls()).not.toContain('account.becomeAccount')
}

const comeBack = (to: URL, cookie = '') =>
  scene.ask(to.pathname + to.search, { headers: { Cookie: cookie } })

/** The whole way; gives the id of who is signed in then. */
async function signInAs(claims: Record<string, unknown>): Promise<string> {
  const { to, cookie } = await leave()
  const answer = await comeBack(provider.authorize(to, claims), cookie)
  expect(answer.headers.get('Location')).toBe('/')
  return personIn(answer)
}

/** Whose refresh token an answer sets. */
const personIn = (answer: Response) =>
  setCookies(answer)
    .find((cookie) => cookie.startsWith('__Host-stompbox-refresh='))
    ?.slice('__Host-stompbox-refresh='.length)
    .split('.', 1)[0] ?? ''

const GONE = '__Host-stompbox-sign-in=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax'

describe('the ways to sign in', () => {
  it('are listed, without what is not for everybody', async () => {
    expect(await jsonOf(await scene.ask('/api/auth/providers'))).toEqual({
      guests: true,
      passwords: true,
      signup: true,
      providers: [
        { id: 'test', name: 'Test' },
        { id: 'other', name: 'Other' },
      ],
    })
  })
})

describe('leaving for a provider', () => {
  it('asks for a code, with PKCE, state and nonce, to come back to one exact address', async () => {
    const answer = await scene.ask(PATH)
    expect(answer.status).toBe(302)
    const to = new URL(answer.headers.get('Location') ?? '')
    expect(to.origin + to.pathname).toBe('https://id.example/authorize')
    const random = expect.stringMatching(/^[\w-]{43}$/)
    expect(Object.fromEntries(to.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'us',
      redirect_uri: `${HERE}${PATH}/callback`,
      scope: 'openid profile',
      state: random,
      nonce: random,
      code_challenge: random,
      code_challenge_method: 'S256',
    })
  })

  it('keeps the flow in a cookie that no script sees and no sibling plants [RFC 6265bis 4.1.3.2]', async () => {
    expect(setCookies(await scene.ask(PATH))).toEqual([
      expect.stringMatching(
        /^__Host-stompbox-sign-in=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ])
  })

  it('is another flow each time', async () => {
    const [one, two] = [new URL((await leave()).to), new URL((await leave()).to)]
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one.searchParams.get(name)).not.toBe(two.searchParams.get(name))
    }
  })

  it.each([
    ['test?returnTo=//evil.example', 400, 'query-invalid'],
    ['test?returnTo=https://evil.example', 400, 'query-invalid'],
    ['nobody', 404, 'provider-unknown'],
    ['__proto__', 404, 'provider-unknown'],
  ])('for %s is refused with %i %s, and no cookie', async (path, status, code) => {
    const answer = await scene.ask(`/api/auth/oidc/${path}`)
    expect(setCookies(answer)).toEqual([])
    expect(await refusalIn(answer)).toEqual([status, code])
    expect(provider.requests).toEqual([])
  })

  it('is slowed down', async () => {
    scene.backend.tooMany = true
    expect(await refusalIn(await scene.ask(PATH))).toEqual([429, 'too-fast'])
  })

  it('that is not there is told where the browser came from', async () => {
    provider.answers.set('/.well-known/openid-configuration', () => Response.error())
    const answer = await scene.ask(`${PATH}?returnTo=/%23room=a`)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toBe('/#room=a&sign-in=provider-unavailable')
    expect(setCookies(answer)).toEqual([])
    expect(scene.audited).toEqual([
      {
        ...{ event: 'sign-in-refused', by: 'oidc:test', code: 'provider-unavailable' },
        reason: 'OAUTH_RESPONSE_IS_NOT_CONFORM',
      },
    ])
  })
})

describe('coming back', () => {
  it.each(['providerLogin', 'account'] as const)(
    '[R3] while the object of %s cannot be reached is told where the browser came from',
    async (object) => {
      vi.spyOn(console, 'error').mockImplementation(() => {})
      const { to, cookie } = await leave()
      scene.backend[object] = () => {
        throw Object.assign(new Error('of the platform'), { overloaded: true })
      }
      const answer = await comeBack(provider.authorize(to, { sub: 'ann' }), cookie)
      expect(answer.headers.get('Location')).toBe('/#sign-in=unavailable')
    },
  )

  it('is a sign-in: a session in a cookie, and on to where the browser wanted', async () => {
    const { to, cookie } = await leave(`${PATH}?returnTo=/%23room=a`)
    const answer = await comeBack(provider.authorize(to, { sub: 'ann', name: '앤' }), cookie)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toBe('/#room=a')
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    const id = personIn(answer)
    expect(setCookies(answer)).toEqual([
      GONE,
      `__Host-stompbox-refresh=${refreshTokenOf(id)}; Max-Age=1209600; Path=/; HttpOnly; Secure; SameSite=Strict`,
    ])
    expect(scene.backend.people.get(id)).toMatchObject({ name: '앤', kind: 'account' })
    expect(scene.backend.logins).toEqual(new Map([['oidc:https://id.example ann', id]]))
    expect(scene.audited).toEqual([
      { event: 'login-linked', user: id, by: 'oidc:test' },
      { event: 'registered', user: id },
    ])
  })

  it('is the same person by subject, whatever else changes', async () => {
    const id = await signInAs({ sub: 'ann', name: 'Ann', email: 'ann@example.com' })
    const later = { sub: 'ann', name: 'Anna', email: 'anna@example.org', email_verified: true }
    scene.audited.length = 0
    expect(await signInAs(later)).toBe(id)
    expect(scene.audited).toEqual([])
  })

  it('is another person by subject, whatever else is the same', async () => {
    const same = { name: 'Ann', email: 'us@example.com', email_verified: true }
    expect(await signInAs({ sub: 'ann', ...same })).not.toBe(
      await signInAs({ sub: 'eve', ...same }),
    )
  })

  it('is another person at another provider, by the same subject', async () => {
    const id = await signInAs({ sub: 'ann' })
    const { to, cookie } = await leave('/api/auth/oidc/other')
    expect(personIn(await comeBack(other.authorize(to), cookie))).not.toBe(id)
  })

  it.each([
    ['the ID token', { name: 'Ann', preferred_username: 'ann1' }, {}, 'Ann'],
    ['the ID token', { preferred_username: 'ann1' }, { name: 'Not asked' }, 'ann1'],
    ['userinfo', {}, { name: 'Ann' }, 'Ann'],
    ['userinfo', {}, { preferred_username: 'ann1' }, 'ann1'],
    ['nobody', {}, {}, 'user'],
    ['somebody else’s userinfo', {}, { sub: 'eve', name: 'Eve' }, 'user'],
    ['a joker', { name: '\u202e\u200b' }, {}, 'user'],
    ['a joker', { name: ' a\n\u202eb ' }, {}, 'a b'],
  ])('is called as %s says: %j %j', async (_who, claims, info, name) => {
    provider.info = info
    const id = await signInAs({ sub: 'ann', ...claims })
    expect(scene.backend.people.get(id)?.name).toBe(name)
  })

  it('does not need userinfo to answer', async () => {
    provider.answers.set('/userinfo', () => Response.error())
    const id = await signInAs({ sub: 'ann' })
    expect(scene.backend.people.get(id)?.name).toBe('user')
  })
})

describe('with SIGNUP off', () => {
  beforeEach(() => scene.start({ ...ENV, SIGNUP: 'off' }))

  it('the ways to sign in say so', async () => {
    expect(await jsonOf(await scene.ask('/api/auth/providers'))).toMatchObject({ signup: false })
  })

  it('a first sign-in with a provider makes no account, and claims nothing', async () => {
    const { to, cookie } = await leave()
    const answer = await comeBack(provider.authorize(to, { sub: 'ann' }), cookie)
    expect(answer.headers.get('Location')).toBe('/#sign-in=signup-closed')
    expect(setCookies(answer)).toEqual([GONE])
    expect([scene.backend.people.size, scene.backend.logins.size]).toEqual([0, 0])
  })

  it('[A5] nor does one that was begun while it was on', async () => {
    scene.start(ENV)
    const { to, cookie } = await leave()
    scene.start({ ...ENV, SIGNUP: 'off' })
    const answer = await comeBack(provider.authorize(to, { sub: 'ann' }), cookie)
    expect(answer.headers.get('Location')).toBe('/#sign-in=signup-closed')
    expect(setCookies(answer)).toEqual([GONE])
    expect([scene.backend.people.size, scene.backend.logins.size]).toEqual([0, 0])
  })

  it('who has an account signs in with a provider', async () => {
    scene.backend.logins.set('oidc:https://id.example ann', 'ann-id')
    expect(await signInAs({ sub: 'ann' })).toBe('ann-id')
  })
})

/** An ID token in the place of the provider's. */
const idToken = (make: (claims: Record<string, unknown>) => string | Promise<string>) => {
  return ({ to }: Leaving) => {
    const nonce = new URL(to).searchParams.get('nonce')
    const right = { iss: provider.issuer, aud: 'us', sub: 'ann', nonce }
    provider.answers.set('/token', async () =>
      Response.json({ access_token: 'a', token_type: 'Bearer', id_token: await make(right) }),
    )
    return provider.authorize(to)
  }
}

const without = (name: string) => (leaving: Leaving) => {
  const to = provider.authorize(leaving.to)
  to.searchParams.delete(name)
  return to
}

const with_ = (name: string, value: string) => (leaving: Leaving) => {
  const to = provider.authorize(leaving.to)
  to.searchParams.set(name, value)
  return to
}

const claiming = (claims: Record<string, unknown>) => (leaving: Leaving) =>
  provider.authorize(leaving.to, { sub: 'ann', ...claims })

const answering =
  (path: string, answer: () => Response | Promise<Response>) => (leaving: Leaving) => {
    provider.answers.set(path, answer)
    return provider.authorize(leaving.to)
  }

const now = () => Math.floor(Date.now() / 1000)

interface Case {
  readonly why: string
  readonly code: RefusalCode
  /** Undefined: it is not known what went wrong. */
  readonly reason?: string
  /** What comes back of a browser that left. */
  readonly back: (leaving: Leaving) => URL | Promise<URL>
  /** The cookies with it; those that it left with, where this is not there. */
  readonly cookie?: (leaving: Leaving) => string | Promise<string>
  /** Where it goes then. */
  readonly to?: '/'
}

const right = (leaving: Leaving) => provider.authorize(leaving.to)

const LOST: Case[] = [
  { why: 'there is no cookie', code: 'sign-in-lost', back: right, cookie: () => '', to: '/' },
  {
    why: 'the cookie is empty',
    ...{ code: 'sign-in-lost', back: right, to: '/' },
    cookie: () => '__Host-stompbox-sign-in=',
  },
  {
    why: 'the cookie is rubbish',
    ...{ code: 'sign-in-lost', back: right, to: '/' },
    cookie: () => '__Host-stompbox-sign-in=a.b.c',
  },
  {
    why: 'the cookie was changed',
    ...{ code: 'sign-in-lost', back: right, to: '/' },
    cookie: ({ cookie }) => {
      const [head, body = '', mac] = cookie.split('.')
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
      const changed = JSON.stringify({ ...claims, return_to: '//evil.example' })
      return `${head}.${Buffer.from(changed).toString('base64url')}.${mac}`
    },
  },
  {
    why: 'the cookie is another token of ours',
    ...{ code: 'sign-in-lost', back: right, to: '/' },
    cookie: async () => {
      const { bearer } = await scene.signIn()
      return `__Host-stompbox-sign-in=${bearer.Authorization?.slice(7)}`
    },
  },
  {
    why: 'the flow has expired',
    ...{ code: 'sign-in-lost', to: '/' },
    back: (leaving) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 })
      return right(leaving)
    },
  },
  {
    why: 'the cookie is of another browser',
    ...{ code: 'sign-in-lost', back: right },
    cookie: async () => (await leave(`${PATH}?returnTo=/me`)).cookie,
  },
  { why: 'there is no state', code: 'sign-in-lost', back: without('state') },
  { why: 'the state is another', code: 'sign-in-lost', back: with_('state', 'x') },
  {
    why: 'it left for another provider',
    code: 'sign-in-lost',
    back: (leaving) => new URL(right(leaving).href.replace('oidc/test', 'oidc/other')),
  },
  {
    why: 'there is no such provider',
    code: 'provider-unknown',
    back: (leaving) => new URL(right(leaving).href.replace('oidc/test', 'oidc/nobody')),
  },
]

const REFUSED: Case[] = [
  {
    why: 'the person said no',
    ...{ code: 'provider-refused', reason: 'access_denied' },
    back: ({ to }) => provider.back(to, { error: 'access_denied' }),
  },
  {
    why: 'the provider said a no that nobody knows',
    ...{ code: 'provider-refused', reason: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR' },
    back: ({ to }) => provider.back(to, { error: '<a text>' }),
  },
  {
    why: 'the state is there twice',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: (leaving) => {
      const to = right(leaving)
      to.searchParams.append('state', 'x')
      return to
    },
  },
  {
    why: 'no provider signs the answer with its name',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: without('iss'),
  },
  {
    why: 'another provider signs the answer with its name',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: with_('iss', 'https://other.example'),
  },
  {
    why: 'there is no code',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: without('code'),
  },
  {
    why: 'the code is made up',
    ...{ code: 'provider-refused', reason: 'invalid_grant' },
    back: with_('code', 'x'),
  },
  {
    why: 'the code was used',
    ...{ code: 'provider-refused', reason: 'invalid_grant' },
    back: async (leaving) => {
      const to = right(leaving)
      await comeBack(to, leaving.cookie)
      scene.backend.takeCalls()
      scene.audited.length = 0
      return to
    },
  },
  {
    why: 'the code is another browser’s',
    ...{ code: 'provider-refused', reason: 'invalid_grant' },
    back: async (leaving) => {
      const theirs = right(await leave())
      return with_('code', theirs.searchParams.get('code') ?? '')(leaving)
    },
  },
  {
    why: 'the ID token is another flow’s',
    ...{ code: 'provider-refused', reason: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' },
    back: claiming({ nonce: 'x' }),
  },
  {
    why: 'the ID token is no flow’s',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: claiming({ nonce: undefined }),
  },
  {
    why: 'the ID token is for another client',
    ...{ code: 'provider-refused', reason: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' },
    back: claiming({ aud: 'them' }),
  },
  {
    why: 'the ID token is another provider’s',
    ...{ code: 'provider-refused', reason: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' },
    back: claiming({ iss: 'https://other.example' }),
  },
  {
    why: 'the ID token has expired',
    ...{ code: 'provider-refused', reason: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' },
    back: (leaving) => claiming({ exp: now() - 60 })(leaving),
  },
  {
    why: 'the ID token is of nobody',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: idToken(({ sub: _nobody, ...claims }) => provider.idToken(claims)),
  },
  ...['x'.repeat(256), 'ann\n', 'ann\ud800'].map((sub) => ({
    why: `the ID token is of ${JSON.stringify(sub)}`,
    ...({ code: 'provider-refused', reason: 'sub' } as const),
    back: claiming({ sub }),
  })),
  {
    why: 'the ID token is signed by somebody else',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: idToken((claims) => new FakeProvider(provider.issuer, newKeys()).idToken(claims)),
  },
  {
    why: 'the ID token is not signed',
    ...{ code: 'provider-refused' },
    back: idToken((claims) =>
      new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('5m').encode(),
    ),
  },
  {
    why: 'the ID token is signed with the secret of the client',
    ...{ code: 'provider-refused' },
    back: idToken((claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(SECRET)),
    ),
  },
  {
    why: 'there is no ID token',
    ...{ code: 'provider-refused', reason: 'OAUTH_INVALID_RESPONSE' },
    back: answering('/token', () => Response.json({ access_token: 'a', token_type: 'Bearer' })),
  },
  {
    why: 'the provider does not know this client',
    ...{ code: 'provider-refused', reason: 'invalid_client' },
    back: answering('/token', () => Response.json({ error: 'invalid_client' }, { status: 401 })),
  },
]

const UNAVAILABLE: Case[] = [
  {
    why: 'the provider says that it cannot',
    ...{ code: 'provider-unavailable', reason: 'temporarily_unavailable' },
    back: ({ to }) => provider.back(to, { error: 'temporarily_unavailable' }),
  },
  {
    why: 'the provider does not answer',
    ...{ code: 'provider-unavailable' },
    back: answering('/token', () => Promise.reject(new TypeError('fetch failed'))),
  },
  {
    why: 'the provider is broken',
    ...{ code: 'provider-unavailable', reason: 'OAUTH_RESPONSE_IS_NOT_CONFORM' },
    back: answering('/token', () => new Response('<h1>', { status: 502 })),
  },
  {
    why: 'the provider sends us elsewhere',
    ...{ code: 'provider-unavailable', reason: 'OAUTH_RESPONSE_IS_NOT_CONFORM' },
    back: answering('/token', () => Response.redirect('https://evil.example', 307)),
  },
  {
    why: 'the provider answers with a page',
    ...{ code: 'provider-unavailable', reason: 'OAUTH_RESPONSE_IS_NOT_JSON' },
    back: answering(
      '/token',
      () => new Response('<h1>', { headers: { 'Content-Type': 'text/html' } }),
    ),
  },
  {
    why: 'the provider answers with half an answer',
    ...{ code: 'provider-unavailable', reason: 'OAUTH_PARSE_ERROR' },
    back: answering(
      '/token',
      () => new Response('{', { headers: { 'Content-Type': 'application/json' } }),
    ),
  },
  {
    why: 'the keys of the provider are out of reach',
    ...{ code: 'provider-unavailable', reason: 'OAUTH_RESPONSE_IS_NOT_CONFORM' },
    back: answering('/jwks', () => new Response(null, { status: 500 })),
  },
]

const OURS: Case[] = [
  {
    why: 'the account is disabled',
    code: 'account-disabled',
    back: (leaving) => {
      scene.backend.refusals.set('account.signIn', 'account-disabled')
      return right(leaving)
    },
  },
  {
    why: 'the address comes too often',
    code: 'too-fast',
    back: (leaving) => {
      scene.backend.tooMany = true
      return right(leaving)
    },
  },
]

describe('coming back is no sign-in where', () => {
  it.each([...LOST, ...REFUSED, ...UNAVAILABLE, ...OURS])('$why: $code', async (each) => {
    const leaving = await leave(`${PATH}?returnTo=/me`)
    const back = await each.back(leaving)
    const cookie = each.cookie ? await each.cookie(leaving) : leaving.cookie
    scene.backend.people.clear()
    const answer = await comeBack(back, cookie)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toBe(`${each.to ?? '/me'}#sign-in=${each.code}`)
    expect(setCookies(answer)).toEqual([GONE])
    expect(scene.backend.people.size).toBe(0)
    const by =
      each.code === 'provider-unknown' ? 'oidc:' : expect.stringMatching(/^oidc:(test|other)$/)
    const line = { event: 'sign-in-refused', by, code: each.code }
    const reason = each.reason === undefined ? {} : { reason: each.reason }
    expect(scene.audited.at(-1)).toMatchObject({ ...line, ...reason })
  })

  it.each([...LOST])('$why: and no provider is asked', async (each) => {
    const leaving = await leave(`${PATH}?returnTo=/me`)
    const back = await each.back(leaving)
    const cookie = each.cookie ? await each.cookie(leaving) : leaving.cookie
    provider.requests.length = 0
    await comeBack(back, cookie)
    expect(provider.requests).toEqual([])
  })

  it('nothing of it is written down but codes', async () => {
    const lines: string[] = []
    vi.spyOn(console, 'error').mockImplementation((...words) => void lines.push(words.join(' ')))
    for (const each of [...REFUSED, ...UNAVAILABLE]) {
      provider.answers.clear()
      const leaving = await leave()
      await comeBack(await each.back(leaving), leaving.cookie)
    }
    expect(lines).toEqual([])
    for (const entry of scene.audited) {
      for (const text of Object.values<string>(entry)) expect(text).toMatch(/^[\w:-]{1,60}$/)
    }
  })
})

describe('adding a provider', () => {
  const kindOf = (id: string, kind: 'guest' | 'account', more: object = {}) =>
    scene.backend.people.set(id, { name: 'ann', kind, device: 'here', ...more } as Json)
  const PENDING = '/me#sign-in=link-pending'

  it('links nothing at the callback, and signs nobody in: it leaves that to the page', async () => {
    const ann = await scene.signIn()
    const { to, cookie } = await leaveToLink(ann)
    const answer = await comeBack(provider.authorize(to, { sub: 'ann', name: 'Other' }), cookie)
    expect(answer.headers.get('Location')).toBe(PENDING)
    expect(setCookies(answer)).toEqual([
      GONE,
      expect.stringMatching(
        /^__Host-stompbox-link=[\w.-]+; Max-Age=300; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      ),
    ])
    expectNothing()
    expect(scene.audited).toEqual([])
  })

  it('makes an account of a guest, who stays who they are', async () => {
    const ann = await scene.signIn()
    const { to, cookie } = await leaveToLink(ann)
    const back = await comeBack(provider.authorize(to, { sub: 'ann', name: 'Other' }), cookie)
    scene.backend.takeCalls()
    const answer = await finish(back, ann)
    expect(answer.status).toBe(201)
    expect((await jsonOf(answer)).user.id).toBe(ann.user.id)
    expect(personIn(answer)).toBe(ann.user.id)
    expect(scene.backend.logins).toEqual(new Map([['oidc:https://id.example ann', ann.user.id]]))
    const bearer = { sessionId: `s-${ann.user.id}`, version: 1, federated: false }
    const login = { issuer: 'https://id.example', subject: 'ann', provider: 'test', label: 'Other' }
    // Listed before it is a way in.
    expect(scene.backend.calls.slice(-2)).toMatchObject([
      { what: 'account.addLogin', with: [bearer, login] },
      { what: 'account.becomeAccount', with: [bearer, undefined] },
    ])
    expect(scene.audited).toEqual([
      { event: 'login-linked', user: ann.user.id, by: 'oidc:test' },
      { event: 'registered', user: ann.user.id },
    ])
    expect(await signInAs({ sub: 'ann' })).toBe(ann.user.id)
  })

  it('to an account leaves its session as it is, and twice is as good as once', async () => {
    const ann = await scene.signIn()
    kindOf(ann.user.id, 'account')
    for (let n = 0; n < 2; n++) {
      const { to, cookie } = await leaveToLink(ann)
      const answer = await finish(await comeBack(provider.authorize(to), cookie), ann)
      expect([answer.status, await answer.text()]).toEqual([204, ''])
      expect(personIn(answer)).toBe('')
    }
    expect(await signInAs({ sub: 'ann' })).toBe(ann.user.id)
  })

  it('is finished by nobody else: a planted cookie takes nobody into an attacker’s account', async () => {
    const [eve, ann] = [await scene.signIn('eve'), await scene.signIn()]
    const { to, cookie } = await leaveToLink(eve)
    const back = await comeBack(provider.authorize(to, { sub: 'ann' }), cookie)
    const answer = await finish(back, ann)
    expect(await refusalIn(answer)).toEqual([403, 'principal-mismatch'])
    // What was begun is over, refused as it is.
    expect(setCookies(answer)).toEqual([expect.stringMatching(/-link=; Max-Age=0;/)])
    expect(personIn(answer)).toBe('')
    expectNothing()
  })

  it.each([
    ['without a cookie', (_: Response) => new Response(), HERE, [400, 'sign-in-lost']],
    [
      'from a foreign page',
      (back: Response) => back,
      'https://evil.example',
      [403, 'origin-refused'],
    ],
    [
      'with a flow in the place of a link',
      (_: Response, cookie: string) =>
        new Response(null, {
          headers: { 'Set-Cookie': cookie.replace('stompbox-sign-in', 'stompbox-link') },
        }),
      HERE,
      [400, 'sign-in-lost'],
    ],
  ])('%s is not finished', async (_why, bring, origin, refusal) => {
    const ann = await scene.signIn()
    const { to, cookie } = await leaveToLink(ann)
    const back = await comeBack(provider.authorize(to), cookie)
    expect(await refusalIn(await finish(bring(back, cookie), ann, origin))).toEqual(refusal)
    expectNothing()
  })

  it('is not finished five minutes after the callback', async () => {
    const ann = await scene.signIn()
    const { to, cookie } = await leaveToLink(ann)
    const back = await comeBack(provider.authorize(to), cookie)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 })
    expect(await refusalIn(await finish(back, ann))).toEqual([400, 'sign-in-lost'])
    expectNothing()
  })

  it('that is somebody else’s is refused, and changes nobody', async () => {
    const ann = await signInAs({ sub: 'ann' })
    const eve = await scene.signIn('eve')
    const { to, cookie } = await leaveToLink(eve)
    const answer = await comeBack(provider.authorize(to), cookie)
    expect(answer.headers.get('Location')).toBe('/me#sign-in=login-taken')
    expect(setCookies(answer)).toEqual([GONE])
    expect(await signInAs({ sub: 'ann' })).toBe(ann)
  })

  it.each([
    ['before: nothing is written (R5)', undefined, ['account.check']],
    [
      'meanwhile: it is unlisted again',
      null,
      ['account.check', 'account.addLogin', 'account.removeLogin'],
    ],
  ])('that somebody else was faster to take is refused; %s', async (_when, owner, expected) => {
    const eve = await scene.signIn('eve')
    const { to, cookie } = await leaveToLink(eve)
    const back = await comeBack(provider.authorize(to), cookie)
    scene.backend.logins.set('oidc:https://id.example ann', 'ann-id')
    const login = scene.backend.providerLogin('https://id.example', 'ann')
    const late = { ...login, ...(owner === null && { owner: async () => null }) }
    vi.spyOn(scene.backend, 'providerLogin').mockReturnValue(late)
    scene.backend.takeCalls()
    expect(await refusalIn(await finish(back, eve))).toEqual([409, 'login-taken'])
    const calls = scene.backend.takeCalls().filter((call) => call.startsWith('account.'))
    expect(calls).toEqual(expected)
  })

  it.each(['session-ended', 'roles-changed', 'account-disabled'] as const)(
    'is refused when the session that began it has come to its end meanwhile: %s',
    async (code) => {
      const ann = await scene.signIn()
      const { to, cookie } = await leaveToLink(ann)
      scene.backend.refusals.set('account.check', code)
      const answer = await comeBack(provider.authorize(to), cookie)
      expect(answer.headers.get('Location')).toBe(`/me#sign-in=${code}`)
      expect(setCookies(answer)).toEqual([GONE])
      expectNothing()
    },
  )

  it('is refused beyond a number', async () => {
    const ann = await scene.signIn()
    const { to, cookie } = await leaveToLink(ann)
    const back = await comeBack(provider.authorize(to), cookie)
    scene.backend.refusals.set('account.addLogin', 'too-many-logins')
    expect(await refusalIn(await finish(back, ann))).toEqual([409, 'too-many-logins'])
    expectNothing()
  })

  it('makes no account of a guest where SIGNUP is off', async () => {
    scene.start({ ...ENV, SIGNUP: 'off' })
    const { bearer, refreshToken } = await scene.signIn()
    const answer = await scene.send('POST', PATH, { refreshToken }, bearer)
    expect(await refusalIn(answer)).toEqual([403, 'signup-closed'])
    expect(setCookies(answer)).toEqual([])
  })

  it('[A5] of a guest comes back to nothing where SIGNUP was closed meanwhile; of an account it goes on', async () => {
    for (const [kind, code] of [
      ['guest', 'signup-closed'],
      ['account', 'link-pending'],
    ] as const) {
      const ann = await scene.signIn()
      const { to, cookie } = await leaveToLink(ann)
      scene.start({ ...ENV, SIGNUP: 'off' })
      kindOf(ann.user.id, kind)
      const answer = await comeBack(provider.authorize(to), cookie)
      expect(answer.headers.get('Location')).toBe(`/me#sign-in=${code}`)
      expectNothing()
      scene.start(ENV)
    }
  })

  it('[A5] is not finished with a provider that is none of ours any more', async () => {
    const ann = await scene.signIn()
    kindOf(ann.user.id, 'account')
    const { to, cookie } = await leaveToLink(ann)
    const back = await comeBack(provider.authorize(to), cookie)
    const others = ENV.OIDC_PROVIDERS.replace('"id":"test"', '"id":"renamed"')
    for (const OIDC_PROVIDERS of ['[]', others]) {
      scene.start({ ...ENV, OIDC_PROVIDERS })
      expect(await refusalIn(await finish(back, ann))).toEqual([404, 'provider-unknown'])
      expectNothing()
    }
  })

  describe('wants a fresh proof [OWASP Authentication, re-authentication]', () => {
    const begin = (body: object, headers: Headers) => scene.send('POST', PATH, body, headers)
    const later = (seconds: number) =>
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })

    it.each(['guest', 'account'] as const)(
      'of a %s: an access token alone is none',
      async (kind) => {
        const { user, bearer } = await scene.signIn()
        const other = await scene.signIn('bob')
        kindOf(user.id, kind)
        for (const body of [{}, { refreshToken: other.refreshToken }, { refreshToken: 'x' }]) {
          const answer = await begin(body, bearer)
          expect(await refusalIn(answer)).toEqual([403, 'proof-needed'])
          expect(setCookies(answer)).toEqual([])
        }
        expect(provider.requests).toEqual([])
      },
    )

    it('the refresh token of a guest, in the body or the cookie, however old the sign-in', async () => {
      const { bearer, refreshToken } = await scene.signIn()
      later(800)
      const Cookie = `__Host-stompbox-refresh=${refreshToken}`
      expect((await begin({ refreshToken }, bearer)).status).toBe(200)
      expect((await begin({}, { ...bearer, Cookie, Origin: HERE })).status).toBe(200)
      expect(await refusalIn(await begin({}, { ...bearer, Cookie }))).toEqual([
        403,
        'origin-refused',
      ])
    })

    it('the refresh token of an account, for five minutes after the sign-in', async () => {
      const { user, bearer, refreshToken } = await scene.signIn()
      kindOf(user.id, 'account')
      expect((await begin({ refreshToken }, bearer)).status).toBe(200)
      later(300)
      const answer = await begin({ refreshToken }, bearer)
      expect(await refusalIn(answer)).toEqual([403, 'proof-needed'])
    })

    it('the password, counted as any attempt at it', async () => {
      const { user, bearer } = await scene.signIn()
      kindOf(user.id, 'account', { username: 'ann' })
      later(800)
      scene.backend.whoever = user.id
      scene.backend.takeCalls()
      expect((await begin({ password: 'correct horse' }, bearer)).status).toBe(200)
      expect(scene.backend.takeCalls()).toEqual(
        expect.arrayContaining(['throttle.attempt', 'login.verify', 'throttle.succeeded']),
      )
      scene.backend.refusals.set('login.verify', 'credentials-invalid')
      const answer = await begin({ password: 'a guess at it' }, bearer)
      expect(await refusalIn(answer)).toEqual([401, 'credentials-invalid'])
      expect(setCookies(answer)).toEqual([])
    })

    it('no password of somebody else, and none of a guest', async () => {
      const { user, bearer } = await scene.signIn()
      const guess = { password: 'correct horse' }
      expect(await refusalIn(await begin(guess, bearer))).toEqual([403, 'proof-needed'])
      kindOf(user.id, 'account', { username: 'ann' })
      expect(await refusalIn(await begin(guess, bearer))).toEqual([401, 'credentials-invalid'])
    })
  })

  it('needs a session of ours', async () => {
    expect(await refusalIn(await scene.send('POST', PATH))).toEqual([401, 'token-missing'])
    const foreign = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('app')
      .setAudience('chat')
      .setSubject('ann')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(ISSUER_SECRET))
    const answer = await scene.send('POST', PATH, undefined, { Authorization: `Bearer ${foreign}` })
    expect(setCookies(answer)).toEqual([])
    expect(await refusalIn(answer)).toEqual([403, 'not-allowed'])
  })

  it.each([
    ['nobody', 404, 'provider-unknown'],
    ['test?returnTo=//evil.example', 400, 'query-invalid'],
  ])('from %s is refused: %i %s', async (path, status, code) => {
    const { bearer } = await scene.signIn()
    const answer = await scene.send('POST', `/api/auth/oidc/${path}`, undefined, bearer)
    expect(await refusalIn(answer)).toEqual([status, code])
  })

  it('that is not there is a problem document', async () => {
    provider.answers.set('/.well-known/openid-configuration', () => Response.error())
    const { bearer, refreshToken } = await scene.signIn()
    const answer = await scene.send('POST', PATH, { refreshToken }, bearer)
    expect(await refusalIn(answer)).toEqual([503, 'provider-unavailable'])
  })
})
