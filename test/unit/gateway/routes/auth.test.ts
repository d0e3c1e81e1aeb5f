import { describe, expect, it } from 'vitest'
import { REFUSALS, type RefusalCode } from '../../../../src/refusals.ts'
import { asking, jsonOf, refusalIn } from '../../../support/asking.ts'
import { ELSEWHERE } from '../../../support/fake-backend.ts'

const scene = asking()
const { ask, send, signIn } = scene

const refresh = (body?: unknown, headers = {}) => send('POST', '/api/auth/refresh', body, headers)
const logout = (body?: unknown, headers = {}) => send('POST', '/api/auth/logout', body, headers)

/** The calls of objects, without the counting of whoever asks for tokens. */
const calls = () => scene.backend.takeCalls().filter((call) => call !== 'mayAuthenticate')

const BEARER = (id: string) => ({
  sessionId: `s-${id}`,
  version: 1,
  federated: false,
  expiresAt: expect.any(Number),
})

describe('a guest', () => {
  it('gets tokens for a name', async () => {
    const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0' }
    const response = await send('POST', '/api/auth/guest', { name: '  앤 ' }, headers)
    expect(response.status).toBe(201)
    expect(response.headers.get('Set-Cookie')).toBeNull()
    const grant = await jsonOf(response)
    expect(grant).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresIn: 900,
      refreshToken: expect.any(String),
      refreshExpiresIn: 1_209_600,
      user: { id: expect.any(String), name: '앤', roles: ['GENERAL'], guest: true },
    })
    const bearer = { Authorization: `Bearer ${grant.accessToken}` }
    const me = await jsonOf(await send('GET', '/api/auth/me', undefined, bearer))
    expect(me.user).toEqual(grant.user)
    expect(scene.backend.people.get(grant.user.id)).toMatchObject({
      name: '앤',
      kind: 'guest',
      device: 'Firefox on Linux',
    })
  })

  it('is somebody else each time', async () => {
    expect((await signIn()).user.id).not.toBe((await signIn()).user.id)
  })

  it('can be refused altogether', async () => {
    scene.start({ GUESTS: 'off' })
    const response = await send('POST', '/api/auth/guest', { name: 'x' })
    expect(await refusalIn(response)).toEqual([403, 'guests-refused'])
    expect(calls()).toEqual([])
  })

  it('is told who they are', async () => {
    const { user, bearer } = await signIn()
    expect(await jsonOf(await ask('/api/auth/me', { headers: bearer }))).toEqual({
      user,
      session: {
        id: `s-${user.id}`,
        signedInAt: expect.stringMatching(/Z$/),
        expiresAt: expect.stringMatching(/Z$/),
      },
    })
  })
})

describe('who asks for tokens too often', () => {
  const ROUTES: [path: string, body: object][] = [
    ['/api/auth/guest', { name: 'x' }],
    ['/api/auth/register', { username: 'ann', password: 'long enough' }],
    ['/api/auth/login', { username: 'ann', password: 'long enough' }],
    ['/api/auth/refresh', { refreshToken: 'x' }],
    ['/api/auth/logout', { refreshToken: 'x' }],
  ]

  const WITH_TOKEN: typeof ROUTES = [
    ['/api/auth/logout', {}],
    ['/api/auth/password', { password: 'x', newPassword: 'long enough' }],
  ]

  it.each([
    ...ROUTES.map((route) => [...route, false] as const),
    ...WITH_TOKEN.map((route) => [...route, true] as const),
  ])('[R5] is slowed down, by address: %s %j, by an access token: %s', async (...route) => {
    const [path, body, signedIn] = route
    const { bearer } = await signIn()
    scene.backend.tooMany = true
    const headers = { ...(signedIn && bearer), 'CF-Connecting-IP': '2001:db8:1:2:3::4' }
    const response = await send('POST', path, body, headers)
    expect(await refusalIn(response)).toEqual([429, 'too-fast'])
    expect(response.headers.get('Retry-After')).toBe('10')
    expect(scene.backend.calls).toEqual([
      { what: 'mayAuthenticate', of: '2001:db8:1:2::/64', with: [] },
    ])
  })
})

describe('a refresh', () => {
  it('shows the account what was shown: the token, the access token, or both', async () => {
    const { user, bearer, refreshToken } = await signIn()
    await refresh({ refreshToken })
    await refresh(undefined, bearer)
    await refresh({}, bearer)
    await refresh({ refreshToken }, bearer)
    const shown = scene.backend.calls.filter(({ what }) => what === 'account.refresh')
    expect(shown).toEqual(
      [
        [refreshToken, undefined],
        [undefined, BEARER(user.id)],
        [undefined, BEARER(user.id)],
        [refreshToken, BEARER(user.id)],
      ].map((args) => ({ what: 'account.refresh', of: user.id, with: args })),
    )
  })

  it('answers with new tokens', async () => {
    const { user, refreshToken } = await signIn()
    const response = await refresh({ refreshToken })
    expect(response.status).toBe(200)
    expect(await jsonOf(response)).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresIn: 900,
      refreshToken: expect.any(String),
      refreshExpiresIn: 1_209_600,
      user,
    })
  })

  it('takes an access token that is not valid for none', async () => {
    const { user, refreshToken } = await signIn()
    const response = await refresh({ refreshToken }, { Authorization: 'Bearer x' })
    expect(response.status).toBe(200)
    expect(scene.backend.calls.at(-1)).toEqual({
      what: 'account.refresh',
      of: user.id,
      with: [refreshToken, undefined],
    })
  })

  it.each([undefined, {}, { cookie: false }])(
    'with nothing to show (%j) is refused',
    async (body) => {
      for (const headers of [{}, { Authorization: 'Bearer x' }]) {
        expect(await refusalIn(await refresh(body, headers))).toEqual([401, 'refresh-missing'])
      }
      expect(calls()).toEqual([])
    },
  )

  it.each([
    '',
    'x',
    '.',
    '....',
    'ann.s.x.y',
    'corp:bob.s.x.y',
    '__proto__.s.x.y',
    `ann.s.${'x'.repeat(40)}.${'y'.repeat(42)}`,
    `ann.s.${'x'.repeat(39)}:.${'y'.repeat(43)}`,
    `corp:bob.s.${'x'.repeat(40)}.${'y'.repeat(43)}`,
    `${'x'.repeat(65)}.s.${'x'.repeat(40)}.${'y'.repeat(43)}`,
    `ann.s.${'x'.repeat(40)}.${'y'.repeat(43)} `,
    'x'.repeat(10_000),
  ])('with what cannot be a token, %s, wakes no object', async (refreshToken) => {
    expect(await refusalIn(await refresh({ refreshToken }))).toEqual([401, 'refresh-invalid'])
    expect(calls()).toEqual([])
  })

  it('with tokens of two people is refused', async () => {
    const { refreshToken } = await signIn()
    const { bearer } = await signIn('bob')
    expect(await refusalIn(await refresh({ refreshToken }, bearer))).toEqual([
      403,
      'principal-mismatch',
    ])
    expect(calls()).toEqual([])
  })

  const CODES: RefusalCode[] = [
    'refresh-missing',
    'refresh-invalid',
    'refresh-expired',
    'refresh-reused',
    'session-ended',
    'session-too-old',
    'account-disabled',
  ]

  it.each(CODES)('is refused as the account refuses it: %s', async (code) => {
    const { refreshToken } = await signIn()
    scene.backend.refusals.set('account.refresh', code)
    const response = await refresh({ refreshToken })
    expect(await refusalIn(response)).toEqual([REFUSALS[code].status, code])
  })

  const WRONG: [body: unknown, status: number, code: string][] = [
    ['{', 400, 'body-malformed'],
    ['[]', 422, 'body-invalid'],
    ['null', 422, 'body-invalid'],
    [{ refreshToken: 1 }, 422, 'body-invalid'],
    [{ refreshToken: null }, 422, 'body-invalid'],
    [{ refreshToken: ['x'] }, 422, 'body-invalid'],
    [{ refreshToken: 'x', cookie: 'yes' }, 422, 'body-invalid'],
  ]

  it.each(WRONG)('with the body %j is refused', async (body, status, code) => {
    expect(await refusalIn(await refresh(body))).toEqual([status, code])
    expect(calls()).toEqual([])
  })

  it('with a body that is not JSON is refused', async () => {
    const init = { method: 'POST', body: 'refreshToken=x' }
    expect(await refusalIn(await ask('/api/auth/refresh', init))).toEqual([
      415,
      'media-type-refused',
    ])
  })
})

describe('a logout', () => {
  const CLEARED = /^__Host-stompbox-refresh=; Max-Age=0; Path=\/;/

  it('ends the session of the access token, before that of another token', async () => {
    const { user, bearer, refreshToken } = await signIn()
    for (const body of [undefined, {}, { refreshToken }]) {
      const response = await logout(body, bearer)
      expect([response.status, await response.text()]).toEqual([204, ''])
      expect(response.headers.get('Set-Cookie')).toMatch(CLEARED)
      expect(scene.backend.calls.slice(1)).toEqual([
        { what: 'account.end', of: user.id, with: [BEARER(user.id)] },
      ])
      scene.backend.takeCalls()
    }
  })

  it.each([{}, { Authorization: 'Bearer x' }])(
    'ends the session of the refresh token where the access token is none: %j',
    async (headers) => {
      const { user, refreshToken } = await signIn()
      const response = await logout({ refreshToken }, headers)
      expect(response.status).toBe(204)
      expect(response.headers.get('Set-Cookie')).toMatch(CLEARED)
      expect(scene.backend.calls.at(-1)).toEqual({
        what: 'account.endByToken',
        of: user.id,
        with: [refreshToken],
      })
    },
  )

  it('of a session that has ended, or never was, is no failure', async () => {
    const { refreshToken } = await signIn()
    scene.backend.refusals.set('account.endByToken', 'refresh-invalid')
    expect((await logout({ refreshToken })).status).toBe(204)
    expect((await logout({ refreshToken: 'x' })).status).toBe(204)
    expect((await logout({ refreshToken: '' })).status).toBe(204)
  })

  it('of whoever shows nothing is refused: no session has ended', async () => {
    expect(await refusalIn(await logout())).toEqual([401, 'token-missing'])
    const bad = { Authorization: 'Bearer x' }
    expect(await refusalIn(await logout({}, bad))).toEqual([401, 'token-invalid'])
    expect(calls()).toEqual([])
  })

  it.each([
    ['{', 400],
    [{ refreshToken: 1 }, 422],
    ['[]', 422],
  ])('with the body %j ends nothing', async (body, status) => {
    const { bearer } = await signIn()
    expect((await logout(body, bearer)).status).toBe(status)
    expect(calls()).toEqual([])
  })
})

describe('the sessions', () => {
  it('are listed, the one that asks marked', async () => {
    const { user, bearer } = await signIn()
    const session = {
      id: `s-${user.id}`,
      device: 'here',
      signedInAt: '2026-11-21T08:00:00.000Z',
      lastUsedAt: '2026-11-21T08:00:00.001Z',
    }
    const list = await send('GET', '/api/auth/sessions', undefined, bearer)
    expect(await jsonOf(list)).toEqual({ sessions: [{ ...session, current: true }] })
  })

  it('end one by one: one’s own with its cookie, another without, an unknown one not', async () => {
    const { user, bearer } = await signIn()
    const end = (id: string) => send('DELETE', `/api/auth/sessions/${id}`, undefined, bearer)
    const own = await end(`s-${user.id}`)
    expect([own.status, own.headers.has('Set-Cookie')]).toEqual([204, true])
    expect(scene.backend.calls.at(-1)).toEqual({
      what: 'account.end',
      of: user.id,
      with: [BEARER(user.id)],
    })
    const other = await end(ELSEWHERE)
    expect([other.status, other.headers.has('Set-Cookie')]).toEqual([204, false])
    const none = await end('none')
    expect(none.headers.has('Set-Cookie')).toBe(false)
    expect(await refusalIn(none)).toEqual([404, 'session-unknown'])
  })

  it('end all at once', async () => {
    const { user, bearer } = await signIn()
    const response = await send('DELETE', '/api/auth/sessions', undefined, bearer)
    expect([response.status, response.headers.has('Set-Cookie')]).toEqual([204, true])
    expect(scene.backend.calls.at(-1)).toEqual({
      what: 'account.endAll',
      of: user.id,
      with: [undefined],
    })
  })
})
