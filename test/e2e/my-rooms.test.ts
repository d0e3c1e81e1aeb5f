// What somebody chooses for their rooms, over HTTP, on two devices.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
let ann: Person

beforeAll(async () => {
  server = await sharedServer()
  ann = await guest(server.url, 'Ann')
})

afterAll(() => server.close())

const asked = (who: Person, method: string, path: string, body?: object) =>
  ask(server.url, method, path, { token: who.accessToken, body })

const mine = async (who: Person) => (await asked(who, 'GET', '/api/me/rooms')).body.rooms

it.each([false, true])('[H1] is the same wherever they look, evicted: %s', async (evicted) => {
  const pause = async () => {
    if (!evicted) return
    const options = { name: ann.id, webSockets: 'hibernate' } as const
    await server.harness.getWorker().evictDurableObject('ACCOUNT', options)
  }
  const room = await newRoom(server.url, ann)
  const path = `/api/me/rooms/${room}`
  const change = { muted: true, level: 'mentions', draft: '쓰다 만 <b>', unreadFrom: 1, order: 2.5 }
  const changed = await asked(ann, 'PATCH', path, change)
  expect(changed).toMatchObject({ status: 200, body: { id: room, role: 'owner', ...change } })
  await pause()
  expect((await mine(ann))[0]).toMatchObject({ id: room, ...change })
  await asked(ann, 'PATCH', path, { muted: false, draft: null, unreadFrom: null, order: null })
  await pause()
  const [left] = await mine(ann)
  expect(left).toMatchObject({ id: room, muted: false, level: 'mentions' })
  for (const name of ['draft', 'unreadFrom', 'order']) expect(left).not.toHaveProperty(name)
})

it('[A1] [M2] is nobody else’s, and refused for a room of which one is no member', async () => {
  const bob = await guest(server.url, 'Bob')
  const room = await newRoom(server.url, ann)
  await asked(ann, 'PATCH', `/api/me/rooms/${room}`, { draft: 'a secret' })
  for (const id of [room, 'x'.repeat(20), 'x']) {
    const answer = await asked(bob, 'PATCH', `/api/me/rooms/${id}`, { muted: true })
    expect(answer).toMatchObject({ status: 404, body: { code: 'room-unknown' } })
  }
  await asked(bob, 'PUT', `/api/rooms/${room}/members/me`)
  expect(JSON.stringify(await mine(bob))).not.toContain('secret')
})
