// H2, C2: heart-beats keep the connections of an idle room alive, and the room runs no code for
// them. The evidence is a line that the room logs whenever it is built up from nothing: it is built
// up anew for the first message after the idle time, so it was gone; and nothing had called it back
// before.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect, type StompSocket } from '../support/stomp-socket.ts'

/**
 * Milliseconds between the beats of a client, and of the idle time: an idle object goes after ten
 * seconds.
 */
const PERIOD = 2000
const IDLE = 30_000
const CLIENTS = 20

let server: Server

beforeAll(async () => {
  server = await startServer({ HEART_BEAT_MS: PERIOD })
})

afterAll(() => server.close())

test('[H2][C2] a room of 20 clients that only beat runs no code, and wakes once for a message', async () => {
  const people = await Promise.all(
    Array.from({ length: 4 }, (_, index) => guest(server.url, `Person ${index}`)),
  )
  const [ada] = people as [Person]
  const room = await newRoom(server.url, ada)
  const beat = { 'heart-beat': `${PERIOD},${PERIOD}` }
  const clients: StompSocket[] = []
  for (let index = 0; index < CLIENTS; index++) {
    clients.push(await connect(server.url, people[index % people.length] ?? ada, room, beat))
  }
  const [first] = clients as [StompSocket]
  expect(first.frames.items[0]?.headers['heart-beat']).toBe(`${PERIOD},${PERIOD}`)
  const hearts = setInterval(() => {
    for (const client of clients) client.raw('\n')
  }, PERIOD)
  onTestFinished(() => clearInterval(hearts))
  const destination = `/topic/chat/room/${room}`
  await Promise.all(clients.map((client) => client.ask('SUBSCRIBE', { id: 'log', destination })))
  expect(wakings(room)).toHaveLength(1)

  server.harness.clearLogs()
  const echoes = clients.map(({ beats }) => beats.items.length)
  const told = clients.map(({ frames }) => frames.items.length)
  // Time itself is what is tested here.
  await new Promise((resolve) => setTimeout(resolve, IDLE))

  // Each client was answered all along, and nothing else happened.
  const least = (0.8 * IDLE) / PERIOD
  clients.forEach(({ beats, frames }, index) => {
    const heard = beats.items.slice(echoes[index])
    expect(heard.length).toBeGreaterThanOrEqual(least)
    expect(longestGap(heard)).toBeLessThan(5 * PERIOD)
    expect(frames.items).toHaveLength(told[index] ?? 0)
  })
  expect(server.harness.getLogs()).toEqual([])

  // One message: the room is built up once, and knows everybody who listens.
  await first.ask('SEND', { destination: '/pub/send/message' }, 'good morning')
  const heard = await Promise.all(clients.map((client) => client.message(1)))
  expect(heard.map(({ body }) => JSON.parse(body).content)).toEqual(
    Array(CLIENTS).fill('good morning'),
  )
  expect(wakings(room)).toHaveLength(1)

  // Gone again, it tells the first who listens to the signals of everybody who is here.
  await server.harness
    .getWorker()
    .evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
  await first.ask('SUBSCRIBE', { id: 'signals', destination: `/topic/rooms/${room}` })
  const snapshot = await first.frames.find(({ headers }) => headers.subscription === 'signals')
  expect(JSON.parse(snapshot.body)).toEqual({
    type: 'presence',
    count: people.length,
    here: expect.arrayContaining(people.map(({ id, name }) => ({ id, name, guest: true }))),
  })
  expect(server.harness.getLogs()).toEqual(wakings(room))
  expect(wakings(room)).toHaveLength(2)
})

/** The lines that say that the room was built up from nothing. */
const wakings = (room: string) =>
  server.harness
    .getLogs()
    .filter(({ message }) => message === JSON.stringify({ event: 'room-woke', room }))

const longestGap = (times: readonly number[]) =>
  Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)))
