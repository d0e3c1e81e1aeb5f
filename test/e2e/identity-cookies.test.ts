// The refresh token in a cookie: what the browser is told about it, and that no foreign page can
// use it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { me, refused } from '../support/sign-in.ts'

/** Another origin of the same site: no browser keeps the cookie for another site. */
const PAGE = 'http://127.0.0.1:1'
const ATTRIBUTES = ['Path=/', 'HttpOnly', 'SameSite=Strict']
const ACCOUNT = { username: 'ann', password: 'correct horse' }

let server: Server
let url: string

beforeAll(async () => {
  server = await startServer({ ALLOWED_ORIGINS: PAGE })
  url = server.url
})

afterAll(() => server.close())

/** Origins that are none of ours: a request of theirs is forged. */
const FORGED: [what: string, headers: Record<string, string>][] = [
  ['a foreign Origin', { Origin: 'https://evil.example.net' }],
  ['no Origin', {}],
  ['the Origin null', { Origin: 'null' }],
  ['an Origin that only begins like ours', { Origin: `${PAGE}.evil.net` }],
]

/** The one cookie of an answer: its value, and what is said about it. */
function cookieOf({ headers }: { headers: Headers }): { value: string; attributes: string[] } {
  // By what a browser is known at the next sign-in is another cookie.
  const cookies = headers.getSetCookie().filter((cookie) => !cookie.startsWith('stompbox-device='))
  const [cookie = '', ...more] = cookies
  expect(more).toEqual([])
  const [pair = '', ...attributes] = cookie.split('; ')
  expect(pair).toMatch(/^stompbox-refresh=/)
  return { value: pair.slice('stompbox-refresh='.length), attributes }
}

const signIn = (origin = PAGE) =>
  ask(url, 'POST', '/api/auth/guest', {
    body: { name: 'Ann', cookie: true },
    headers: { Origin: origin },
  })

const withCookie = (value: string, headers: Record<string, string> = { Origin: PAGE }) => ({
  Cookie: `other=1; stompbox-refresh=${value}`,
  ...headers,
})

describe('the cookie', () => {
  test('is given by each way to sign in, with exactly these attributes, and the body has no token', async () => {
    const ways = [
      ['/api/auth/guest', { name: 'Ann' }],
      ['/api/auth/register', ACCOUNT],
      ['/api/auth/login', ACCOUNT],
    ] as const
    for (const [path, body] of ways) {
      const answer = await ask(url, 'POST', path, {
        body: { ...body, cookie: true },
        headers: { Origin: PAGE },
      })
      expect([200, 201]).toContain(answer.status)
      const { value, attributes } = cookieOf(answer)
      expect(attributes).toEqual([`Max-Age=${14 * 86_400}`, ...ATTRIBUTES])
      expect(value).toMatch(/^[\w.-]+$/)
      expect(answer.body).not.toHaveProperty('refreshToken')
      expect(JSON.stringify(answer.body)).not.toContain(value)
    }
  })

  test('is given to a page of the server’s own', async () => {
    const answer = await signIn(new URL(url).origin)
    expect(answer.status).toBe(201)
    expect(cookieOf(answer).value).not.toBe('')
  })

  test('is given to nobody who does not ask for it', async () => {
    const answer = await ask(url, 'POST', '/api/auth/guest', {
      body: { name: 'Ann' },
      headers: { Origin: PAGE },
    })
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(answer.body.refreshToken).toEqual(expect.any(String))
  })

  test('renews the tokens, and itself', async () => {
    const first = await signIn()
    let { value } = cookieOf(first)
    for (let round = 0; round < 3; round++) {
      const answer = await ask(url, 'POST', '/api/auth/refresh', { headers: withCookie(value) })
      expect(answer.status).toBe(200)
      expect(answer.body.user).toEqual(first.body.user)
      expect(answer.body).not.toHaveProperty('refreshToken')
      const next = cookieOf(answer)
      expect(next.attributes).toEqual([`Max-Age=${14 * 86_400}`, ...ATTRIBUTES])
      expect(next.value).not.toBe(value)
      value = next.value
    }
  })

  test('[A5] proves a guest who registers, and is another from then on; without it nobody registers', async () => {
    const guest = await signIn()
    const { value } = cookieOf(guest)
    const token = guest.body.accessToken
    const body = { username: 'by.cookie', password: 'correct horse', cookie: true }
    const register = (headers: Record<string, string>) =>
      ask(url, 'POST', '/api/auth/register', { token, body, headers })
    const other = cookieOf(await signIn()).value
    for (const headers of [{ Origin: PAGE }, withCookie(other)]) {
      expect(await register(headers)).toMatchObject(refused(403, 'proof-needed'))
    }
    expect(await register(withCookie(value, {}))).toMatchObject(refused(403, 'origin-refused'))
    const account = await register(withCookie(value))
    expect(account).toMatchObject({ status: 201, body: { user: { id: guest.body.user.id } } })
    expect(account.body).not.toHaveProperty('refreshToken')
    const next = cookieOf(account).value
    expect(next).not.toBe(value)
    const renewed = await ask(url, 'POST', '/api/auth/refresh', { headers: withCookie(next) })
    expect(renewed.body.user.id).toBe(guest.body.user.id)
  })

  test('is dropped at the logout, which ends the session', async () => {
    const answer = await signIn()
    const { value } = cookieOf(answer)
    const logout = () => ask(url, 'POST', '/api/auth/logout', { headers: withCookie(value) })
    const out = await logout()
    expect(out.status).toBe(204)
    expect(cookieOf(out)).toEqual({ value: '', attributes: ['Max-Age=0', ...ATTRIBUTES] })
    expect(await me(url, answer.body.accessToken)).toMatchObject(refused(401, 'session-ended'))
    expect(
      await ask(url, 'POST', '/api/auth/refresh', { headers: withCookie(value) }),
    ).toMatchObject(refused(401, 'refresh-invalid'))
    // Out is out.
    expect((await logout()).status).toBe(204)
  })
})

describe.each(FORGED)('[A2] a request with %s', (_what, headers) => {
  test('is given no cookie, and makes nobody', async () => {
    const ways = [
      ['/api/auth/guest', { name: 'Ann' }],
      ['/api/auth/register', { ...ACCOUNT, username: 'forged' }],
      ['/api/auth/login', ACCOUNT],
      ['/api/auth/refresh', {}],
    ] as const
    for (const [path, body] of ways) {
      const answer = await ask(url, 'POST', path, { body: { ...body, cookie: true }, headers })
      expect(answer).toMatchObject(refused(403, 'origin-refused'))
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    const login = { ...ACCOUNT, username: 'forged' }
    expect((await ask(url, 'POST', '/api/auth/login', { body: login })).status).toBe(401)
  })

  test('renews nothing and ends nothing by the cookie that the browser adds', async () => {
    const { value } = cookieOf(await signIn())
    for (const path of ['/api/auth/refresh', '/api/auth/logout']) {
      for (const body of [undefined, {}]) {
        const answer = await ask(url, 'POST', path, { headers: withCookie(value, headers), body })
        expect(answer).toMatchObject(refused(403, 'origin-refused'))
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    }
    // The cookie is as good as before: it was not used.
    const renewed = await ask(url, 'POST', '/api/auth/refresh', { headers: withCookie(value) })
    expect(renewed.status).toBe(200)
  })
})

test('[A2] the cookie says who somebody is to no route but those that renew and end it', async () => {
  const { value } = cookieOf(await signIn())
  for (const path of ['/api/auth/me', '/api/auth/sessions', '/api/rooms']) {
    const answer = await ask(url, 'GET', path, { headers: withCookie(value) })
    expect(answer).toMatchObject(refused(401, 'token-missing'))
  }
})

test('a token in the body goes before the cookie, and is answered in the body', async () => {
  const { body: ann } = await ask(url, 'POST', '/api/auth/guest', { body: { name: 'Ann' } })
  const { value } = cookieOf(await signIn())
  const answer = await ask(url, 'POST', '/api/auth/refresh', {
    body: { refreshToken: ann.refreshToken },
    headers: withCookie(value, {}),
  })
  expect(answer.body.user.id).toBe(ann.user.id)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(answer.body.refreshToken).toEqual(expect.any(String))
})
