// A5: what ends a sign-in ends its live sockets, in every room, within a second; and it tells
// whether to come back. Timed from the request that revokes to the close that a live stompjs client
// hears.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chatter, enter } from '../support/chatter.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { scaled } from '../support/scaled.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

const ROUNDS = scaled(10, 50)
/** Milliseconds. */
const WITHIN = 1000

let server: Server
let owner: Person
let roomId: string

beforeAll(async () => {
  server = await startServer()
  owner = await guest(server.url, 'Owner')
  roomId = await newRoom(server.url, owner)
})

afterAll(() => server.close())

interface End {
  readonly code: number
  readonly error: string | undefined
  readonly at: number
}

/** How and when a client's connection ends. */
function endOf(chatter: Chatter): Promise<End> {
  let error: string | undefined
  chatter.client.onStompError = ({ headers }) => {
    error = headers.code
  }
  return new Promise((resolve) => {
    chatter.client.onWebSocketClose = ({ code }) => resolve({ code, error, at: Date.now() })
  })
}

function medianAndWorst(times: number[]): [median: number, worst: number] {
  const sorted = times.toSorted((a, b) => a - b)
  return [sorted[sorted.length / 2] ?? Number.NaN, sorted.at(-1) ?? Number.NaN]
}

const logout = (person: Person) =>
  ask(server.url, 'POST', '/api/auth/logout', { token: person.accessToken })

describe('[A5] a logout', () => {
  it(`reaches a live stompjs client within a second, ${ROUNDS} times`, async () => {
    const took: number[] = []
    const trips: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const person = await guest(server.url, `Person ${round}`)
      const chatter = await enter(server.url, person, roomId)
      const ended = endOf(chatter)
      const begun = Date.now()
      await ask(server.url, 'GET', '/api/auth/me', { token: person.accessToken })
      const from = Date.now()
      trips.push(from - begun)
      expect((await logout(person)).status).toBe(204)
      const { code, error, at } = await ended
      expect([code, error]).toEqual([4510, 'session-ended'])
      took.push(at - from)
      await chatter.client.deactivate({ force: true })
    }
    const [median, worst] = medianAndWorst(took)
    const [, slowest] = medianAndWorst(trips)
    console.log(
      `revocation of a live socket: median ${median} ms, worst ${worst} ms of ${ROUNDS};`,
      `a mere request: ${slowest} ms at worst`,
    )
    expect(median).toBeLessThan(WITHIN)
    // A busy machine may stop everything for a while.
    expect(worst).toBeLessThan(WITHIN + 10 * slowest)
  })

  it('reaches every room, and nobody else', async () => {
    const person = await guest(server.url, 'Everywhere')
    const rooms = [roomId, ...(await Promise.all([1, 2, 3].map(() => newRoom(server.url, owner))))]
    const chatters = await Promise.all(rooms.map((room) => enter(server.url, person, room)))
    const ended = chatters.map(endOf)
    const bystander = await connect(server.url, owner, roomId)
    await logout(person)
    for (const { code, error } of await Promise.all(ended)) {
      expect([code, error]).toEqual([4510, 'session-ended'])
    }
    await bystander.ask('SEND', { destination: '/pub/send/message' }, 'still here')
  })

  it('[H1] reaches the sockets of a room that was evicted', async () => {
    const person = await guest(server.url, 'Asleep')
    const room = await newRoom(server.url, owner)
    const socket = await connect(server.url, person, room)
    await server.harness
      .getWorker()
      .evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
    await logout(person)
    expect((await socket.error()).headers.code).toBe('session-ended')
    expect((await socket.closed).code).toBe(4510)
  })

  it('of a person with a session elsewhere leaves that one alone', async () => {
    const account = { username: 'two.places', password: 'correct horse battery' }
    const one = await ask(server.url, 'POST', '/api/auth/register', { body: account })
    const two = await ask(server.url, 'POST', '/api/auth/login', { body: account })
    const [here, there] = [one.body, two.body].map((grant) => ({
      ...{ id: grant.user.id, name: grant.user.name, accessToken: grant.accessToken },
    })) as [Person, Person]
    const sockets = [
      await connect(server.url, here, roomId),
      await connect(server.url, there, roomId),
    ] as const
    await logout(here)
    expect((await sockets[0].closed).code).toBe(4510)
    await sockets[1].ask('SEND', { destination: '/pub/send/message' }, 'still here')
  })
})
