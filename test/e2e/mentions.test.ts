// Mentions with stompjs and over HTTP, as a client sees them.

import { Client } from '@stomp/stompjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Inbox } from '../support/inbox.ts'
import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
beforeAll(async () => {
  server = await sharedServer()
})
afterAll(() => server?.close())

/** A stompjs client in a room that listens to the log; the events that it hears. */
async function enter(person: Person, room: string) {
  const events = new Inbox<Record<string, unknown>>()
  const url = await ticketUrl(server.url, person, room)
  const client = new Client({
    webSocketFactory: () => new WebSocket(url) as never,
    connectHeaders: { Authorization: `Bearer ${person.accessToken}` },
    reconnectDelay: 0,
  })
  await new Promise<void>((resolve) => {
    client.onConnect = () => resolve()
    client.activate()
  })
  client.subscribe(`/topic/chat/room/${room}`, ({ body }) => events.add(JSON.parse(body)), {
    after: '0',
  })
  return { client, events }
}

it('[M1] [H1] a message mentions members by name, and follows edits and the deletion', async () => {
  const [ann, minsu] = [await guest(server.url, 'Ann Lee'), await guest(server.url, '민수')]
  const room = await newRoom(server.url, ann)
  const sleep = () =>
    server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
  const one = await enter(ann, room)
  const other = await enter(minsu, room)
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
