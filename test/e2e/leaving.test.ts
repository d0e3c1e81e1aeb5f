// The end of a connection: however somebody goes, the others are told once, what was said before is
// kept, and the WebSocket is closed from both sides.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { connect, credentials, open, type StompSocket } from '../support/stomp-socket.ts'

let server: Server
let ada: Person
let bo: Person

beforeAll(async () => {
  server = await sharedServer()
  ada = await guest(server.url, 'Ada')
  bo = await guest(server.url, 'Bo')
})

afterAll(() => server.close())

const MESSAGE = { destination: '/pub/send/message' }

interface Way {
  readonly way: string
  readonly go: (socket: StompSocket) => unknown
  /** The codes with which the WebSocket may then be seen to be closed; 1005: closed without one. */
  readonly closed: readonly number[]
}

const WAYS: Way[] = [
  {
    way: '[STOMP M1] says DISCONNECT with a receipt',
    go: (socket) => socket.say('DISCONNECT', { receipt: 'bye' }),
    closed: [1000],
  },
  { way: '[STOMP M2] says DISCONNECT', go: (socket) => socket.say('DISCONNECT'), closed: [1000] },
  {
    way: 'says DISCONNECT and closes in one tick',
    go: (socket) => {
      socket.say('DISCONNECT')
      socket.hangUp()
    },
    closed: [1000],
  },
  {
    way: '[STOMP M3] says DISCONNECT and goes on talking',
    go: (socket) => {
      socket.say('DISCONNECT')
      socket.say('SEND', MESSAGE, 'too late')
    },
    closed: [1000],
  },
  { way: 'closes with 1000', go: (socket) => socket.hangUp(), closed: [1000] },
  { way: 'closes with 1001', go: (socket) => socket.hangUp(1001), closed: [1001] },
  { way: 'closes with a code of its own', go: (socket) => socket.hangUp(4999), closed: [4999] },
  {
    way: 'closes without a code, as WebSocket.close() does',
    go: (socket) => socket.hangUp('without a code'),
    closed: [1000, 1005],
  },
  { way: 'is cut off', go: (socket) => socket.cut(), closed: [1006] },
]

test.each(WAYS)(
  '[STOMP M5] whoever $way has said what was said, and is gone',
  async ({ go, closed }) => {
    const room = await newRoom(server.url, ada)
    const first = await connect(server.url, ada, room)
    await first.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}` })
    await first.ask('SUBSCRIBE', { id: 'signals', destination: `/topic/rooms/${room}` })
    const second = await connect(server.url, bo, room)
    for (const content of ['one', 'two', 'three']) second.say('SEND', MESSAGE, content)
    // A cut may overtake what was not yet read.
    await first.message(3)
    go(second)

    await first.frames.find(({ body }) => body.includes('"left"'))
    expect(closed).toContain((await second.closed).code)
    await first.ask('SEND', MESSAGE, 'alone')
    const heard = first.frames.items.flatMap(({ command, body }) => {
      if (command !== 'MESSAGE') return []
      const { type, content, user } = JSON.parse(body)
      return [content ?? `${type} ${user?.name ?? ''}`]
    })
    expect(heard).toEqual(['presence ', 'joined Bo', 'one', 'two', 'three', 'left Bo', 'alone'])
  },
)

test('[STOMP M5][STOMP M6] who connects, speaks and leaves in one breath has spoken, and disturbs nobody', async () => {
  const room = await newRoom(server.url, ada)
  const first = await connect(server.url, ada, room)
  await first.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}` })
  const second = await open(await ticketUrl(server.url, bo, room))
  second.say('CONNECT', credentials(bo))
  second.say('SEND', { ...MESSAGE, receipt: 'said' }, 'hello and goodbye')
  second.say('DISCONNECT', { receipt: 'bye' })
  const { code } = await second.hangUp()
  expect(code).toBe(1000)
  expect(JSON.parse((await first.message(1)).body).content).toBe('hello and goodbye')
  expect((await first.ask('SEND', MESSAGE, 'who was that?')).headers.seq).toBe('2')
})

test('[STOMP M1] the RECEIPT of a DISCONNECT is the last frame before the close', async () => {
  const room = await newRoom(server.url, ada)
  const socket = await connect(server.url, ada, room)
  socket.say('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}` })
  socket.say('SEND', MESSAGE, 'last words')
  socket.say('DISCONNECT', { receipt: 'bye' })
  expect(await socket.closed).toEqual({ code: 1000, reason: '' })
  expect(socket.frames.items.map(({ command }) => command)).toEqual([
    'CONNECTED',
    'MESSAGE',
    'RECEIPT',
  ])
  expect(socket.frames.items.at(-1)?.headers['receipt-id']).toBe('bye')
})

test('[A2][A5] a room is deleted by its owner alone; everybody in it is told, and it is gone', async () => {
  const room = await newRoom(server.url, ada)
  const adas = await connect(server.url, ada, room)
  const bos = await connect(server.url, bo, room)
  const silent = await open(await ticketUrl(server.url, bo, room))
  const remove = ({ accessToken: token }: Person) =>
    ask(server.url, 'DELETE', `/api/rooms/${room}`, { token })
  expect(await remove(bo)).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
  expect((await bos.ask('SEND', MESSAGE, 'still here')).headers.seq).toBe('1')

  expect(await remove(ada)).toMatchObject({ status: 204, body: '' })
  for (const socket of [adas, bos, silent]) {
    expect((await socket.error()).headers.code).toBe('room-deleted')
  }
  for (const socket of [adas, bos]) {
    expect(await socket.closed).toEqual({ code: 4504, reason: 'room-deleted' })
  }
  const token = ada.accessToken
  for (const path of ['', '/events']) {
    const gone = await ask(server.url, 'GET', `/api/rooms/${room}${path}`, { token })
    expect(gone).toMatchObject({ status: 404, body: { code: 'room-unknown' } })
  }
  const { body } = await ask(server.url, 'GET', '/api/rooms?limit=200', { token })
  expect(body.rooms.map(({ id }: { id: string }) => id)).not.toContain(room)
})
