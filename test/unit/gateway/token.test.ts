// Every route that wants a token, and every way in which one does not hold.

import { generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createGateway } from '../../../src/gateway/gateway.ts'
import { ROUTE_COSTS } from '../../../src/gateway/request-costs.ts'
import { REFUSALS, type RefusalCode } from '../../../src/refusals.ts'
import { asking, type Headers, refusalIn } from '../../support/asking.ts'

const scene = asking()
const { send, signIn } = scene

type Route = [method: string, path: string, body?: object]

const ROOM = `/api/rooms/${'x'.repeat(20)}`

const ANYBODY: Route[] = [
  ['GET', '/api/auth/me'],
  ['GET', '/api/auth/sessions'],
  ['DELETE', '/api/auth/sessions'],
  ['DELETE', '/api/auth/sessions/s'],
  ['POST', '/api/auth/password', { password: 'old password', newPassword: 'new password' }],
  ['POST', '/api/auth/oidc/corp'],
]

const GENERAL: Route[] = [
  ['GET', '/api/rooms'],
  ['POST', '/api/rooms', { name: 'a room' }],
  ['GET', ROOM],
  ['DELETE', ROOM],
  ['POST', `${ROOM}/tickets`],
  ['GET', `${ROOM}/events`],
  ['GET', `${ROOM}/members`],
  ['PATCH', `${ROOM}/members/bob`, { role: 'reader' }],
]

const ADMIN: Route[] = [
  ['GET', '/api/admin/users/bob'],
  ['PATCH', '/api/admin/users/bob', { disabled: true }],
  ['POST', '/api/admin/keys/rotate'],
]

const EVERY = [...ANYBODY, ...GENERAL, ...ADMIN]

/** How the account is asked: for a ticket it notes the room at once. */
const askedBy = (path: string) =>
  path === `${ROOM}/tickets` ? 'account.prepareVisit' : 'account.check'

/** The calls of objects, without the counting of whoever asks for tokens. */
const calls = () => scene.backend.takeCalls().filter((call) => call !== 'mayAuthenticate')

describe.each(EVERY)('%s %s', (method, path, body) => {
  it.each([
    ['no token', {}, 'token-missing'],
    ['another scheme', { Authorization: 'Basic eDp5' }, 'token-missing'],
    ['a bad token', { Authorization: 'Bearer x' }, 'token-invalid'],
  ] as const)('[A2] with %s is refused', async (_what, headers, code) => {
    const answer = await send(method, path, body, headers)
    expect(await refusalIn(answer)).toEqual([401, code])
    expect(calls()).toEqual([])
    const audited = code === 'token-missing' ? [] : [{ event: 'token-refused', code }]
    expect(scene.audited).toMatchObject(audited)
  })

  it.each(['session-ended', 'roles-changed', 'account-disabled'] as const)(
    '[A5] is refused when the account says %s',
    async (code) => {
      scene.backend.roles = ['GENERAL', 'ADMIN']
      const { user, bearer } = await signIn()
      const asked = askedBy(path)
      scene.backend.refusals.set(asked, code)
      const answer = await send(method, path, body, bearer)
      expect(await refusalIn(answer)).toEqual([REFUSALS[code].status, code])
      expect(scene.backend.calls.at(-1)).toMatchObject({
        what: asked,
        of: user.id,
      })
      expect(scene.backend.calls.at(-1)?.with[0]).toEqual({
        ...{
          sessionId: `s-${user.id}`,
          version: 1,
          federated: false,
          expiresAt: expect.any(Number),
        },
      })
      expect(calls()).toEqual([asked])
      expect(scene.audited).toEqual([{ event: 'token-refused', code }])
    },
  )
})

describe('[R5] a request of somebody signed in', () => {
  /** The routes that cost more than their methods. */
  const DEAR: Record<string, number> = {
    'POST /api/rooms': 20,
    [`POST ${ROOM}/tickets`]: 5,
    'GET /api/rooms': 2,
    [`GET ${ROOM}/events`]: 2,
  }

  it.each(EVERY)('is paid for, once: %s %s', async (method, path, body) => {
    scene.backend.roles = ['GENERAL', 'ADMIN']
    const { bearer } = await signIn()
    scene.backend.costs.length = 0
    await send(method, path, body, bearer)
    const cost = DEAR[`${method} ${path}`] ?? (method === 'GET' ? 1 : 2)
    expect(scene.backend.costs).toEqual([cost])
  })

  it.each(EVERY)('beyond the limit reaches no other object: %s %s', async (method, path, body) => {
    scene.backend.roles = ['GENERAL', 'ADMIN']
    const { bearer } = await signIn()
    const asked = askedBy(path)
    scene.backend.refusals.set(asked, { refused: 'too-fast', retryAfter: 2.1 })
    const answer = await send(method, path, body, bearer)
    expect(answer.headers.get('Retry-After')).toBe('3')
    expect(await refusalIn(answer)).toEqual([429, 'too-fast'])
    expect(calls()).toEqual([asked])
  })

  it.each(Object.keys(ROUTE_COSTS))('names a route that there is: %s', (name) => {
    const app = createGateway(readConfig({}), scene.backend)
    const routes = app.routes.map(({ method, path }) => `${method} ${path}`)
    expect(routes).toContain(name)
  })
})

describe('[R5] two hundred refusals', () => {
  const UPGRADE = { Upgrade: 'websocket' }
  const refused: [what: string, event: string, path: string, headers: Headers][] = [
    ['bad tokens', 'token-refused', '/api/auth/me', { Authorization: 'Bearer x' }],
    ['upgrades without a token', 'entry-refused', '/chat', UPGRADE],
    ['upgrades from a foreign page', 'entry-refused', '/chat', { ...UPGRADE, Origin: 'null' }],
    ['callbacks of no sign-in', 'sign-in-refused', '/api/auth/oidc/corp/callback', {}],
  ]

  it.each(refused)('of %s write few lines', async (_what, event, path, headers) => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
    onTestFinished(() => void vi.useRealTimers())
    for (let n = 0; n < 200; n++) await send('GET', path, undefined, headers)
    expect(scene.audited.map((line) => line.event)).toEqual(Array(11).fill(event))
    expect(scene.audited.at(-1)).toMatchObject({ suppressed: 99 })
  })

  it('of whoever tries passwords are written one by one', async () => {
    scene.backend.refusals.set('login.verify', 'credentials-invalid')
    const body = { username: 'ann', password: 'wrong horse' }
    for (let n = 0; n < 200; n++) await send('POST', '/api/auth/login', body)
    expect(scene.audited).toHaveLength(200)
  })
})

describe('[A2] an authority', () => {
  const MISSING: [roles: string[], routes: Route[]][] = [
    [[], [...GENERAL, ...ADMIN]],
    [['GENERAL'], ADMIN],
    [['ADMIN'], GENERAL],
    [
      ['general', 'admin', 'GENERAL ADMIN'],
      [...GENERAL, ...ADMIN],
    ],
  ]

  it.each(MISSING.flatMap(([roles, routes]) => routes.map((route) => [roles, route] as const)))(
    'is needed: %j, %j',
    async (roles, [method, path, body]) => {
      scene.backend.roles = roles
      const { bearer } = await signIn()
      expect(await refusalIn(await send(method, path, body, bearer))).toEqual([403, 'not-allowed'])
      expect(calls()).toEqual(['account.check'])
    },
  )

  it('is not needed to know who one is, and where one is signed in', async () => {
    scene.backend.roles = []
    const { bearer } = await signIn()
    for (const path of ['/api/auth/me', '/api/auth/sessions']) {
      expect((await send('GET', path, undefined, bearer)).status).toBe(200)
    }
  })
})

describe('a trusted issuer’s token', () => {
  const SECRET = 'a secret of more than thirty-two bytes'
  const ISSUER = { name: 'corp', issuer: 'https://corp.example', audience: 'us', secret: 'CORP' }

  async function foreign(claims: object = {}, roles?: string): Promise<Headers> {
    const issuer = { ...ISSUER, ...(roles && { roles }) }
    scene.start({ TRUSTED_ISSUERS: JSON.stringify([issuer]), CORP: SECRET })
    const token = await new SignJWT({ sid: 's1', name: 'Bob', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER.issuer)
      .setAudience('us')
      .setSubject('bob')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(SECRET))
    return { Authorization: `Bearer ${token}` }
  }

  const BEARER = {
    sessionId: 'corp:s1',
    version: 0,
    federated: true,
    expiresAt: expect.any(Number),
  }

  it('is asked about like any other', async () => {
    const bearer = await foreign()
    expect((await send('GET', '/api/auth/me', undefined, bearer)).status).toBe(200)
    expect(scene.backend.calls).toEqual([{ what: 'account.check', of: 'corp:bob', with: [BEARER] }])
  })

  it('is ended by a logout', async () => {
    const bearer = await foreign()
    expect((await send('POST', '/api/auth/logout', undefined, bearer)).status).toBe(204)
    expect(scene.backend.calls.slice(1)).toEqual([
      { what: 'account.end', of: 'corp:bob', with: [BEARER] },
    ])
  })

  it('ends its own session, and no other that it names', async () => {
    const bearer = await foreign()
    const own = await send('DELETE', '/api/auth/sessions/corp%3As1', undefined, bearer)
    expect(own.status).toBe(204)
    scene.backend.takeCalls()
    const other = await send('DELETE', '/api/auth/sessions/corp%3As2', undefined, bearer)
    expect(await refusalIn(other)).toEqual([404, 'session-unknown'])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
  })

  it('ends with all sockets of its person', async () => {
    const bearer = await foreign()
    expect((await send('DELETE', '/api/auth/sessions', undefined, bearer)).status).toBe(204)
    expect(scene.backend.calls.slice(1)).toEqual([
      { what: 'account.endAll', of: 'corp:bob', with: [undefined] },
      { what: 'account.end', of: 'corp:bob', with: [BEARER] },
    ])
  })

  type Refused = [path: string, body: object | undefined, status: number, code: RefusalCode]
  it.each<Refused>([
    ['/api/auth/refresh', undefined, 401, 'refresh-missing'],
    ['/api/auth/register', { username: 'bob', password: 'long enough' }, 409, 'already-registered'],
    ['/api/auth/oidc/corp', undefined, 403, 'not-allowed'],
  ])('makes nothing of ours: %s', async (path, body, status, code) => {
    const bearer = await foreign()
    expect(await refusalIn(await send('POST', path, body, bearer))).toEqual([status, code])
    expect(calls().filter((call) => call !== 'account.check')).toEqual([])
  })

  it('has its roles from its issuer', async () => {
    const bearer = await foreign({ roles: ['ADMIN'] }, 'roles')
    const shown = await send('GET', '/api/admin/users/bob', undefined, bearer)
    expect(shown.status).toBe(200)
    const rooms = await send('GET', '/api/rooms', undefined, bearer)
    expect(await refusalIn(rooms)).toEqual([403, 'not-allowed'])
  })
})

describe('a token whose issuer’s keys are out of reach', () => {
  it.each<Route>([
    ['GET', '/api/auth/me'],
    ['POST', '/api/auth/logout'],
    ['POST', '/api/auth/refresh'],
    ['POST', '/api/auth/register', { username: 'bob', password: 'long enough' }],
  ])('is neither good nor bad: %s %s', async (method, path, body) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('no way there')
    })
    onTestFinished(() => void vi.unstubAllGlobals())
    const issuer = { name: 'far', issuer: 'far', audience: 'us', jwks: 'https://far.example/jwks' }
    scene.start({ TRUSTED_ISSUERS: JSON.stringify([issuer]) })
    const { privateKey } = await generateKeyPair('ES256')
    const token = await new SignJWT({ sub: 'bob', iss: 'far', aud: 'us' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setExpirationTime('5m')
      .sign(privateKey)
    const answer = await send(method, path, body, { Authorization: `Bearer ${token}` })
    expect(await refusalIn(answer)).toEqual([503, 'unavailable'])
    expect(calls()).toEqual([])
    expect(logged).toHaveBeenCalled()
  })
})
