// Somebody vanishes without a close and the room stays quiet; and a client behind a proxy that cuts
// what is silent.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { guest, newRoom } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

/** Milliseconds. */
const BEAT = 400

let server: Server

beforeAll(async () => {
  server = await startServer({ HEART_BEAT_MS: BEAT, SERVER_BEATS: 'on' })
})

afterAll(() => server.close())

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

test('[H1] is told to have left, though nobody says anything and the room was evicted', async () => {
  const [ann, bob] = [await guest(server.url, 'Ann'), await guest(server.url, 'Bob')]
  const room = await newRoom(server.url, ann)
  const watcher = await connect(server.url, ann, room)
  const gone = await connect(server.url, bob, room, { 'heart-beat': `${BEAT},${BEAT}` })
  await watcher.ask('SUBSCRIBE', { id: 'who', destination: `/topic/rooms/${room}` })
  await evict(room)
  const { body } = await watcher.frames.find((frame) => frame.body.includes('"left"'))
  expect(JSON.parse(body)).toMatchObject({ type: 'left', user: { id: bob.id } })
  expect(await gone.closed).toEqual({ code: 4408, reason: 'no-sign-of-life' })
})

test('[STOMP G4c] is given the beats that SERVER_BEATS promises, over an eviction', async () => {
  const ann = await guest(server.url, 'Ann')
  const room = await newRoom(server.url, ann)
  const proxied = await connect(server.url, ann, room, { 'heart-beat': '0,300' })
  expect(proxied.frames.items[0]?.headers['heart-beat']).toBe(`${BEAT},0`)
  await proxied.beat(2)
  await evict(room)
  await proxied.beat(5)
  expect(new Set(proxied.messages.slice(1))).toEqual(new Set(['\n']))
})
