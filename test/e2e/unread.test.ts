// Unread with stompjs and over HTTP, as a client sees it: two devices, and the room evicted between.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { enter } from '../support/chatter.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
beforeAll(async () => {
  server = await sharedServer()
})
afterAll(() => server?.close())

it('[U1] [H1] what is read on one device is read on the other, and over HTTP', async () => {
  const { url } = server
  const [ann, bob] = [await guest(url, 'Ann'), await guest(url, 'Bob')]
  const room = await newRoom(url, bob)
  const sleep = () =>
    server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
  const [phone, desk] = [await enter(url, ann, room), await enter(url, ann, room)]
  const bobs = await enter(url, bob, room)
  const shown = async () => {
    await sleep()
    const { accessToken: token } = ann
    const { body } = await ask(url, 'GET', `/api/rooms/${room}`, { token })
    const { head, messages, unread, mentions, readSeq } = body
    return { head, messages, unread, mentions, readSeq }
  }
  const log = await phone.listen(`/topic/chat/room/${room}`, { ack: 'client' })
  for (const content of ['1', '@Ann', '3', '@Ann']) await bobs.send({ content })
  expect(await shown()).toEqual({ head: 4, messages: 4, unread: 4, mentions: 2, readSeq: 0 })
  const second = await log.find(({ headers }) => headers.seq === '2')
  expect(JSON.parse(second.body)).toMatchObject({ seq: 2, n: 2 })
  second.ack()
  await expect.poll(shown).toMatchObject({ unread: 2, mentions: 1, readSeq: 2 })
  desk.client.publish({ destination: '/pub/read', body: '{"seq":3}' })
  await expect.poll(shown).toMatchObject({ unread: 1, mentions: 1, readSeq: 3 })
  await phone.leave()
  await desk.leave()
  expect(await shown()).toMatchObject({ unread: 1, readSeq: 3 })
  const { accessToken: token } = ann
  const read = { token, body: { seq: 4 } }
  expect((await ask(url, 'PUT', `/api/rooms/${room}/read`, read)).status).toBe(204)
  expect(await shown()).toMatchObject({ unread: 0, mentions: 0, readSeq: 4 })
  expect(await bobs.send({ content: 'more' })).toBe(5)
  expect(await shown()).toMatchObject({ head: 5, messages: 5, unread: 1 })
  await bobs.leave()
})
