// R5: a request that is refused writes no row, in whatever object. What is written to refuse the next one (a failed
// password) is the exception.

import { evictAllDurableObjects } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { burstOf } from '../../src/account/request-budget.ts'
import type { SessionGrant } from '../../src/account/views.ts'
import { readConfig } from '../../src/config.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { RoomObject } from '../../src/objects/room/object.ts'
import { allRowsWritten } from '../support/all-rows-written.ts'
import { cheapPasswords } from '../support/cheap-passwords.ts'
import { noted, rowsIn, tokenOf } from '../support/in-rooms.ts'
import {
  ACCOUNT,
  bearerOf,
  GUEST,
  granted,
  objects,
  person,
  signedIn,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { SOMEBODY } from '../support/room-in-workerd.ts'

quiet()
cheapPasswords()
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

const HERE = 'https://chat.example'
const PROVIDER = { id: 'test', name: 'Test', issuer: 'https://id.example', clientId: 'us' }
const CONFIG = readConfig({
  ...env,
  ...{ ROOMS_PER_PERSON: 2, ROOMS_PER_GUEST: 0, OIDC_PROVIDERS: JSON.stringify([PROVIDER]) },
})
const gateway = createGateway(CONFIG, objects)
const busy = createGateway(CONFIG, { ...objects, mayAuthenticate: async () => false })
const BURST = burstOf(readConfig(env).requestsPerMinute)
const NOWHERE = 'x'.repeat(20)

const ROUTES = [
  ...new Set(
    gateway.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`),
  ),
]

interface World {
  /** Owns two rooms: as many as may be. */
  readonly owner: SessionGrant
  /** Is banned in the first of them. */
  readonly banned: SessionGrant
  readonly guest: SessionGrant
  readonly root: SessionGrant
  /** Where anyone may be, and where accounts may be. */
  readonly room: string
  readonly accountsOnly: string
  /** A user name that somebody has. */
  readonly username: string
}

interface Asked {
  readonly by?: SessionGrant
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly from?: typeof gateway
}

const PLACES: Record<string, string> = {
  ...{ id: NOWHERE, userId: 'bob', provider: 'test', seq: '1', reaction: 'x' },
  ...{ token: NOWHERE + 'x'.repeat(22), invitationId: 'x', reportId: '1' },
}
/** What is asked of a route beside its path. */
const QUERIES: Record<string, string> = {
  'DELETE /api/rooms/:id/members/:userId/messages': '?last=1',
}
/** The route on which each speaks only for themselves. */
const JOIN = 'PUT /api/rooms/:id/members/:userId'

const LOGIN = { username: 'quentin', password: 'correct horse' }
const BODIES: Record<string, object> = {
  'POST /api/auth/guest': { name: 'ann' },
  'POST /api/auth/register': LOGIN,
  'POST /api/auth/login': LOGIN,
  'POST /api/auth/password': { password: 'old password', newPassword: 'new password' },
  'POST /api/rooms': { name: 'a room' },
  'PATCH /api/rooms/:id': { settings: { entry: 'accounts' } },
  'PATCH /api/me/rooms/:id': { hidden: true },
  'PATCH /api/rooms/:id/members/:userId': { role: 'reader' },
  'PUT /api/rooms/:id/bans/:userId': {},
  'POST /api/rooms/:id/invitations': {},
  'POST /api/rooms/:id/reports': { seq: 1 },
  'PATCH /api/rooms/:id/reports/:reportId': { state: 'settled' },
  'POST /api/rooms/:id/messages': { content: 'x' },
  'PATCH /api/rooms/:id/messages/:seq': { content: 'x' },
  'PUT /api/rooms/:id/read': { seq: 1 },
  'PATCH /api/admin/users/:id': { disabled: true },
}

const isUpgrade = (route: string) => /^GET \/(chat|ws)(\/websocket)?$/.test(route)

/** Asks a route, such as `GET /api/rooms/:id`; a room of its own takes the place of `:id`. */
async function ask(route: string, { by, body, headers = {}, from = gateway }: Asked, id = NOWHERE) {
  const [method = '', pattern = ''] = route.split(' ')
  const places = { ...PLACES, id, ...(route === JOIN && { userId: 'me' }) }
  const path = pattern.replace(/:(\w+)/g, (_, name: keyof typeof places) => places[name] ?? '')
  const sent = body ?? BODIES[route]
  const token: Record<string, string> = by ? { Authorization: `Bearer ${await tokenOf(by)}` } : {}
  const query = isUpgrade(route) && by ? `?room=${id}` : (QUERIES[route] ?? '')
  const answer = await from.request(HERE + path + query, {
    method,
    headers: {
      ...{ 'CF-Connecting-IP': nanoid(), ...token },
      ...(sent !== undefined && { 'Content-Type': 'application/json' }),
      ...(isUpgrade(route) && { Upgrade: 'websocket' }),
      ...headers,
    },
    ...(sent !== undefined && { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
  })
  if (answer.status < 400) return answer.headers.get('Location')?.split('=')[1] ?? answer.status
  return (await answer.json<{ code: string }>()).code
}

const post = async (path: string, body: unknown, by?: SessionGrant) => {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  headers['CF-Connecting-IP'] = nanoid()
  if (by) headers.Authorization = `Bearer ${await tokenOf(by)}`
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
  return (await gateway.request(HERE + path, init)).json<any>()
}

async function made(): Promise<World> {
  // What is stored of user names outlives a test.
  const username = `ann${nanoid(8)}`.toLowerCase().replace(/\W|_/g, 'x')
  await post('/api/auth/register', { username, password: 'correct horse' })
  const [{ grant: owner }, { grant: banned }] = [await signedIn(), await signedIn()]
  const { grant: guest } = await signedIn(GUEST)
  const root = granted(await person('root').account.signIn(ACCOUNT))
  const entry = { entry: 'accounts' }
  const { id: room } = await post('/api/rooms', { name: 'a room' }, owner)
  const { id: accountsOnly } = await post('/api/rooms', { name: 'x', settings: entry }, owner)
  granted(
    await objects
      .room(room)
      .setRole(owner.principal, banned.principal.id, 'banned', undefined, SOMEBODY),
  )
  return { owner, banned, guest, root, room, accountsOnly, username }
}

/** A ticket to the first room, made so long ago; milliseconds. */
async function ticketOf(by: SessionGrant, { room }: World, ago = 0): Promise<string> {
  const { ticket } = await post(`/api/rooms/${room}/tickets`, {}, by)
  if (ago > 0) wait(ago)
  return ticket
}

const enterBy = async (ticket: string) => {
  const headers = { Upgrade: 'websocket' }
  const answer = await gateway.request(`${HERE}/chat?token=${ticket}`, { headers })
  answer.webSocket?.accept()
  answer.webSocket?.close()
  return answer.status === 101 ? 101 : (await answer.json<{ code: string }>()).code
}

describe.each([false, true])('[R5] [H1] a refused request, all evicted: %s', (evicted) => {
  let world: World
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    world = await made()
  })

  /** Refused with a code, and nothing is written. */
  async function expectNothing(
    code: string,
    request: () => Promise<unknown>,
    ready = async () => {},
  ) {
    if (evicted) await evictAllDurableObjects({ webSockets: 'hibernate' })
    await ready()
    let answer: unknown
    const written = await allRowsWritten(async () => {
      answer = await request()
    })
    // What an address has tried is counted, so that it can be delayed.
    const rows = written.filter(({ what }) => !/ failures\b/.test(what))
    expect({ answer, rows }).toEqual({ answer: code, rows: [] })
  }

  /** Those for which anybody may ask. */
  const OPEN = [
    ...['GET /api/health', 'GET /.well-known/jwks.json', 'GET /api/auth/providers'],
    ...['POST /api/auth/guest', 'POST /api/auth/register', 'POST /api/auth/login'],
    ...['POST /api/auth/refresh', 'GET /api/auth/oidc/:provider'],
    ...['GET /api/auth/oidc/:provider/callback', 'GET /chat/info', 'GET /ws/info'],
  ]
  const SIGNED_IN = ROUTES.filter((route) => !OPEN.includes(route))
  // It ends a sign-in, whoever asks for it and however often.
  const LIMITED = SIGNED_IN.filter((route) => route !== 'POST /api/auth/logout')

  it.each(SIGNED_IN)('%s, by a wrong token', async (route) => {
    const headers = { Authorization: 'Bearer x' }
    await expectNothing('token-invalid', () => ask(route, { headers }))
  })

  it.each(LIMITED)('%s, by a sign-in that has ended, or is not allowed so much', async (route) => {
    const { account, grant: by } = await signedIn()
    const { room } = world
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await expectNothing(
      'too-fast',
      () => ask(route, { by }, room),
      async () => {
        await account.check(bearerOf(by), BURST)
      },
    )
    vi.useRealTimers()
    await account.end(bearerOf(by))
    await expectNothing('session-ended', () => ask(route, { by }, room))
  })

  const OF_ROOM = ROUTES.filter((route) => /rooms\/:id/.test(route) || isUpgrade(route))

  it.each(OF_ROOM)('%s, to a room where one may not be', async (route) => {
    const { owner, banned, guest, room, accountsOnly } = world
    await expectNothing('room-unknown', () => ask(route, { by: owner }))
    await expectNothing('room-unknown', () => ask(route, { by: owner }, 'no room'))
    await expectNothing('banned', () => ask(route, { by: banned }, room))
    await expectNothing('accounts-only', () => ask(route, { by: guest }, accountsOnly))
    // Who has a ticket, so the room is noted.
    const { grant: by } = await signedIn(GUEST)
    await ticketOf(by, world)
    granted(
      await objects
        .room(room)
        .setRole(owner.principal, by.principal.id, 'banned', undefined, SOMEBODY),
    )
    await expectNothing('banned', () => ask(route, { by }, room))
  })

  it.each(ROUTES.filter((route) => Object.hasOwn(BODIES, route)))(
    '%s, with a body that is none',
    async (route) => {
      const { root, room } = world
      for (const [body, code] of [
        ['{', 'body-malformed'],
        ['x'.repeat(2_000_000), 'body-too-large'],
        [
          {
            ...{ name: 1, settings: 1, role: 1, disabled: 1, username: 1, content: 1, seq: 'x' },
            ...{ reason: 1, state: 1, hidden: 1 },
          },
          'body-invalid',
        ],
      ] as const) {
        await expectNothing(code, () => ask(route, { by: root, body }, room))
      }
    },
  )

  it.each(ROUTES.filter((route) => /^POST \/api\/auth\/(?!logout)/.test(route)))(
    '%s, from an address that asks too often',
    async (route) => {
      const { owner: by, room } = world
      await expectNothing('too-fast', () => ask(route, { by, from: busy }, room))
    },
  )

  type Case = [code: string, route: string, asked: (world: World) => Asked, id?: string]
  const cookie = 'stompbox-link'
  const CASES: Case[] = [
    ['too-many-rooms', 'POST /api/rooms', ({ owner }) => ({ by: owner })],
    ['too-many-rooms', 'POST /api/rooms', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'PATCH /api/rooms/:id', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'DELETE /api/rooms/:id', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'GET /api/rooms/:id/cost', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'PATCH /api/rooms/:id/members/:userId', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'PUT /api/rooms/:id/bans/:userId', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'DELETE /api/rooms/:id/bans/:userId', ({ guest }) => ({ by: guest })],
    [
      'not-allowed',
      'DELETE /api/rooms/:id/members/:userId/messages',
      ({ guest }) => ({ by: guest }),
    ],
    ['not-allowed', 'GET /api/rooms/:id/bans', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'GET /api/rooms/:id/moderation', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'POST /api/rooms/:id/invitations', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'GET /api/rooms/:id/invitations', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'GET /api/rooms/:id/reports', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'PATCH /api/rooms/:id/reports/:reportId', ({ guest }) => ({ by: guest })],
    ['not-allowed', 'PUT /api/rooms/:id/pins/:seq', ({ guest }) => ({ by: guest })],
    ['user-unknown', 'PATCH /api/rooms/:id/members/:userId', ({ owner }) => ({ by: owner })],
    ['user-unknown', 'PUT /api/rooms/:id/bans/:userId', ({ owner }) => ({ by: owner })],
    ['report-unknown', 'PATCH /api/rooms/:id/reports/:reportId', ({ owner }) => ({ by: owner })],
    ['event-unknown', 'POST /api/rooms/:id/reports', ({ owner }) => ({ by: owner })],
    ['event-unknown', 'PUT /api/rooms/:id/pins/:seq', ({ owner }) => ({ by: owner })],
    [
      'invitation-unknown',
      'DELETE /api/rooms/:id/invitations/:invitationId',
      ({ owner }) => ({ by: owner }),
    ],
    ['invitation-unknown', 'GET /api/invitations/:token', () => ({})],
    ['invitation-unknown', 'GET /api/invitations/:token', ({ owner }) => ({ by: owner })],
    ['invitation-unknown', 'POST /api/invitations/:token', ({ owner }) => ({ by: owner })],
    ['not-allowed', 'GET /api/admin/users/:id', ({ owner }) => ({ by: owner })],
    ['not-allowed', 'PATCH /api/admin/users/:id', ({ owner }) => ({ by: owner })],
    ['not-allowed', 'POST /api/admin/keys/rotate', ({ owner }) => ({ by: owner })],
    ['event-unknown', 'PATCH /api/rooms/:id/messages/:seq', ({ owner }) => ({ by: owner })],
    ['event-unknown', 'DELETE /api/rooms/:id/messages/:seq', ({ owner }) => ({ by: owner })],
    [
      'event-unknown',
      'PUT /api/rooms/:id/messages/:seq/reactions/:reaction',
      ({ owner }) => ({ by: owner }),
    ],
    ['user-unknown', 'GET /api/admin/users/:id', ({ root }) => ({ by: root }), 'nobody'],
    ['user-unknown', 'PATCH /api/admin/users/:id', ({ root }) => ({ by: root }), 'nobody'],
    [
      'username-taken',
      'POST /api/auth/register',
      ({ username }) => ({ body: { ...LOGIN, username } }),
    ],
    [
      'username-reserved',
      'POST /api/auth/register',
      () => ({ body: { ...LOGIN, username: 'admin' } }),
    ],
    ['proof-needed', 'POST /api/auth/register', ({ guest }) => ({ by: guest })],
    ['already-registered', 'POST /api/auth/register', ({ owner }) => ({ by: owner })],
    ['credentials-invalid', 'POST /api/auth/password', ({ guest }) => ({ by: guest })],
    ['refresh-missing', 'POST /api/auth/refresh', () => ({})],
    ['refresh-missing', 'POST /api/auth/refresh', ({ owner }) => ({ by: owner })],
    [
      'refresh-invalid',
      'POST /api/auth/refresh',
      ({ owner }) => ({ body: { refreshToken: owner.refreshToken.replace(/.$/, '-') } }),
    ],
    [
      'principal-mismatch',
      'POST /api/auth/refresh',
      ({ owner, guest }) => ({ by: guest, body: { refreshToken: owner.refreshToken } }),
    ],
    ['token-missing', 'POST /api/auth/logout', () => ({})],
    ['session-unknown', 'DELETE /api/auth/sessions/:id', ({ owner }) => ({ by: owner }), 'x'],
    [
      'proof-needed',
      'DELETE /api/auth/logins/:id',
      ({ banned }) => ({ by: banned, body: {} }),
      'x',
    ],
    [
      'login-unknown',
      'DELETE /api/auth/logins/:id',
      ({ owner }) => ({ by: owner, body: { refreshToken: owner.refreshToken } }),
      'x',
    ],
    ['sign-in-lost', 'POST /api/auth/logins', ({ owner }) => ({ by: owner })],
    [
      'sign-in-lost',
      'POST /api/auth/logins',
      ({ owner }) => ({ by: owner, headers: { Cookie: `__Host-${cookie}=x`, Origin: HERE } }),
    ],
    ['proof-needed', 'POST /api/auth/oidc/:provider', ({ owner }) => ({ by: owner, body: {} })],
    ['sign-in-lost', 'GET /api/auth/oidc/:provider/callback', () => ({})],
    ['token-missing', 'GET /chat', () => ({})],
    ['origin-refused', 'GET /chat', () => ({ headers: { Origin: 'https://evil.example' } })],
  ]

  it.each(CASES)('%s: %s (%#)', async (code, route, asked, id) => {
    await expectNothing(code, () => ask(route, asked(world), id ?? world.room))
  })

  it('sign-in-delayed: after the failures that were counted', async () => {
    const { username } = world
    const from = { 'CF-Connecting-IP': '192.0.2.7' }
    const asked = { body: { username, password: 'wrong password' }, headers: from }
    const login = () => ask('POST /api/auth/login', asked)
    while ((await login()) === 'credentials-invalid');
    await expectNothing('sign-in-delayed', login)
  })

  it('too-fast: a renewal, by a refresh token that is good afterwards', async () => {
    const { grant: owner } = await signedIn()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const renew = () =>
      ask('POST /api/auth/refresh', { body: { refreshToken: owner.refreshToken } })
    const exhaust = async () => {
      await objects.account(owner.principal.id).check(bearerOf(owner), BURST)
    }
    await expectNothing('too-fast', renew, exhaust)
    wait(10_000)
    expect(await renew()).toBe(200)
  })

  it('in-too-many-rooms: a ticket, and an upgrade', async () => {
    vi.spyOn(RoomObject.prototype, 'has').mockResolvedValue(true)
    const { grant: guest } = await signedIn(GUEST)
    const { room } = world
    await noted(person(guest.principal.id), guest, 200)
    for (const route of ['POST /api/rooms/:id/tickets', 'GET /chat']) {
      await expectNothing('in-too-many-rooms', () => ask(route, { by: guest }, room))
    }
  })

  it.each([0, 2000])('[A3] ticket-used, and then too-fast: a ticket of %d ms ago', async (ago) => {
    const guest = await signedIn(GUEST)
    const ticket = await ticketOf(guest.grant, world, ago)
    expect(await enterBy(ticket)).toBe(101)
    // The room says that its socket has gone.
    await vi.waitFor(async () => expect(await rowsIn(guest, 'entered_rooms')).toEqual([]))
    await expectNothing('ticket-used', () => enterBy(ticket))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await expectNothing(
      'too-fast',
      () => enterBy(ticket),
      async () => {
        while ((await enterBy(ticket)) === 'ticket-used');
      },
    )
  })
})
