// C2: a room of expired sessions runs no code.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

/** Minutes: five seconds. */
const ACCESS_MINUTES = 5 / 60
/** Milliseconds: an idle object goes after ten seconds. */
const IDLE = 15_000

let server: Server

beforeAll(async () => {
  server = await startServer({ ACCESS_MINUTES })
})

afterAll(() => server.close())

/** Waits until an access token is refused: it has expired. */
async function outlived({ accessToken }: Person): Promise<void> {
  const asked = async () =>
    (await ask(server.url, 'GET', '/api/auth/me', { token: accessToken })).body.code
  await expect.poll(asked, { interval: 200 }).toBe('token-expired')
}

const log = (room: string) => `/topic/chat/room/${room}`

it('[C2] a room of expired sessions runs no code', async () => {
  const people = await Promise.all(['A', 'B', 'C'].map((name) => guest(server.url, name)))
  const first = people[0] as Person
  const room = await newRoom(server.url, first)
  const sockets = await Promise.all(people.map((person) => connect(server.url, person, room)))
  for (const socket of sockets) {
    await socket.ask('SUBSCRIBE', { id: 'log', destination: log(room) })
  }
  await outlived(first)
  server.harness.clearLogs()
  // Time itself is what is tested here.
  await new Promise((resolve) => setTimeout(resolve, IDLE))
  expect(server.harness.getLogs()).toEqual([])
  const fresh = await guest(server.url, 'Fresh')
  const sender = await connect(server.url, fresh, room)
  await sender.ask('SEND', { destination: '/pub/send/message' }, 'wakes it')
  const ends = await Promise.all(sockets.map(({ closed }) => closed))
  expect(ends.map(({ code }) => code)).toEqual([4401, 4401, 4401])
  const woke = server.harness.getLogs().filter(({ message }) => message.includes('room-woke'))
  expect(woke).toHaveLength(1)
})
