// One guest asks for all that HTTP gives, as fast as it can. Others are served as ever.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type Asked, ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

const PER_MINUTE = readConfig({}).requestsPerMinute
const BURST = PER_MINUTE / 6

let server: Server

beforeAll(async () => {
  server = await startServer({ REQUESTS_PER_MINUTE: PER_MINUTE, ROOMS_PER_GUEST: 3 })
})
afterAll(() => server.close())

/** The answers to 300 requests, fifty at a time, and the seconds that they took. */
async function flood(person: Person, method: string, path: string, more: Asked = {}) {
  const begun = Date.now()
  const answers: Awaited<ReturnType<typeof ask>>[] = []
  for (let n = 0; n < 6; n++) {
    const batch = Array.from({ length: 50 }, () =>
      ask(server.url, method, path, { token: person.accessToken, ...more }),
    )
    answers.push(...(await Promise.all(batch)))
  }
  return { answers, seconds: (Date.now() - begun) / 1000 }
}

describe('[R5] one guest', () => {
  it.each([
    ['reads of a room', 'GET', '', 1],
    ['pages of events', 'GET', '/events?limit=1', 2],
    ['tickets', 'POST', '/tickets', 5],
  ] as const)('gets %s as the limit allows, and is told when to come back', async (...row) => {
    const [, method, path, cost] = row
    const [vandal, other] = [await guest(server.url, 'Vandal'), await guest(server.url, 'Other')]
    const room = `/api/rooms/${await newRoom(server.url, other)}`
    const { answers, seconds } = await flood(vandal, method, room + path)
    const refused = answers.filter(({ status }) => status === 429)
    const served = answers.length - refused.length
    expect(served).toBeGreaterThanOrEqual(Math.floor(BURST / cost))
    expect(served).toBeLessThanOrEqual((BURST + (seconds * PER_MINUTE) / 60) / cost + 1)
    for (const { headers, body } of refused) {
      expect(body.code).toBe('too-fast')
      expect(Number(headers.get('Retry-After'))).toBeGreaterThanOrEqual(1)
    }
    expect((await ask(server.url, method, room, { token: other.accessToken })).status).not.toBe(429)
  })

  it('opens ten pages at once, and meets no limit', async () => {
    const person = await guest(server.url, 'Ann')
    const { accessToken: token } = person
    const room = `/api/rooms/${await newRoom(server.url, person)}`
    const page = async () => {
      const get = (path: string) => ask(server.url, 'GET', path, { token })
      const told = await Promise.all([get('/api/auth/me'), get('/api/rooms'), get(room)])
      // By a ticket of its own.
      await connect(server.url, person, room.slice('/api/rooms/'.length))
      return [...told, await get(`${room}/events`)].map(({ status }) => status)
    }
    const pages = await Promise.all(Array.from({ length: 10 }, page))
    expect(pages).toEqual(Array(10).fill([200, 200, 200, 200]))
  })

  it('makes few rooms, however often it asks, and a deletion makes room', async () => {
    const vandal = await guest(server.url, 'Vandal')
    const { accessToken: token } = vandal
    const list = async () => {
      const { body } = await ask(server.url, 'GET', '/api/rooms?limit=200', { token })
      return body.rooms.filter(({ owner }: { owner: Person }) => owner.id === vandal.id)
    }
    const make = () => ask(server.url, 'POST', '/api/rooms', { token, body: { name: 'one more' } })
    const made = await Promise.all(Array.from({ length: 4 }, make))
    expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 201, 403])
    expect(made.find(({ status }) => status === 403)?.body.code).toBe('too-many-rooms')
    const [first] = await list()
    expect(await list()).toHaveLength(3)
    await ask(server.url, 'DELETE', `/api/rooms/${first.id}`, { token })
    expect(await list()).toHaveLength(2)
  })
})
