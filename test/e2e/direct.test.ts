// Direct rooms over HTTP and with stompjs.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { enter, eventOf } from '../support/chatter.ts'
import { ask, guest, type Person } from '../support/people.ts'
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
