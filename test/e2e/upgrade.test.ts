// Getting in: how a WebSocket carries its credential, and which sub-protocol is echoed.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { open, StompSocket, type UpgradeOptions, upgrade } from '../support/stomp-socket.ts'

const PAGE = 'https://chat.example.com'

let server: Server
let ada: Person
let bo: Person
let room: string

beforeAll(async () => {
  server = await startServer({
    ALLOWED_ORIGINS: `${PAGE}, https://*.example.org`,
    // The sockets of these tests are many, and few of them are closed.
    SOCKETS_PER_PRINCIPAL: 1000,
  })
  ada = await guest(server.url, 'Ada')
  bo = await guest(server.url, 'Bo')
  room = await newRoom(server.url, ada)
})

afterAll(() => server.close())

async function ticketOf(person: Person): Promise<string> {
  const path = `/api/rooms/${room}/tickets`
  const made = await ask(server.url, 'POST', path, { token: person.accessToken })
  expect(made).toMatchObject({ status: 201, body: { expiresIn: 30 } })
  expect(made.body.url).toBe(`${wsUrl('/chat')}?token=${made.body.ticket}`)
  return made.body.ticket
}

const wsUrl = (path: string) => new URL(path, server.url.replace('http', 'ws')).href

/**
 * CONNECT and one message: the socket does what sockets are for. Gives the author of the message.
 */
async function chats(socket: StompSocket, connect: [string, Record<string, string>]) {
  const [command, headers] = connect
  socket.say(command, { 'accept-version': '1.0,1.1,1.2', ...headers })
  const connected = await socket.frames.find((frame) => frame.command === 'CONNECTED')
  await socket.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}` })
  const { headers: told } = await socket.ask('SEND', { destination: '/pub/send/message' }, 'hi')
  const author = JSON.parse((await socket.message(Number(told.seq))).body).sender
  return { connected: connected.headers, author }
}

const asAda = (): [string, Record<string, string>] => [
  'CONNECT',
  { Authorization: `Bearer ${ada.accessToken}` },
]

interface Way {
  readonly way: string
  readonly entrance: (ticket: string) => { path: string } & UpgradeOptions
  readonly echoed?: string
}

const WAYS: Way[] = [
  {
    way: 'a ticket in the URL',
    entrance: (ticket) => ({ path: `/chat?token=${ticket}` }),
  },
  {
    way: 'a ticket in the URL of the alias',
    entrance: (ticket) => ({ path: `/ws?token=${ticket}` }),
  },
  {
    way: 'a ticket in the URL, from a page',
    entrance: (ticket) => ({ path: `/chat?token=${ticket}`, headers: { Origin: PAGE } }),
  },
  {
    way: 'a ticket and the id of its room in the URL',
    entrance: (ticket) => ({ path: `/chat?token=${ticket}&room=${room}` }),
  },
  {
    way: 'an access token in the header',
    entrance: () => ({
      path: `/chat?room=${room}`,
      headers: { Authorization: `Bearer ${ada.accessToken}` },
    }),
  },
  {
    way: 'a ticket as a sub-protocol',
    entrance: (ticket) => ({ path: '/chat', protocols: [`bearer.${ticket}`, 'v12.stomp'] }),
  },
  ...['/ws', '/ws/websocket', '/chat/websocket'].map((path) => ({
    way: `a ticket at ${path}`,
    entrance: (ticket: string) => ({ path: `${path}?token=${ticket}` }),
  })),
  {
    way: 'an access token as a sub-protocol',
    entrance: () => ({
      path: `/chat?room=${room}`,
      protocols: ['v11.stomp', `bearer.${ada.accessToken}`],
    }),
    echoed: 'v11.stomp',
  },
]

test.each(WAYS)('$way opens a WebSocket', async ({ entrance, echoed = 'v12.stomp' }) => {
  const { path, ...options } = entrance(await ticketOf(ada))
  const socket = await open(wsUrl(path), options)
  expect(socket.protocol).toBe(echoed)
  const { author } = await chats(socket, asAda())
  expect(author).toEqual({ id: ada.id, name: 'Ada', guest: true })
})

test.each([
  { offered: ['v12.stomp'], echoed: 'v12.stomp' },
  { offered: ['v11.stomp'], echoed: 'v11.stomp' },
  { offered: ['v10.stomp'], echoed: 'v10.stomp' },
  { offered: ['v10.stomp', 'v11.stomp', 'v12.stomp'], echoed: 'v12.stomp' },
  { offered: ['v11.stomp', 'v10.stomp'], echoed: 'v11.stomp' },
  { offered: ['mqtt', 'v10.stomp', 'v99.stomp'], echoed: 'v10.stomp' },
  { offered: [], echoed: '' },
])(
  '[STOMP A1][STOMP A2][STOMP A3][STOMP A7] of the offer $offered, "$echoed" is echoed',
  async ({ offered, echoed }) => {
    const socket = await open(wsUrl(`/chat?token=${await ticketOf(ada)}`), { protocols: offered })
    expect(socket.protocol).toBe(echoed)
    // A7: whatever was echoed, accept-version decides.
    const { connected } = await chats(socket, asAda())
    expect(connected.version).toBe('1.2')
  },
)

test('an offer without STOMP is not echoed, so that a browser drops the socket', async () => {
  const url = wsUrl(`/chat?token=${await ticketOf(ada)}`)
  await expect(upgrade(url, { protocols: ['mqtt'] })).rejects.toThrow('no subprotocol')
})

test('the three sub-protocols work in the WebSocket of the platform', async () => {
  const url = wsUrl(`/chat?token=${await ticketOf(ada)}`)
  const socket = new WebSocket(url, ['v10.stomp', 'v11.stomp', 'v12.stomp'])
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  expect(socket.protocol).toBe('v12.stomp')
  socket.close()
})

test.each([
  { carrying: 'Authorization', connect: asAda },
  {
    carrying: 'authorization in small letters',
    connect: () => ['CONNECT', { authorization: `bearer ${ada.accessToken}` }],
  },
  { carrying: 'passcode', connect: () => ['CONNECT', { passcode: ada.accessToken }] },
  {
    carrying: 'Authorization on a frame called STOMP',
    connect: () => ['STOMP', asAda()[1]],
  },
] satisfies {
  carrying: string
  connect: () => [string, Record<string, string>]
}[])('[STOMP F2] CONNECT carries the token as $carrying', async ({ connect }) => {
  const socket = await open(wsUrl(`/chat?token=${await ticketOf(ada)}`))
  const { connected, author } = await chats(socket, connect())
  expect(author.id).toBe(ada.id)
  expect(connected).toMatchObject({
    version: '1.2',
    session: expect.stringMatching(/^[\w-]+$/),
    server: expect.stringMatching(/^stompbox\/\d/),
    'heart-beat': '0,0',
    'user-name': ada.id,
    'user-display-name': 'Ada',
  })
})

test('[A3] of 20 connections that race with one ticket exactly one opens', async () => {
  const url = wsUrl(`/chat?token=${await ticketOf(ada)}`)
  const racers = await Promise.all(Array.from({ length: 20 }, () => upgrade(url)))
  const winners = racers.filter((racer) => racer instanceof StompSocket)
  const losers = racers.flatMap((racer) =>
    racer instanceof StompSocket ? [] : [`${racer.status} ${racer.body.code}`],
  )
  expect(winners).toHaveLength(1)
  expect(losers).toEqual(Array(19).fill('401 ticket-used'))
  for (const winner of winners) expect((await chats(winner, asAda())).author.id).toBe(ada.id)
})

test('[A1] a ticket and the token of CONNECT belong to the same person', async () => {
  const socket = await open(wsUrl(`/chat?token=${await ticketOf(bo)}`))
  const [command, headers] = asAda()
  socket.say(command, headers)
  expect((await socket.error()).headers.code).toBe('principal-mismatch')
  expect(await socket.closed).toEqual({ code: 4503, reason: 'principal-mismatch' })
})
