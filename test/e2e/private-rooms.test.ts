// M2: to a stranger a private room is an id that nobody ever gave: on every route of the API, at a
// ticket and at an upgrade, in status, body and headers. What takes time is the same, too: no room
// is built for a stranger.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, guest, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect, upgrade } from '../support/stomp-socket.ts'

let server: Server
let owner: Person
let stranger: Person
let secret: string
let unknown: string

beforeAll(async () => {
  server = await startServer()
  owner = await guest(server.url, 'Olivia')
  stranger = await guest(server.url, 'Sam')
  const body = { name: 'secret', kind: 'private' }
  const made = await ask(server.url, 'POST', '/api/rooms', { token: owner.accessToken, body })
  secret = made.body.id
  unknown = `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`
})
afterAll(() => server?.close())

const evict = () =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: secret, webSockets: 'hibernate' })

/** The last letters of routes that want a body, and one that fits. */
const BODIES: readonly [route: string, body: object][] = [
  ['PATCH /api/rooms/{id}', { name: 'mine' }],
  ['POST /api/rooms/{id}/messages', { content: 'hi' }],
  ['PATCH /api/rooms/{id}/messages/{seq}', { content: 'hi' }],
  ['PUT /api/rooms/{id}/read', { seq: 1 }],
  ['POST /api/rooms/{id}/reports', { seq: 1, reason: 'x' }],
  ['PATCH /api/rooms/{id}/reports/{reportId}', { state: 'settled' }],
  ['PATCH /api/rooms/{id}/members/{userId}', { role: 'reader' }],
  ['PUT /api/rooms/{id}/bans/{userId}', {}],
  ['POST /api/rooms/{id}/invitations', {}],
]

/** The queries of routes that want one. */
const QUERIES: Record<string, string> = {
  'DELETE /api/rooms/{id}/members/{userId}/messages': '?last=1',
}

const PARTS: Record<string, string> = { seq: '1', reportId: '1', userId: 'me', reaction: 'x' }

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: unknown
}

const VARYING = new Set(['date', 'x-request-id'])

async function answerTo(method: string, route: string, id: string): Promise<Answer> {
  const named = route.replace(/\{(\w+)\}/g, (_, part) =>
    part === 'id' ? id : (PARTS[part] ?? 'x'),
  )
  const path = named + (QUERIES[`${method} ${route}`] ?? '')
  const [, body] = BODIES.find(([each]) => each === `${method} ${route}`) ?? []
  const answer = await ask(server.url, method, path, { token: stranger.accessToken, body })
  const headers = [...answer.headers].filter(([name]) => !VARYING.has(name))
  return { status: answer.status, headers: Object.fromEntries(headers), body: answer.body }
}

/** Every route of a room, from the description that the build makes of the real routes. */
async function routes(): Promise<[method: string, route: string][]> {
  const { paths } = (await ask(server.url, 'GET', '/openapi.json')).body
  return Object.entries(paths as Record<string, object>)
    .filter(([route]) => route.startsWith('/api/rooms/{id}'))
    .flatMap(([route, methods]) =>
      Object.keys(methods)
        .filter((method) => /^(get|put|post|patch|delete)$/.test(method))
        .map((method): [string, string] => [method.toUpperCase(), route]),
    )
}

const wokenRooms = () =>
  server.harness.getLogs().filter(({ message }) => message.includes('room-woke'))

describe('[M2] to a stranger a private room', () => {
  it('is an unknown id on every route, evicted or not, and is never built for them', async () => {
    const all = await routes()
    expect(all.length).toBeGreaterThan(20)
    await evict()
    server.harness.clearLogs()
    for (const [method, route] of all) {
      const [real, none] = [
        await answerTo(method, route, secret),
        await answerTo(method, route, unknown),
      ]
      expect([method, route, none.status]).toEqual([method, route, 404])
      expect(none.body).toMatchObject({ code: 'room-unknown' })
      expect([method, route, real]).toEqual([method, route, none])
    }
    expect(wokenRooms()).toEqual([])
    // The room is awake, with somebody in it.
    const socket = await connect(server.url, owner, secret)
    for (const [method, route] of all) {
      const real = await answerTo(method, route, secret)
      expect([method, route, real]).toEqual([method, route, await answerTo(method, route, unknown)])
    }
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'nobody came')
    await socket.hangUp()
  })

  it('is an unknown id at the upgrade', async () => {
    const ways = ['/chat?room=', '/ws?room=']
    for (const way of ways) {
      const [real, none] = await Promise.all(
        [secret, unknown].map((id) =>
          upgrade(`${server.url.replace('http', 'ws')}${way}${id}`, {
            headers: { Authorization: `Bearer ${stranger.accessToken}` },
          }),
        ),
      )
      const seen = (answer: unknown) => {
        const { status, headers, body } = answer as Answer
        const told = Object.entries(headers).filter(([name]) => !VARYING.has(name))
        return { status, headers: Object.fromEntries(told), body }
      }
      expect(seen(real)).toEqual(seen(none))
      expect(seen(none)).toMatchObject({ status: 404, body: { code: 'room-unknown' } })
    }
  })
})
