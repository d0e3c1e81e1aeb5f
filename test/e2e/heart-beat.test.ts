// Heart-beats over real sockets: what is promised, and that any line end is a sign of life.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { connect, credentials, open } from '../support/stomp-socket.ts'

let server: Server
let ada: Person
let room: string

beforeAll(async () => {
  server = await sharedServer()
  ada = await guest(server.url, 'Ada')
  room = await newRoom(server.url, ada)
})

afterAll(() => server.close())

test.each([
  { offered: undefined, version: '1.2', answered: '0,0' },
  { offered: '0,0', version: '1.2', answered: '0,0' },
  { offered: '0,10000', version: '1.2', answered: '0,0' },
  { offered: '10000,0', version: '1.2', answered: '45000,45000' },
  { offered: '10000,10000', version: '1.1', answered: '45000,45000' },
  { offered: '60000,60000', version: '1.2', answered: '60000,45000' },
  { offered: '10000,10000', version: '1.0', answered: '0,0' },
])(
  '[STOMP G1][STOMP G3][STOMP G4c] to the offer $offered of a $version client the answer is $answered',
  async ({ offered, version, answered }) => {
    const socket = await open(await ticketUrl(server.url, ada, room))
    socket.say('CONNECT', {
      ...credentials(ada),
      'accept-version': version,
      ...(offered === undefined ? {} : { 'heart-beat': offered }),
    })
    const connected = await socket.frames.find(({ command }) => command === 'CONNECTED')
    expect(connected.headers['heart-beat']).toBe(answered)
    await socket.hangUp()
  },
)

test.each([
  { name: 'LF as text, which the runtime answers', data: '\n' },
  { name: 'LF as binary', data: Buffer.from('\n') },
  { name: 'two LFs', data: '\n\n' },
  { name: 'CR LF', data: '\r\n' },
  { name: 'CR LF as binary', data: Buffer.from('\r\n') },
])('[STOMP G6][STOMP G4] $name is a heart-beat and is answered by one', async ({ data }) => {
  const socket = await connect(server.url, ada, room, { 'heart-beat': '50000,50000' })
  socket.kinds.clear()
  socket.raw(data)
  await socket.beat(1)
  expect([...socket.kinds]).toEqual([typeof data === 'string' ? 'text' : 'binary'])
  // It was no part of a frame, and one answer was all.
  socket.say('SEND', { destination: '/pub/send/message', receipt: 'r' }, 'x')
  await socket.frames.find(({ command }) => command === 'RECEIPT')
  expect(socket.beats.items).toHaveLength(1)
  await socket.hangUp()
})

test('[STOMP G4b] a client that sends only frames, and no beats, still hears something for each', async () => {
  const socket = await connect(server.url, ada, room, { 'heart-beat': '50000,50000' })
  for (let sent = 1; sent <= 5; sent++) {
    socket.say('SEND', { destination: '/pub/send/message' }, 'x')
    await socket.beat(sent)
  }
  await socket.hangUp()
})

test('[STOMP G4c] a client that asked for no beats is sent none', async () => {
  const socket = await connect(server.url, ada, room, { 'heart-beat': '50000,0' })
  socket.say('SEND', { destination: '/pub/send/message' }, 'x')
  await socket.ask('SEND', { destination: '/pub/send/message' }, 'x')
  expect(socket.beats.items).toEqual([])
  await socket.hangUp()
})
