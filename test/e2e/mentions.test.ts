// Mentions with stompjs and over HTTP, as a client sees them.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { listenToLog } from '../support/log-listener.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
beforeAll(async () => {
  server = await sharedServer()
})
afterAll(() => server?.close())

it('[M1] [H1] a message mentions members by name, and follows edits and the deletion', async () => {
  const [ann, minsu] = [await guest(server.url, 'Ann Lee'), await guest(server.url, '민수')]
  const room = await newRoom(server.url, ann)
  const sleep = () =>
    server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
  const one = await listenToLog(server, ann, room)
  const other = await listenToLog(server, minsu, room)
  const send = (from: typeof one, destination: string, body: object) =>
    from.client.publish({ destination, body: JSON.stringify(body) })
  send(one, '/pub/send/message', { content: '@민수님, @room and me@ann.org' })
  const said = await other.events.find(({ seq }) => seq === 1)
  expect(said).toMatchObject({ mentions: [minsu.id], mentionsRoom: true })
  await sleep()
  send(one, '/pub/edit/message', { seq: 1, content: '@ann lee' })
  const edited = await other.events.find(({ seq }) => seq === 2)
  expect(edited).toMatchObject({ type: 'edit', mentions: [ann.id] })
  expect(edited).not.toHaveProperty('mentionsRoom')
  send(other, '/pub/send/message', { content: '@room' })
  expect(await one.events.find(({ seq }) => seq === 3)).not.toHaveProperty('mentionsRoom')
  await sleep()
  const { accessToken: token } = ann
  const page = () => ask(server.url, 'GET', `/api/rooms/${room}/events`, { token })
  expect((await page()).body.events[0]).toMatchObject({ edited: 2, mentions: [ann.id] })
  send(one, '/pub/delete/message', { seq: 1 })
  await other.events.find(({ seq }) => seq === 4)
  expect(JSON.stringify((await page()).body)).not.toContain('mentions')
  await Promise.all([one, other].map(({ client }) => client.deactivate()))
})
