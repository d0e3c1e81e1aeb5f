// Signing in with an OpenID provider: a real one, over real HTTP, by a real browser and by hand.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RefusalCode } from '../../src/refusals.ts'
import { setStage } from '../support/browser.ts'
import { startProvider } from '../support/openid-provider.ts'
import { ask as api } from '../support/people.ts'
import { refused, register, type SignedIn, signInGuest } from '../support/sign-in.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
type Json = any

const SECRET = 'the secret of the client at the provider'

const openid = await startProvider()
const other = await startProvider({ talkative: true })
const mortal = await startProvider()

const stage = setStage({
  OIDC_PROVIDERS: JSON.stringify([
    // Confidential, and told who somebody is by userinfo.
    {
      ...{ id: 'test', name: 'Test', issuer: openid.issuer, scope: 'openid profile email' },
      ...{ clientId: 'stompbox', clientSecret: 'OIDC_TEST_SECRET' },
    },
    // Public.
    { id: 'other', name: 'Other', issuer: other.issuer, clientId: 'stompbox' },
    { id: 'mortal', name: 'Mortal', issuer: mortal.issuer, clientId: 'stompbox' },
    { id: 'absent', name: 'Absent', issuer: 'http://localhost:1', clientId: 'stompbox' },
  ]),
  OIDC_TEST_SECRET: SECRET,
})

const back = (id: string) => `${stage.server.url}/api/auth/oidc/${id}/callback`

beforeAll(async () => {
  const asPublic = { client_id: 'stompbox', token_endpoint_auth_method: 'none' } as const
  await openid.open({
    ...{ client_id: 'stompbox', client_secret: SECRET },
    redirect_uris: [back('test')],
  })
  await other.open({ ...asPublic, redirect_uris: [back('other')] })
  await mortal.open({ ...asPublic, redirect_uris: [back('mortal')] })
})

afterAll(() => Promise.all([openid.close(), other.close()]))

describe('a browser', () => {
  it.each([
    { id: 'test', login: 'ann', name: '앤' },
    { id: 'other', login: 'bob', name: 'Bob' },
  ])('signs in at the provider $id and comes back with a session', async ({ id, login, name }) => {
    const at = id === 'test' ? openid : other
    at.people.set(login, { name })
    const page = await visit()
    await page.goto(`${stage.server.url}/api/auth/oidc/${id}?returnTo=/%23room=none`)
    expect(page.url()).toContain(`${at.issuer}/interaction/`)
    await signInThere(page, login)
    expect(page.url()).toBe(`${stage.server.url}/#room=none`)

    const { user, ...grant } = await refresh(page)
    expect(user).toMatchObject({ name, roles: ['GENERAL'] })
    expect(grant).toEqual({
      accessToken: expect.any(String),
      expiresIn: 900,
      refreshExpiresIn: expect.any(Number),
    })
    expect(await me(page, grant.accessToken)).toEqual(user)
    // No script sees the session, and no other site brings it.
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await cookies(page)).toEqual([
      expect.objectContaining({
        ...{ name: 'stompbox-refresh', path: '/' },
        ...{ httpOnly: true, secure: false, sameSite: 'Strict' },
      }),
    ])
  })

  it('is told when the person says no, and has no session', async () => {
    const page = await visit()
    await page.goto(`${stage.server.url}/api/auth/oidc/test`)
    await page.getByText('Cancel').click()
    await page.waitForURL(`${stage.server.url}/#sign-in=provider-refused`)
    expect(await cookies(page)).toEqual([])
  })

  it('keeps its guest: the same id, and an account from then on', async () => {
    const page = await visit()
    const guest = await post(page, '/api/auth/guest', { name: 'Cho', cookie: true })
    const link = '/api/auth/oidc/test?returnTo=/'
    // The cookie of the sign-in is the proof.
    const { url } = await post(page, link, undefined, guest.accessToken)
    await page.goto(url)
    await signInThere(page, 'cho')
    const { user, accessToken } = await refresh(page)
    expect(user).toEqual(guest.user)
    const account = await post(page, '/api/auth/logins', { cookie: true }, accessToken)
    const { guest: _noMore, ...same } = guest.user
    expect(account.user).toEqual(same)
    expect((await refresh(page)).user).toEqual(same)

    // From another browser, too.
    const elsewhere = await visit()
    await elsewhere.goto(`${stage.server.url}/api/auth/oidc/test`)
    await signInThere(elsewhere, 'cho')
    expect((await refresh(elsewhere)).user).toEqual(same)
  })
})

/** Somebody new, whose browser does not wait for the fonts of the provider's pages. */
async function visit(): Promise<Page> {
  const { page } = await stage.visit()
  await page.route(/googleapis/, (route) => route.abort())
  return page
}

/** Goes through the provider's own pages, as a hand would. */
async function signInThere(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login)
  await page.getByPlaceholder('and password').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL((url) => url.origin === stage.server.url)
}

const cookies = (page: Page) => page.context().cookies(`${stage.server.url}/api/auth/oidc`)

const refresh = (page: Page) => post(page, '/api/auth/refresh', { cookie: true })

/** Asks as a script of the page does. */
function post(page: Page, path: string, body?: object, token?: string): Promise<Json> {
  return page.evaluate(
    async ([path, body, authorization]) => {
      const answer = await fetch(path, {
        method: 'POST',
        headers: {
          ...(body && { 'Content-Type': 'application/json' }),
          ...(authorization && { Authorization: authorization }),
        },
        ...(body && { body }),
      })
      return answer.json() as Promise<Json>
    },
    [path, body && JSON.stringify(body), token && `Bearer ${token}`] as const,
  )
}

async function me(page: Page, token: string) {
  const headers = { Authorization: `Bearer ${token}` }
  const answer = await page.request.get(`${stage.server.url}/api/auth/me`, { headers })
  return (await answer.json()).user
}

let addresses = 0

/** By hand, from an address of its own; goes nowhere by itself. */
function ask(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('CF-Connecting-IP', `10.7.0.${addresses++}`)
  return fetch(url, { redirect: 'manual', ...init, headers })
}

/** Leaves for a provider by hand: where to, and with which cookie. */
async function leave(id = 'test', init?: RequestInit) {
  const answer = await ask(`${stage.server.url}/api/auth/oidc/${id}?returnTo=/here`, init)
  const [cookie = ''] = answer.headers.getSetCookie()
  return { to: answer.headers.get('Location') ?? '', cookie: cookie.split(';', 1)[0] ?? '' }
}

/** The same, to add a provider to what is there. */
async function leaveToLink({ accessToken: token, refreshToken }: SignedIn) {
  const path = '/api/auth/oidc/test?returnTo=/here'
  const asked = { token, body: { refreshToken } }
  const { headers, body } = await api(stage.server.url, 'POST', path, asked)
  const [cookie = ''] = headers.getSetCookie()
  return { to: String(body.url), cookie: cookie.split(';', 1)[0] ?? '' }
}

const comeBack = (url: URL, cookie: string) => ask(url, { headers: { Cookie: cookie } })

/** The cookies that an answer sets, but for those that it deletes. */
const kept = (answer: Response) =>
  answer.headers.getSetCookie().filter((cookie) => !cookie.includes('Max-Age=0'))

/** Who is signed in by an answer. */
async function personIn(answer: Response): Promise<{ id: string; name: string }> {
  const [cookie = ''] = kept(answer)
  const refreshed = await ask(`${stage.server.url}/api/auth/refresh`, {
    method: 'POST',
    headers: { Cookie: cookie.split(';', 1)[0] ?? '', Origin: stage.server.url },
  })
  return ((await refreshed.json()) as Json).user
}

async function signInAs(login: string, id = 'test'): Promise<{ id: string; name: string }> {
  const { to, cookie } = await leave(id)
  const at = id === 'test' ? openid : other
  const answer = await comeBack(await at.authorize(to, login), cookie)
  expect(answer.headers.get('Location')).toBe('/here')
  return personIn(answer)
}

describe('a person', () => {
  it('is one by the subject, when the mail changes', async () => {
    openid.people.set('dan', { name: 'Dan', email: 'dan@example.com' })
    const { id } = await signInAs('dan')
    openid.people.set('dan', { name: 'Daniel', email: 'daniel@example.org' })
    expect((await signInAs('dan')).id).toBe(id)
  })

  it('is not another by the mail, verified as it is', async () => {
    const same = { name: 'Eve', email: 'us@example.com', email_verified: true }
    openid.people.set('eve', same)
    openid.people.set('fay', same)
    const [eve, fay] = [await signInAs('eve'), await signInAs('fay')]
    expect([eve.name, fay.name]).toEqual(['Eve', 'Eve'])
    expect(eve.id).not.toBe(fay.id)
  })

  it('is not another by the same subject at another provider', async () => {
    expect((await signInAs('gus')).id).not.toBe((await signInAs('gus', 'other')).id)
  })
})

interface Case {
  readonly why: string
  readonly code: RefusalCode
  /** What comes back, and with which cookie. */
  readonly attempt: () => Promise<{ url: URL; cookie: string }>
  /** It is not known where the browser wanted to go. */
  readonly lost?: true
}

const changed = (url: URL | string, changes: Record<string, string | null>) => {
  const next = new URL(url)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.searchParams.delete(name)
    else next.searchParams.set(name, value)
  }
  return next
}

/** Leaves, signs in there, and comes back with changes. */
const withAnswer = (changes: Record<string, string | null>) => async () => {
  const { to, cookie } = await leave()
  return { url: changed(await openid.authorize(to, 'hal'), changes), cookie }
}

/** Leaves with changes to what is asked, as somebody between would make them. */
const withQuestion = (changes: Record<string, string | null>) => async () => {
  const { to, cookie } = await leave()
  return { url: await openid.authorize(changed(to, changes).href, 'hal'), cookie }
}

const CASES: Case[] = [
  {
    why: 'there is no cookie',
    ...{ code: 'sign-in-lost', lost: true },
    attempt: async () => ({ ...(await withAnswer({})()), cookie: '' }),
  },
  {
    why: 'the cookie is another browser’s',
    code: 'sign-in-lost',
    attempt: async () => ({ ...(await withAnswer({})()), cookie: (await leave()).cookie }),
  },
  {
    why: 'the cookie has a letter changed',
    ...{ code: 'sign-in-lost', lost: true },
    attempt: async () => {
      const { url, cookie } = await withAnswer({})()
      const at = cookie.length - 20
      const letter = cookie[at] === 'A' ? 'B' : 'A'
      return { url, cookie: cookie.slice(0, at) + letter + cookie.slice(at + 1) }
    },
  },
  { why: 'there is no state', code: 'sign-in-lost', attempt: withAnswer({ state: null }) },
  { why: 'the state is another', code: 'sign-in-lost', attempt: withAnswer({ state: 'x' }) },
  {
    why: 'the state was changed on the way',
    code: 'sign-in-lost',
    attempt: withQuestion({ state: 'x' }),
  },
  {
    why: 'the nonce was changed on the way',
    code: 'provider-refused',
    attempt: withQuestion({ nonce: 'x' }),
  },
  {
    why: 'the challenge was changed on the way',
    code: 'provider-refused',
    attempt: withQuestion({ code_challenge: 'x'.repeat(43) }),
  },
  {
    why: 'the code is another browser’s',
    code: 'provider-refused',
    attempt: async () => {
      const theirs = (await withAnswer({})()).url.searchParams.get('code')
      return withAnswer({ code: theirs })()
    },
  },
  {
    why: 'the answer does not say whose it is',
    code: 'provider-refused',
    attempt: withAnswer({ iss: null }),
  },
  {
    why: 'the answer is another provider’s',
    code: 'provider-refused',
    attempt: async () => {
      const { to, cookie } = await leave()
      const { search } = new URL(to)
      // Whoever mixes them up has the person sign in there, with the state of here.
      const there = changed(`${other.issuer}/auth${search}`, { redirect_uri: back('other') })
      const { search: answer } = await other.authorize(there.href, 'hal')
      return { url: new URL(back('test') + answer), cookie }
    },
  },
  {
    why: 'it comes back for another provider',
    code: 'sign-in-lost',
    attempt: async () => {
      const { url, cookie } = await withAnswer({})()
      return { url: new URL(back('other') + url.search), cookie }
    },
  },
  {
    why: 'it comes back for a provider that is not there',
    code: 'provider-unknown',
    attempt: async () => {
      const { url, cookie } = await withAnswer({})()
      return { url: new URL(back('nobody') + url.search), cookie }
    },
  },
  {
    why: 'the person said no',
    code: 'provider-refused',
    attempt: async () => {
      const { to, cookie } = await leave()
      return { url: await openid.refuse(to), cookie }
    },
  },
  {
    why: 'it comes back twice, cookie and all',
    code: 'provider-refused',
    attempt: async () => {
      const attempt = await withAnswer({})()
      const answer = await comeBack(attempt.url, attempt.cookie)
      expect(answer.headers.get('Location')).toBe('/here')
      return attempt
    },
  },
  {
    why: 'a guest would take what is another’s',
    code: 'login-taken',
    attempt: async () => {
      await signInAs('ivy')
      const { to, cookie } = await leaveToLink(await signInGuest(stage.server.url, 'Jay'))
      return { url: await openid.authorize(to, 'ivy'), cookie }
    },
  },
  {
    why: 'the session that asked for a link has ended',
    code: 'session-ended',
    attempt: async () => {
      const kim = await signInGuest(stage.server.url, 'Kim')
      const { to, cookie } = await leaveToLink(kim)
      const url = await openid.authorize(to, 'kim')
      await api(stage.server.url, 'POST', '/api/auth/logout', { token: kim.accessToken })
      return { url, cookie }
    },
  },
  {
    why: 'the provider is gone',
    code: 'provider-unavailable',
    attempt: async () => {
      const { to, cookie } = await leave('mortal')
      const url = await mortal.authorize(to, 'hal')
      await mortal.close()
      return { url, cookie }
    },
  },
]

describe('coming back is no sign-in when', () => {
  it.each(CASES)('$why: $code', async ({ code, attempt, lost }) => {
    const { url, cookie } = await attempt()
    stage.server.harness.clearLogs()
    const answer = await comeBack(url, cookie)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toBe(`${lost ? '/' : '/here'}#sign-in=${code}`)
    expect(kept(answer)).toEqual([])
    expect(answer.headers.getSetCookie()).toHaveLength(1)
    // One line with the code, and nothing that came or was kept.
    const logged = stage.server.harness.getLogs().map((line) => line.message)
    expect(logged.filter((line) => line.includes('"sign-in-refused"'))).toEqual([
      expect.stringContaining(`"code":"${code}"`),
    ])
    const secrets = [...url.searchParams.values(), ...cookie.split('.'), SECRET]
    const long = secrets.filter((secret) => secret.length > 20 && !secret.startsWith('http'))
    expect(logged.filter((line) => long.some((secret) => line.includes(secret)))).toEqual([])
  })
})

describe('a link', () => {
  const path = '/api/auth/logins'
  const asks = (method: string, to: string, token: string, body?: object, cookie = '') =>
    api(stage.server.url, method, to, {
      ...{ token, body, headers: { Cookie: cookie, Origin: new URL(stage.server.url).origin } },
    })

  /**
   * Leaves for the provider, signs in there, comes back: the cookie with which the page may finish.
   */
  async function pending(person: SignedIn, login: string): Promise<string> {
    const { to, cookie } = await leaveToLink(person)
    const answer = await comeBack(await openid.authorize(to, login), cookie)
    expect(answer.headers.get('Location')).toBe('/here#sign-in=link-pending')
    const [link = '', ...more] = kept(answer)
    expect(more).toEqual([])
    return link.split(';', 1)[0] ?? ''
  }

  it('is finished by who began it, listed with its day, and removed again', async () => {
    const lee = await register(stage.server.url, 'lee', 'correct horse')
    const cookie = await pending(lee, 'lee')
    const before = await asks('GET', path, lee.accessToken)
    expect(before.body).toMatchObject({ password: { username: 'lee' }, providers: [] })
    expect((await asks('POST', path, lee.accessToken, {}, cookie)).status).toBe(204)
    const { providers } = (await asks('GET', path, lee.accessToken)).body
    expect(providers).toEqual([
      {
        ...{ id: expect.any(String), provider: 'test', name: 'Test', account: 'user' },
        linkedAt: expect.stringMatching(/^2\d{3}-.*Z$/),
      },
    ])
    expect((await signInAs('lee')).id).toBe(lee.id)

    const one = `${path}/${providers[0].id}`
    expect(await asks('DELETE', one, lee.accessToken)).toMatchObject(refused(403, 'proof-needed'))
    const wrong = await asks('DELETE', one, lee.accessToken, { password: 'a guess at it' })
    expect(wrong).toMatchObject(refused(401, 'credentials-invalid'))
    const right = await asks('DELETE', one, lee.accessToken, { password: 'correct horse' })
    expect(right.status).toBe(204)
    expect((await asks('GET', path, lee.accessToken)).body.providers).toEqual([])
    expect((await signInAs('lee')).id).not.toBe(lee.id)
  })

  it('of a stolen access token is none: it lacks the proof', async () => {
    const mia = await register(stage.server.url, 'mia', 'correct horse')
    const begun = await asks('POST', '/api/auth/oidc/test', mia.accessToken, {})
    expect(begun).toMatchObject(refused(403, 'proof-needed'))
    expect(begun.headers.getSetCookie()).toEqual([])
  })

  it('that somebody else began is none: who is signed in stays who they are', async () => {
    const [eve, ned] = [
      await signInGuest(stage.server.url, 'Eve'),
      await signInGuest(stage.server.url, 'Ned'),
    ]
    const planted = await pending(eve, 'ned')
    const answer = await asks('POST', path, ned.accessToken, { cookie: true }, planted)
    expect(answer).toMatchObject(refused(403, 'principal-mismatch'))
    const dropped = answer.headers.getSetCookie()
    expect(dropped).toEqual([expect.stringMatching(/^stompbox-link=; Max-Age=0;/)])
    expect([eve.id, ned.id]).not.toContain((await signInAs('ned')).id)
  })

  it('is not the last way in that may be removed', async () => {
    const ola = await signInGuest(stage.server.url, 'Ola')
    const made = await asks('POST', path, ola.accessToken, {}, await pending(ola, 'ola'))
    expect(made).toMatchObject({ status: 201, body: { user: { id: ola.id } } })
    const { accessToken, refreshToken } = made.body
    const [login] = (await asks('GET', path, accessToken)).body.providers
    const answer = await asks('DELETE', `${path}/${login.id}`, accessToken, { refreshToken })
    expect(answer).toMatchObject(refused(409, 'login-last'))
    expect((await signInAs('ola')).id).toBe(ola.id)
  })
})

describe('leaving', () => {
  it('is refused by the provider for any redirect URI but the very one', async () => {
    const { to } = await leave()
    const right = new URL(to).searchParams.get('redirect_uri')
    expect(right).toBe(back('test'))
    const wrong = [`${right}/`, `${right}?a=b`, right?.replace('127.0.0.1', 'localhost') ?? '']
    for (const uri of wrong) {
      const answer = await fetch(changed(to, { redirect_uri: uri }), { redirect: 'manual' })
      expect([uri, answer.status]).toEqual([uri, 400])
    }
  })

  it('says at once that a provider is not there', async () => {
    expect(await leave('absent')).toEqual({
      to: '/here#sign-in=provider-unavailable',
      cookie: '',
    })
    const unknown = await ask(`${stage.server.url}/api/auth/oidc/nobody`)
    expect([unknown.status, ((await unknown.json()) as Json).code]).toEqual([
      404,
      'provider-unknown',
    ])
  })
})
