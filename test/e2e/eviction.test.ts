// H1: the same scene, played once as it is and once with the object evicted between every two
// frames.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import {
  connect,
  credentials,
  type Frame,
  frameText,
  open,
  type StompSocket,
} from '../support/stomp-socket.ts'

let server: Server

beforeAll(async () => {
  server = await startServer({ MAX_CONTENT_BYTES: 100 })
})

afterAll(() => server.close())

/**
 * What one client was told, with everything that differs from one performance to the next named
 * alike.
 */
interface Told {
  readonly frames: readonly Frame[]
  readonly beats: number
  readonly kinds: readonly string[]
  readonly close?: unknown
}

interface Performance {
  readonly told: Record<string, Told>
  readonly pauses: number
  /** How often the room was built up from nothing. */
  readonly wakings: number
}

test('[H1] evicting the room between any two frames changes nothing that a client can see', async () => {
  const plain = await perform(async () => undefined)
  const evicted = await perform((roomId) =>
    server.harness
      .getWorker()
      .evictDurableObject('ROOM', { name: roomId, webSockets: 'hibernate' }),
  )

  expect(evicted.told).toEqual(plain.told)
  // The two really were different: each pause but the last is followed by a frame that wakes the
  // room.
  expect(plain.wakings).toBe(1)
  expect(evicted.wakings).toBe(evicted.pauses)
  // And the scene is the one that it is meant to be.
  expect(Object.values(plain.told).map(summary)).toEqual([
    'CONNECTED RECEIPT RECEIPT MESSAGE RECEIPT MESSAGE1 MESSAGE2 RECEIPT2 RECEIPT2 MESSAGE MESSAGE MESSAGE ' +
      'MESSAGE3 MESSAGE MESSAGE MESSAGE4 RECEIPT4 MESSAGE5 RECEIPT5 MESSAGE ERROR',
    'CONNECTED MESSAGE1 MESSAGE2 MESSAGE3 RECEIPT3',
    'CONNECTED MESSAGE2 MESSAGE3 MESSAGE4 RECEIPT RECEIPT',
  ])
  expect(Object.values(plain.told).map(({ kinds }) => kinds)).toEqual([
    ['text'],
    ['text'],
    ['binary'],
  ])
})

/** The commands, with the seq where there is one. */
const summary = ({ frames }: Told) =>
  frames.map(({ command, headers }) => `${command}${headers.seq ?? ''}`).join(' ')

const SEND = { destination: '/pub/send/message' }

async function perform(evict: (roomId: string) => Promise<void>): Promise<Performance> {
  const [ada, bo] = [await guest(server.url, 'Ada'), await guest(server.url, 'Bo')]
  server.harness.clearLogs()
  const room = await newRoom(server.url, ada)
  const log = `/topic/chat/room/${room}`
  let pauses = 0
  const pause = async () => {
    pauses++
    await evict(room)
  }
  const heads = { 'accept-version': '1.2', 'heart-beat': '0,0' }

  // Ada listens to everything.
  const first = await connect(server.url, ada, room, heads)
  await pause()
  await first.ask('SUBSCRIBE', { id: 'log', destination: log })
  await pause()
  await first.ask('SUBSCRIBE', { id: 'signals', destination: `/topic/rooms/${room}` })
  await pause()
  await first.ask('SUBSCRIBE', { id: 'errors', destination: '/user/queue/errors' })
  await pause()

  // Sending: with and without a receipt and a key; the same key again.
  first.say('SEND', SEND, 'one')
  await first.message(1)
  await pause()
  await first.ask('SEND', { ...SEND, 'idempotency-key': 'k' }, '{"content":"two","replyTo":1}')
  await pause()
  await first.ask('SEND', { ...SEND, 'idempotency-key': 'k' }, '{"content":"two","replyTo":1}')
  await pause()

  // Refusals that do not end the connection.
  first.say('SEND', { ...SEND, receipt: 'too-long' }, 'x'.repeat(101))
  await first.frames.find(({ headers }) => headers.code === 'content-too-large')
  await pause()
  first.say('SEND', { ...SEND, 'content-type': 'application/json' }, '{"content":7}')
  await first.frames.find(({ headers }) => headers.code === 'body-invalid')
  await pause()

  // Bo comes, is told what he missed, speaks, and is cut off. His STOMP is 1.1, with heart-beats.
  const second = await connect(server.url, bo, room, {
    'accept-version': '1.0,1.1',
    'heart-beat': '50000,50000',
  })
  await joined(first, 1)
  await pause()
  second.say('SUBSCRIBE', { id: 'a:b\\c', destination: log, after: 0 })
  await second.message(2)
  await pause()
  await second.ask('SEND', SEND, 'three')
  await Promise.all([first, second].map((each) => each.message(3)))
  await pause()
  second.cut()
  await left(first, 1)
  await pause()

  // Bo comes again, in binary, and resumes.
  const third = await open(await ticketUrl(server.url, bo, room))
  const binary = (...frame: Parameters<typeof frameText>) =>
    third.raw(new TextEncoder().encode(frameText(...frame)))
  binary('CONNECT', { ...credentials(bo), 'heart-beat': '50000,50000' })
  await joined(first, 2)
  await pause()
  binary('SUBSCRIBE', { id: 'again', destination: log, after: 1 })
  await third.message(3)
  await pause()
  await first.ask('SEND', SEND, 'four')
  await third.message(4)
  await pause()
  binary('UNSUBSCRIBE', { id: 'again' })
  await third.beat(1)
  await pause()
  await first.ask('SEND', SEND, 'five')
  await pause()
  binary('SUBSCRIBE', { id: 'again', destination: log, receipt: 'live' })
  await third.frames.find(({ headers }) => headers['receipt-id'] === 'live')
  await pause()
  binary('DISCONNECT', { receipt: 'bye' })
  const goodbye = await third.closed
  await left(first, 2)
  await pause()

  // Ada breaks the protocol.
  first.say('UNSUBSCRIBE', { id: 'nothing', receipt: 'none' })
  const end = await first.closed
  await pause()

  const told = {
    Ada: { ...toldTo(first), close: end },
    'Bo, at first': toldTo(second),
    'Bo, in binary': { ...toldTo(third), close: goodbye },
  }
  return { told: alike(told, room, [ada, bo]), pauses, wakings: wakings() }
}

const wakings = () =>
  server.harness.getLogs().filter(({ message }) => message.includes('room-woke')).length

const joined = (listener: StompSocket, times: number) => presence(listener, 'joined', times)
const left = (listener: StompSocket, times: number) => presence(listener, 'left', times)

const presence = (listener: StompSocket, type: string, times: number) =>
  listener.frames.count(times, ({ body }) => body.includes(`{"type":"${type}"`))

const toldTo = ({ frames, beats, kinds }: StompSocket): Told => ({
  frames: frames.items,
  beats: beats.items.length,
  kinds: [...kinds],
})

/** Replaces ids and times, which no two performances share, by names. */
function alike(told: Record<string, Told>, room: string, people: Person[]): Record<string, Told> {
  let text = JSON.stringify(told)
    .replaceAll(room, '{room}')
    .replace(/"session":"[\w-]+"/g, '"session":"{session}"')
    .replace(/"message-id":"(\d+)-[\w-]{21}"/g, '"message-id":"$1-{id}"')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '{at}')
  for (const { id, name } of people) text = text.replaceAll(id, `{${name}}`)
  return JSON.parse(text)
}
