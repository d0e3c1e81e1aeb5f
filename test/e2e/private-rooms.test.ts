// M2: to a stranger a private room is an id that nobody ever gave, and so is a direct one: on every
// route of the API, at a ticket and at an upgrade, in status, body and headers. What takes time is
// the same, too: no room is built for a stranger. `npm run bench` measures it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, guest, type Person, ticketUrl } from '../support/people.ts'
import {
  askRoute,
  type Brought,
  comparable,
  type RoomRoute,
  roomRoutes,
} from '../support/room-routes.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect, StompSocket, type UpgradeOptions, upgrade } from '../support/stomp-socket.ts'

let server: Server
let owner: Person
let stranger: Person
/** A private room, a direct one, and none. */
let secret: string
let direct: string
let unknown: string
let routes: readonly RoomRoute[]

beforeAll(async () => {
  server = await startServer()
  const [olivia, sam, oscar] = await Promise.all(
    ['Olivia', 'Sam', 'Oscar'].map((name) => guest(server.url, name)),
  )
  owner = olivia as Person
  stranger = sam as Person
  const made = await asOwner('POST', '/api/rooms', { name: 'secret', kind: 'private' })
  secret = made.body.id
  direct = (await asOwner('PUT', `/api/direct/${oscar?.id}`)).body.id
  unknown = `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`
  routes = await roomRoutes(server.url)
})
afterAll(() => server?.close())

const asOwner = (method: string, path: string, body?: object) =>
  ask(server.url, method, path, { token: owner.accessToken, body })

const evict = (room = secret) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

const wokenRooms = () =>
  server.harness.getLogs().filter(({ message }) => message.includes('room-woke'))

/** Both rooms are told of as an unknown id is, on all routes; gives what is told of that. */
async function expectUnknown(
  who: Person,
  parts: Record<string, string> = {},
  change: (brought: Brought) => Brought | undefined = (brought) => brought,
): Promise<number[]> {
  const statuses = new Set<number>()
  for (const each of routes) {
    const brought = change(each.brought)
    if (!brought || (brought.body && each.method === 'GET')) continue
    const route = { ...each, brought }
    const none = await askRoute(server.url, who, route, { ...parts, id: unknown })
    statuses.add(none.status)
    for (const id of [secret, direct]) {
      const real = await askRoute(server.url, who, route, { ...parts, id })
      expect([route, real]).toEqual([route, none])
    }
  }
  return [...statuses]
}

/** How an upgrade is answered, be it by HTTP or over the socket. */
async function upgraded(url: string, options: UpgradeOptions = {}) {
  const answer = await upgrade(url, options)
  if (answer instanceof StompSocket) {
    return { closed: await answer.closed, frames: answer.frames.items }
  }
  const { status, headers, body } = answer
  return { status, headers: comparable(Object.entries(headers)), body }
}

const chat = (id: string, way = '/chat') => `${server.url.replace('http', 'ws')}${way}?room=${id}`
const bearing = ({ accessToken }: Person) => ({
  headers: { Authorization: `Bearer ${accessToken}` },
})
const NOT_FOUND = { status: 404, body: { code: 'room-unknown' } }

describe('[M2] to a stranger a private room', () => {
  it('is an unknown id on every route, evicted or not, and is never built for them', async () => {
    expect(routes.length).toBeGreaterThan(20)
    for (const id of [secret, direct]) await evict(id)
    server.harness.clearLogs()
    expect(await expectUnknown(stranger)).toEqual([404])
    const [first] = routes as [RoomRoute]
    const { body } = await askRoute(server.url, stranger, first, { id: unknown })
    expect(body).toMatchObject({ code: 'room-unknown' })
    expect(wokenRooms()).toEqual([])
    // The room is awake, with somebody in it.
    const socket = await connect(server.url, owner, secret)
    expect(await expectUnknown(stranger)).toEqual([404])
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'nobody came')
    await socket.hangUp()
  })

  it.each<[what: string, change: (brought: Brought) => Brought | undefined]>([
    ['without a body', ({ body }) => (body ? {} : undefined)],
    ['with a list', () => ({ body: [] })],
    ['with values that do not fit', () => ({ body: { seq: -1, content: 7, uses: 1e9 } })],
    ['with too much', () => ({ body: { content: 'x'.repeat(20_000), name: '' } })],
    ['with a query', () => ({ query: '?cursor=x&limit=x&after=x&before=1&last=0&state=x' })],
    ['with a key', (each) => ({ ...each, headers: { 'Idempotency-Key': 'k' } })],
    [
      'with too long a key',
      (each) => ({ ...each, headers: { 'Idempotency-Key': 'k'.repeat(999) } }),
    ],
    ['from another origin', (each) => ({ ...each, headers: { Origin: 'https://a.example' } })],
  ])('is an unknown id also for a request %s', async (_what, change) => {
    await expectUnknown(stranger, {}, change)
  })

  it('has nothing to be guessed by the ids of what is in it', async () => {
    const path = `/api/rooms/${secret}`
    await asOwner('POST', `${path}/messages`, { content: 'hi' })
    const report = await asOwner('POST', `${path}/reports`, { seq: 1, reason: 'x' })
    const made = await asOwner('POST', `${path}/invitations`, {})
    expect([report.status, made.status]).toEqual([201, 201])
    await evict()
    const { id, token } = made.body
    const parts = { reportId: String(report.body.id), invitationId: id, userId: owner.id }
    // Nobody joins for somebody else, wherever: 403.
    expect(await expectUnknown(stranger, parts)).toEqual([404, 403])
    // A token that differs in its last letter, and the same of no room.
    const other = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')
    for (const method of ['GET', 'POST']) {
      const [real, none] = await Promise.all(
        [other, unknown + other.slice(unknown.length)].map((each) => {
          const route = { method, route: `/api/invitations/${each}`, brought: {} }
          return askRoute(server.url, stranger, route, {})
        }),
      )
      expect(real).toEqual(none)
      expect(none).toMatchObject({ status: 404, body: { code: 'invitation-unknown' } })
    }
  })

  it('is an unknown id at the upgrade', async () => {
    // A browser is told over the socket.
    const protocols = ['v12.stomp', `bearer.${stranger.accessToken}`]
    const page = { protocols, headers: { Origin: server.url } }
    for (const way of ['/chat', '/ws']) {
      for (const [options, expected] of [
        [bearing(stranger), NOT_FOUND],
        [page, { frames: [{ headers: { code: 'room-unknown' } }] }],
      ] as const) {
        const none = await upgraded(chat(unknown, way), options)
        expect(none).toMatchObject(expected)
        for (const id of [secret, direct]) {
          expect(await upgraded(chat(id, way), options)).toEqual(none)
        }
      }
    }
  })

  it.each([false, true])(
    '[H1] is an unknown id to whoever was removed, by a ticket got before, too; evicted: %s',
    async (evicted) => {
      const ex = await guest(server.url, 'Ex')
      const { token } = (await asOwner('POST', `/api/rooms/${secret}/invitations`, {})).body
      await ask(server.url, 'POST', `/api/invitations/${token}`, { token: ex.accessToken })
      const url = await ticketUrl(server.url, ex, secret)
      const socket = await connect(server.url, ex, secret)
      if (evicted) await evict()
      expect((await asOwner('DELETE', `/api/rooms/${secret}/members/${ex.id}`)).status).toBe(204)
      expect((await socket.closed).reason).toBe('kicked')
      if (evicted) await evict()
      const none = await upgraded(chat(unknown), bearing(ex))
      expect(none).toMatchObject(NOT_FOUND)
      expect(await upgraded(url)).toEqual(none)
      expect(await upgraded(chat(secret), bearing(ex))).toEqual(none)
      expect(await expectUnknown(ex)).toEqual([404])
    },
  )
})
