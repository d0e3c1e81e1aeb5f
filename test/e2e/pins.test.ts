// Pins over HTTP and with stompjs, as a client sees them.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { listenToLog } from '../support/log-listener.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
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

it('[M1] [L1] a moderator pins over STOMP and HTTP alike, and everybody is told', async () => {
  const room = await newRoom(server.url, ann)
  const asked = ({ accessToken: token }: Person, method: string, path: string, body?: object) =>
    ask(server.url, method, `/api/rooms/${room}${path}`, { token, body })
  const [one, other] = [await listenToLog(server, ann, room), await listenToLog(server, bob, room)]
  for (const content of ['one', 'two']) await asked(bob, 'POST', '/messages', { content })
  expect(await asked(bob, 'PUT', '/pins/1')).toMatchObject({ status: 403 })
  expect(await asked(ann, 'PUT', '/pins/9')).toMatchObject({ status: 404 })
  expect(await asked(ann, 'PUT', '/pins/x')).toMatchObject({ status: 404 })
  expect(await asked(ann, 'PUT', '/pins/1')).toMatchObject({ status: 200, body: { seq: 3 } })
  const receipt = new Promise((resolve) => one.client.watchForReceipt('r', resolve))
  one.client.publish({
    destination: '/pub/pin/message',
    body: '{"seq":2}',
    headers: { receipt: 'r' },
  })
  expect(await receipt).toMatchObject({ headers: { seq: '4' } })
  expect((await asked(bob, 'GET', '/pins')).body).toMatchObject({
    pins: [
      { seq: 4, type: 'pinned', target: 2, message: { seq: 2, content: 'two' } },
      { seq: 3, type: 'pinned', target: 1, sender: { id: ann.id }, message: { content: 'one' } },
    ],
    head: 4,
  })
  expect(await asked(ann, 'DELETE', '/pins/1')).toMatchObject({ status: 200, body: { seq: 5 } })
  const told = await other.events.find(({ seq }) => seq === 5)
  expect(told).toMatchObject({ type: 'unpinned', target: 1, silent: true, sender: { id: ann.id } })
  expect(other.events.items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  await Promise.all([one, other].map(({ client }) => client.deactivate()))
})
