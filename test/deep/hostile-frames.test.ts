// One guest sends what a room could choke on, over real sockets: it is told to go, and nobody else
// notices.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect, frameText, open, type StompSocket } from '../support/stomp-socket.ts'

let server: Server
let owner: Person
let room: string
let log: string

/** Messages of 1 KB in the log. */
const MESSAGES = 600

beforeAll(async () => {
  server = await startServer()
  owner = await guest(server.url, 'Owner')
  room = await newRoom(server.url, owner)
  log = `/topic/chat/room/${room}`
  const send = frameText(
    'SEND',
    { destination: '/pub/send/message', receipt: 'r' },
    'x'.repeat(1000),
  )
  for (let said = 0; said < MESSAGES; said += 50) {
    const speaker = await connect(server.url, await guest(server.url, 'Speaker'), room)
    speaker.raw(send.repeat(50))
    await speaker.frames.count(51)
    await speaker.hangUp()
  }
})

afterAll(() => server.close())

/** Somebody else says something and hears it. */
async function expectServed(): Promise<void> {
  const socket = await connect(server.url, owner, room)
  await socket.ask('SUBSCRIBE', { id: 'log', destination: log })
  const { headers } = await socket.ask('SEND', { destination: '/pub/send/message' }, 'all is well')
  await socket.message(Number(headers.seq))
  await socket.hangUp()
}

const vandal = async () => connect(server.url, await guest(server.url, 'Vandal'), room)

async function expectEnded(socket: StompSocket, code: string, close: number): Promise<void> {
  expect((await socket.error()).headers.code).toBe(code)
  expect(await socket.closed).toEqual({ code: close, reason: code })
  await expectServed()
}

const heard = (socket: StompSocket) =>
  socket.frames.items.reduce((sum, { body }) => sum + body.length, 0)

test('[R4] 500 replays asked for and given up give no more than one chunk', async () => {
  const socket = await vandal()
  for (let n = 0; n < 500; n++) {
    socket.raw(
      frameText('SUBSCRIBE', { id: n, destination: log, after: 0 }) +
        frameText('UNSUBSCRIBE', { id: n }),
    )
  }
  await expectEnded(socket, 'too-many-frames', 4429)
  expect(heard(socket)).toBeLessThan(100 * 131_072)
})

test('[R4] [L6] 40 readers that come back at once hear all of it', async () => {
  const sockets = await Promise.all(Array.from({ length: 40 }, vandal))
  for (const socket of sockets) socket.say('SUBSCRIBE', { id: 'log', destination: log, after: 0 })
  for (const socket of sockets) {
    await socket.message(MESSAGES)
    const seqs = socket.frames.items.flatMap(({ headers }) => headers.seq ?? [])
    expect(seqs.slice(0, MESSAGES)).toEqual(
      Array.from({ length: MESSAGES }, (_, n) => String(n + 1)),
    )
    await socket.hangUp()
  }
})

test('[R4] [R3] 784 frames of transactions that are aborted end their connection', async () => {
  const socket = await vandal()
  const send = frameText('SEND', { destination: '/pub/send/message', transaction: 't' }, 'x')
  const begin = frameText('BEGIN', { transaction: 't' })
  const abort = frameText('ABORT', { transaction: 't' })
  socket.raw((begin + send.repeat(98) + abort).repeat(8))
  await expectEnded(socket, 'too-fast', 4429)
})

test('[R4] an idempotency-key repeated for ever ends its connection', async () => {
  const socket = await vandal()
  const send = { destination: '/pub/send/message', 'idempotency-key': 'k' }
  socket.raw(frameText('SEND', send, 'x').repeat(900))
  await expectEnded(socket, 'too-many-frames', 4429)
})

test.each([
  ['text', 'x'],
  ['binary', Buffer.from('x')],
])('[R4] an unfinished frame in messages of one byte ends its connection: %s', async (_, byte) => {
  const socket = await vandal()
  socket.raw(frameText('SEND', { destination: log, 'content-length': 60_000 }, '').slice(0, -1))
  for (let n = 0; n < 12_000; n++) socket.raw(byte)
  await expectEnded(socket, 'too-many-frames', 4429)
})

test.each([
  ['text', 'x'.repeat(31 * 2 ** 20)],
  ['binary', Buffer.alloc(31 * 2 ** 20)],
])('[R4] [STOMP P5] a message of 31 MiB is refused: %s', async (_, message) => {
  for (const socket of [
    await vandal(),
    await open(await ticketUrl(server.url, await guest(server.url, 'Vandal'), room)),
  ]) {
    socket.raw(message)
    await expectEnded(socket, 'frame-too-large', 1009)
  }
})

test('[R4] what comes while a token is verified is not kept without end', async () => {
  const person = await guest(server.url, 'Vandal')
  const socket = await open(await ticketUrl(server.url, person, room))
  socket.say('CONNECT', { 'accept-version': '1.2', passcode: person.accessToken })
  for (let n = 0; n < 100; n++) socket.raw('\n'.repeat(60_000))
  await expectEnded(socket, 'too-many-frames', 4429)
})
