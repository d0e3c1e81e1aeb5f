// Direct rooms over HTTP and with stompjs.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { enter, eventOf } from '../support/chatter.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
let ann: Person
let bob: Person
let eve: Person

beforeAll(async () => {
  server = await sharedServer()
  ann = await guest(server.url, 'Ann')
  bob = await guest(server.url, 'Bob')
  eve = await guest(server.url, 'Eve')
})

afterAll(() => server.close())

const asked = ({ accessToken: token }: Person, method: string, path: string, body?: object) =>
  ask(server.url, method, path, { token, body })

const openDirect = (who: Person, other: Person) => asked(who, 'PUT', `/api/direct/${other.id}`)

it('[M1] two who open it at the same moment are in one room, that nobody owns', async () => {
  const answers = await Promise.all([
    ...[openDirect(ann, bob), openDirect(bob, ann), openDirect(ann, bob), openDirect(bob, ann)],
  ])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201])
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  const [{ body: annsView } = { body: {} }, { body: bobsView } = { body: {} }] = answers
  const shown = { kind: 'direct', owner: null, role: 'writer', visibility: 'private' }
  expect(annsView).toMatchObject({ ...shown, name: 'Bob' })
  expect(bobsView).toMatchObject({ ...shown, name: 'Ann' })
})

it('[M1] it stays as it is, for both; and to others there is none [M2]', async () => {
  const { id } = (await openDirect(ann, bob)).body
  const path = `/api/rooms/${id}`
  for (const [method, where, body] of [
    ['PATCH', '', { name: 'x' }],
    ['PATCH', '', { settings: { frozen: true } }],
    ['DELETE', ''],
    ['DELETE', '/members/me'],
    ['DELETE', `/members/${bob.id}`],
    ['PATCH', `/members/${bob.id}`, { role: 'reader' }],
    ['POST', '/invitations', {}],
  ] as const) {
    const answer = await asked(ann, method, path + where, body)
    expect([method, where, answer.status, answer.body.code]).toEqual([
      ...[method, where, 403, 'not-allowed'],
    ])
    expect((await asked(eve, method, path + where, body)).body.code).toBe('room-unknown')
  }
  expect((await asked(eve, 'PUT', `${path}/members/me`)).body.code).toBe('room-unknown')
  expect((await asked(eve, 'PUT', `${path}/block`)).body.code).toBe('room-unknown')
  expect((await asked(ann, 'PUT', `/api/direct/${ann.id}`)).body.code).toBe('not-allowed')
  const nobody = await asked(ann, 'PUT', '/api/direct/nobody')
  expect([nobody.status, nobody.body.code]).toEqual([404, 'user-unknown'])
  expect((await asked(ann, 'GET', `${path}/members`)).body.members).toHaveLength(2)
})

it('[M1] a block closes the room for whoever blocks, and is no news to the other', async () => {
  const { id } = (await openDirect(ann, eve)).body
  const path = `/api/rooms/${id}`
  const room = await enter(server.url, ann, id)
  const heard = await room.log()
  const say = async (content: string) =>
    (await asked(eve, 'POST', `${path}/messages`, { content })).status
  expect(await say('one')).toBe(201)
  for (let twice = 0; twice < 2; twice++) {
    expect((await asked(ann, 'PUT', `${path}/block`)).status).toBe(204)
  }
  expect(await room.closed).toEqual({ code: 4503, reason: 'room-blocked' })
  const before = (await asked(eve, 'GET', path)).body
  expect(await say('two')).toBe(201)
  expect(before).toMatchObject({ name: 'Ann', role: 'writer' })
  for (const [method, where] of [
    ['GET', ''],
    ['GET', '/events'],
    ['POST', '/tickets'],
  ] as const) {
    expect((await asked(ann, method, path + where)).body.code).toBe('room-blocked')
  }
  expect((await openDirect(ann, eve)).body.code).toBe('room-blocked')
  expect(heard.items.map((message) => eventOf(message).content)).toEqual(['one'])
  expect((await asked(ann, 'DELETE', `${path}/block`)).status).toBe(204)
  const { body } = await asked(ann, 'GET', `${path}/events`)
  expect(body.events.map(({ content }: { content: string }) => content)).toEqual(['one', 'two'])
})

it('[M1] it is hidden from one’s own list until a message comes, and is no news to the other', async () => {
  const jun = await guest(server.url, 'Jun')
  const { id } = (await openDirect(ann, jun)).body
  const path = `/api/rooms/${id}`
  const hide = (hidden: boolean) => asked(ann, 'PATCH', `/api/me/rooms/${id}`, { hidden })
  const lists = async (who: Person) =>
    (await asked(who, 'GET', '/api/me/rooms?limit=200')).body.rooms.some(
      (room: { id: string }) => room.id === id,
    )
  const listed = async () => [await lists(ann), await lists(jun)]
  await expect.poll(listed).toEqual([true, true])
  const room = await enter(server.url, jun, id)
  const [log, signals] = [await room.log(), await room.signals()]
  const heard = () => [...log.items, ...signals.items].map(({ body }) => JSON.parse(body).type)
  const before = (await asked(jun, 'GET', path)).body
  expect(await hide(true)).toMatchObject({
    status: 200,
    body: { id, name: 'Jun', kind: 'direct', role: 'writer', hidden: true },
  })
  expect(await listed()).toEqual([false, true])
  expect((await asked(jun, 'GET', path)).body).toEqual(before)
  // It is read and entered as before, and that shows it nowhere.
  const own = await enter(server.url, ann, id)
  expect(await listed()).toEqual([false, true])
  await own.client.deactivate()
  await room.send('hi')
  await expect.poll(listed).toEqual([true, true])
  await hide(true)
  expect((await hide(false)).body).toMatchObject({ hidden: false })
  expect(await listed()).toEqual([true, true])
  await hide(true)
  expect((await openDirect(ann, jun)).status).toBe(200)
  expect(await listed()).toEqual([true, true])
  // A block does not show it, and what the blocked say does not, either.
  await asked(ann, 'PUT', `${path}/block`)
  expect((await hide(true)).status).toBe(200)
  await asked(jun, 'POST', `${path}/messages`, { content: 'hello?' })
  expect(await listed()).toEqual([false, true])
  await asked(ann, 'DELETE', `${path}/block`)
  await asked(jun, 'POST', `${path}/messages`, { content: 'hello!' })
  await expect.poll(listed).toEqual([true, true])
  await room.client.deactivate()
  expect(new Set(heard())).toEqual(new Set(['message', 'presence', 'joined', 'left']))
})

it('[M1] nothing else is hidden, and nobody hides it for others', async () => {
  const { id } = (await openDirect(ann, bob)).body
  const patch = async (who: Person, room: string, body: object) => {
    const { status, body: told } = await asked(who, 'PATCH', `/api/me/rooms/${room}`, body)
    return [status, told.code]
  }
  expect(await patch(eve, id, { hidden: true })).toEqual([404, 'room-unknown'])
  expect(await patch(eve, 'x'.repeat(20), { hidden: true })).toEqual([404, 'room-unknown'])
  const own = await newRoom(server.url, ann)
  for (const who of [ann, eve]) {
    expect(await patch(who, own, { hidden: true })).toEqual([403, 'not-allowed'])
  }
  expect(await patch(ann, id, { hidden: 1 })).toEqual([422, 'body-invalid'])
})
