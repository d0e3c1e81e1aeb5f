// Invitations over HTTP, and the room that they open with stompjs.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { enter } from '../support/chatter.ts'
import { ask, guest, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
let ann: Person
let bob: Person

beforeAll(async () => {
  server = await sharedServer()
  ann = await guest(server.url, 'Ann')
  bob = await guest(server.url, 'Bob')
})

afterAll(() => server.close())

const asked = (person: Person | undefined, method: string, path: string, body?: object) =>
  ask(server.url, method, path, { ...(person && { token: person.accessToken }), body })

async function privateRoom() {
  const { body } = await asked(ann, 'POST', '/api/rooms', { name: 'Staff', kind: 'private' })
  return `/api/rooms/${body.id}`
}

it('[M1] whoever has one sees the room and who invites, joins, and speaks there', async () => {
  const path = await privateRoom()
  expect((await asked(bob, 'GET', path)).body.code).toBe('room-unknown')
  const made = await asked(ann, 'POST', `${path}/invitations`, { uses: 2, expiresIn: 600 })
  expect(made).toMatchObject({ status: 201, body: { role: 'writer', uses: 2, used: 0 } })
  const { id, token, url } = made.body
  expect(token).toMatch(/^[0-9a-z]{20}[\w-]{22}$/)
  expect(url).toBe(`${server.url}/#invitation=${token}`)
  const shown = await asked(undefined, 'GET', `/api/invitations/${token}`)
  expect(shown).toMatchObject({
    status: 200,
    body: { room: { name: 'Staff', kind: 'private' }, invitedBy: { name: 'Ann' }, role: 'writer' },
  })
  expect((await asked(undefined, 'POST', `/api/invitations/${token}`)).status).toBe(401)
  for (let twice = 0; twice < 2; twice++) {
    expect(await asked(bob, 'POST', `/api/invitations/${token}`)).toMatchObject({
      status: 200,
      body: { room: { name: 'Staff', role: 'writer' }, role: 'writer' },
    })
  }
  const roomId = path.split('/').at(-1) ?? ''
  const chatter = await enter(server.url, bob, roomId)
  // The first event is that Bob joined.
  expect(await chatter.send('hi')).toBe(2)
  await chatter.leave()
  const { body } = await asked(ann, 'GET', `${path}/invitations`)
  expect(body).toMatchObject({ invitations: [{ id, used: 1 }], next: null })
  expect(JSON.stringify(body)).not.toContain(token.slice(20))
  expect((await asked(ann, 'DELETE', `${path}/invitations/${id}`)).status).toBe(204)
  const gone = await asked(undefined, 'GET', `/api/invitations/${token}`)
  expect([gone.status, gone.body.code]).toEqual([404, 'invitation-unknown'])
})

it('[M2] all tokens of nothing are answered alike', async () => {
  const path = await privateRoom()
  const roomId = path.split('/').at(-1) ?? ''
  const answers = []
  for (const token of [roomId + 'x'.repeat(22), 'x'.repeat(42), 'x', '%20']) {
    for (const method of ['GET', 'POST']) {
      const { status, body } = await asked(bob, method, `/api/invitations/${token}`)
      answers.push(JSON.stringify([status, body]))
    }
  }
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]).toContain('invitation-unknown')
})

it('[R3] what does not fit is refused', async () => {
  const path = await privateRoom()
  for (const body of [
    { uses: 101 },
    { uses: -1 },
    { uses: 1.5 },
    { expiresIn: 0 },
    { expiresIn: 1e9 },
    { role: 'owner' },
    { role: 'banned' },
    { role: 7 },
  ]) {
    const { status, body: problem } = await asked(ann, 'POST', `${path}/invitations`, body)
    expect([body, status, problem.code]).toEqual([body, 422, 'body-invalid'])
  }
  expect((await asked(bob, 'POST', `${path}/invitations`, {})).body.code).toBe('room-unknown')
  expect((await asked(bob, 'GET', `${path}/invitations`)).body.code).toBe('room-unknown')
  expect((await asked(ann, 'DELETE', `${path}/invitations/x`)).body.code).toBe('invitation-unknown')
})
