import { describe, expect, it } from 'vitest'
import { asking, HERE, jsonOf, PAGE, refusalIn } from '../../../support/asking.ts'
import { refreshTokenOf } from '../../../support/fake-backend.ts'

const scene = asking()
const { send, signIn } = scene

const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Strict'
const COOKIE = '__Host-stompbox-refresh'
const LOGIN = { username: 'ann', password: 'correct horse' }

/** Routes that put the refresh token into the cookie where the body says so. */
const KEEPING: [path: string, body: object][] = [
  ['/api/auth/guest', { name: 'ann' }],
  ['/api/auth/register', LOGIN],
  ['/api/auth/login', LOGIN],
]

/** The calls of objects, without the counting of whoever asks for tokens. */
const calls = () => scene.backend.takeCalls().filter((call) => call !== 'mayAuthenticate')

const FOREIGN = [
  undefined,
  'null',
  'https://evil.example',
  'http://app.chat.example',
  `${PAGE}.evil`,
]
const from = (origin: string | undefined) => (origin === undefined ? {} : { Origin: origin })

describe.each(KEEPING)('%s', (path, body) => {
  it.each([PAGE, HERE])('keeps it for %s', async (origin) => {
    const response = await send('POST', path, { ...body, cookie: true }, { Origin: origin })
    const grant = await jsonOf(response)
    expect(Object.keys(grant).sort()).toEqual([
      'accessToken',
      'expiresIn',
      'refreshExpiresIn',
      'user',
    ])
    const cookies = response.headers.getSetCookie()
    expect(cookies.filter((cookie) => !cookie.startsWith('__Host-stompbox-device='))).toEqual([
      `${COOKIE}=${refreshTokenOf(grant.user.id)}; Max-Age=1209600; ${ATTRIBUTES}`,
    ])
  })

  it.each(FOREIGN)('keeps nothing for %s, and does nothing', async (origin) => {
    const response = await send('POST', path, { ...body, cookie: true }, from(origin))
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await refusalIn(response)).toEqual([403, 'origin-refused'])
    expect(calls()).toEqual([])
  })

  it.each<[string, string, Record<string, string>]>([
    ['as the browser says', 'https://a.sub.example', { 'Sec-Fetch-Site': 'cross-site' }],
    ['as the browser says of what looks like a sibling', PAGE, { 'Sec-Fetch-Site': 'cross-site' }],
    ['by its name, where the browser does not say', 'https://a.sub.example', {}],
  ])('refuses a page of another site at once, %s, and does nothing', async (_, Origin, more) => {
    const response = await send('POST', path, { ...body, cookie: true }, { Origin, ...more })
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await refusalIn(response)).toEqual([403, 'cookie-cross-site'])
    expect(calls()).toEqual([])
  })

  it.each(['same-origin', 'same-site'])('keeps it where the browser says %s', async (told) => {
    const headers = { Origin: 'https://a.sub.example', 'Sec-Fetch-Site': told }
    const response = await send('POST', path, { ...body, cookie: true }, headers)
    expect(response.headers.getSetCookie()).not.toEqual([])
  })

  it('gives a page of another site the token in the answer', async () => {
    const headers = { Origin: 'https://a.sub.example', 'Sec-Fetch-Site': 'cross-site' }
    expect(await jsonOf(await send('POST', path, body, headers))).toHaveProperty('refreshToken')
  })

  it('keeps nothing where it is not asked to', async () => {
    for (const cookie of [undefined, false]) {
      const response = await send('POST', path, { ...body, cookie }, { Origin: PAGE })
      expect(response.headers.getSetCookie()).toEqual([])
      expect(await jsonOf(response)).toHaveProperty('refreshToken')
    }
  })
})

describe('a refresh by cookie', () => {
  it('is answered by cookie', async () => {
    const { user, refreshToken } = await signIn()
    const headers = { Cookie: `${COOKIE}=${refreshToken}`, Origin: PAGE }
    for (const body of [undefined, {}]) {
      const response = await send('POST', '/api/auth/refresh', body, headers)
      expect(response.status).toBe(200)
      expect(await jsonOf(response)).not.toHaveProperty('refreshToken')
      expect(response.headers.getSetCookie()).toEqual([
        `${COOKIE}=${refreshToken}; Max-Age=1209600; ${ATTRIBUTES}`,
      ])
      expect(scene.backend.calls.at(-1)).toEqual({
        what: 'account.refresh',
        of: user.id,
        with: [refreshToken, undefined],
      })
    }
  })

  it.each(FOREIGN)('from %s is refused', async (origin) => {
    const { refreshToken } = await signIn()
    const headers = { Cookie: `${COOKIE}=${refreshToken}`, ...from(origin) }
    for (const body of [undefined, {}]) {
      const response = await send('POST', '/api/auth/refresh', body, headers)
      expect(await refusalIn(response)).toEqual([403, 'origin-refused'])
    }
    expect(calls()).toEqual([])
  })

  it.each(FOREIGN)('is not begun by a token in the body for %s', async (origin) => {
    const { refreshToken } = await signIn()
    const body = { refreshToken, cookie: true }
    const response = await send('POST', '/api/auth/refresh', body, from(origin))
    expect(await refusalIn(response)).toEqual([403, 'origin-refused'])
    expect(calls()).toEqual([])
  })

  it('does not come about where the body has a token', async () => {
    const { user, refreshToken } = await signIn()
    const other = await signIn('bob')
    const headers = { Cookie: `${COOKIE}=${other.refreshToken}` }
    const response = await send('POST', '/api/auth/refresh', { refreshToken }, headers)
    expect((await jsonOf(response)).user.id).toBe(user.id)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('is begun with an access token, where the old cookie has expired', async () => {
    const { bearer } = await signIn()
    const headers = { ...bearer, Origin: PAGE }
    const response = await send('POST', '/api/auth/refresh', { cookie: true }, headers)
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(await jsonOf(response)).not.toHaveProperty('refreshToken')
  })

  it('is not begun by a token in the body for a page of another site', async () => {
    const { refreshToken } = await signIn()
    const body = { refreshToken, cookie: true }
    const headers = { Origin: PAGE, 'Sec-Fetch-Site': 'cross-site' }
    const response = await send('POST', '/api/auth/refresh', body, headers)
    expect(await refusalIn(response)).toEqual([403, 'cookie-cross-site'])
    expect(calls()).toEqual([])
  })

  it('with an empty cookie has nothing to show', async () => {
    const headers = { Cookie: `${COOKIE}=; other=1` }
    const response = await send('POST', '/api/auth/refresh', {}, headers)
    expect(await refusalIn(response)).toEqual([401, 'refresh-missing'])
  })
})

describe('a logout by cookie', () => {
  it('ends the session and drops the cookie', async () => {
    const { user, refreshToken } = await signIn()
    const headers = { Cookie: `${COOKIE}=${refreshToken}`, Origin: PAGE }
    const response = await send('POST', '/api/auth/logout', undefined, headers)
    expect(response.status).toBe(204)
    expect(response.headers.getSetCookie()).toEqual([`${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`])
    expect(scene.backend.calls.at(-1)).toEqual({
      what: 'account.endByToken',
      of: user.id,
      with: [refreshToken],
    })
  })

  it.each(FOREIGN)('from %s ends nothing and drops nothing', async (origin) => {
    const { refreshToken } = await signIn()
    const headers = { Cookie: `${COOKIE}=${refreshToken}`, ...from(origin) }
    const response = await send('POST', '/api/auth/logout', undefined, headers)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await refusalIn(response)).toEqual([403, 'origin-refused'])
    expect(calls()).toEqual([])
  })
})

it('a cookie lives 400 days at most, however long the session does', async () => {
  scene.backend.refreshExpiresIn = 1000 * 86_400
  const body = { name: 'ann', cookie: true }
  const response = await send('POST', '/api/auth/guest', body, { Origin: PAGE })
  expect(response.headers.get('Set-Cookie')).toContain('; Max-Age=34560000;')
})

describe('over plain http', () => {
  const LOCAL = 'http://localhost:8787'
  const BODY = { name: 'ann', cookie: true }

  it('a cookie has no prefix and is not Secure: WebKit keeps it', async () => {
    const response = await send('POST', `${LOCAL}/api/auth/guest`, BODY, { Origin: LOCAL })
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^stompbox-refresh=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
      ),
    ])
  })

  it.each(['https', 'https,http'])('behind %s it has both', async (forwarded) => {
    const headers = { Origin: LOCAL, 'X-Forwarded-Proto': forwarded }
    const response = await send('POST', `${LOCAL}/api/auth/guest`, BODY, headers)
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining(`; ${ATTRIBUTES}`)])
  })

  it('a name without the prefix says nothing over https', async () => {
    const { refreshToken } = await signIn()
    const headers = { Cookie: `stompbox-refresh=${refreshToken}`, Origin: PAGE }
    const response = await send('POST', '/api/auth/refresh', {}, headers)
    expect(await refusalIn(response)).toEqual([401, 'refresh-missing'])
  })
})

describe('the cookie of the versions before', () => {
  const GONE = 'stompbox_refresh=; Max-Age=0; Path=/api/auth; HttpOnly; Secure; SameSite=Strict'

  it('signs nobody out: it is read once, and replaced', async () => {
    const { user, refreshToken } = await signIn()
    const headers = { Cookie: `stompbox_refresh=${refreshToken}`, Origin: PAGE }
    for (const body of [{}, { user: user.id }]) {
      const response = await send('POST', '/api/auth/refresh', body, headers)
      expect((await jsonOf(response)).user.id).toBe(user.id)
      expect(response.headers.getSetCookie()).toEqual([
        `${COOKIE}=${refreshToken}; Max-Age=1209600; ${ATTRIBUTES}`,
        GONE,
      ])
    }
  })

  it.each(['', 'somebody-else'])(
    'signs in nobody whom the page does not expect: "%s"',
    async (user) => {
      const { refreshToken } = await signIn()
      const headers = { Cookie: `stompbox_refresh=${refreshToken}`, Origin: PAGE }
      const response = await send('POST', '/api/auth/refresh', { user }, headers)
      expect(await refusalIn(response)).toEqual([401, 'refresh-missing'])
    },
  )

  it('does not count beside the new one', async () => {
    const [ann, eve] = [await signIn(), await signIn('eve')]
    const Cookie = `stompbox_refresh=${eve.refreshToken}; ${COOKIE}=${ann.refreshToken}`
    const response = await send('POST', '/api/auth/refresh', {}, { Cookie, Origin: PAGE })
    expect((await jsonOf(response)).user.id).toBe(ann.user.id)
  })

  it('is dropped at a logout', async () => {
    const { refreshToken } = await signIn()
    const headers = { Cookie: `stompbox_refresh=${refreshToken}`, Origin: PAGE }
    const response = await send('POST', '/api/auth/logout', undefined, headers)
    expect(response.headers.getSetCookie()).toEqual([`${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`, GONE])
  })
})
