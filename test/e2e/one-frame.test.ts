// What a client sees that reads one frame of a WebSocket message, over real sockets.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOneFrame } from '../support/one-frame-reader.ts'
import { guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { connect, frameText } from '../support/stomp-socket.ts'

let server: Server
let ann: Person

beforeAll(async () => {
  server = await sharedServer()
  ann = await guest(server.url, 'Ann Lee')
})

afterAll(() => server.close())

const SEND = { destination: '/pub/send/message' }
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

test('[STOMP B4] sees each of 10 events, and the answers of what it sends at once', async () => {
  const room = await newRoom(server.url, ann)
  const sender = await connect(server.url, ann, room)
  for (const n of upTo(10)) await sender.ask('SEND', SEND, `event ${n}`)

  const reader = await connect(server.url, ann, room)
  const log = { id: 'log', destination: `/topic/chat/room/${room}` }
  await reader.ask('SUBSCRIBE', { ...log, after: 0 })
  await reader.message(10)
  const frames = upTo(50).map((n) => frameText('SEND', { ...SEND, receipt: `s${n}` }, `${n}`))
  reader.raw(frames.join(''))
  await reader.frames.find(({ headers }) => headers['receipt-id'] === 's50')
  await reader.message(60)
  reader.say('SEND', { destination: '/no/such' })
  await reader.error()

  const read = reader.messages.map(readOneFrame)
  const seqs = read.flatMap(({ command, headers }) =>
    command === 'MESSAGE' ? [Number(headers.seq)] : [],
  )
  expect(seqs).toEqual(upTo(60))
  expect(read.filter(({ command }) => command === 'RECEIPT')).toHaveLength(51)
  expect(read.at(-1)?.command).toBe('ERROR')
})

test('[STOMP F1] a parser that knows no blanks in a header reads CONNECTED', async () => {
  const room = await newRoom(server.url, ann)
  const { messages } = await connect(server.url, ann, room)
  const [connected = ''] = messages
  expect(connected).not.toMatch(/ /)
  expect(readOneFrame(connected).headers).toMatchObject({
    'user-name': ann.id,
    'user-display-name': 'Ann%20Lee',
  })
})
