// Moderation as a client sees it: with stompjs, over real sockets.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { enter } from '../support/chatter.ts'
import { Inbox } from '../support/inbox.ts'
import { ask, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { connect, upgrade } from '../support/stomp-socket.ts'

let server: Server
let olga: Person
let ann: Person

beforeAll(async () => {
  server = await sharedServer()
  olga = await guest(server.url, 'Olga')
  ann = await guest(server.url, 'Ann')
})

afterAll(() => server.close())

/** A stompjs client in a room, with all that it hears: the log, its errors and its notices. */
async function enterAndHear(person: Person, room: string) {
  const heard = new Inbox<{ to: string; headers: Record<string, string>; body: string }>()
  const chatter = await enter(server.url, person, room)
  for (const to of [`/topic/chat/room/${room}`, '/user/queue/errors', '/user/queue/notices']) {
    chatter.client.subscribe(to, ({ headers, body }) => heard.add({ to, headers, body }))
  }
  const say = (body: string, receipt: string) =>
    chatter.client.publish({ destination: '/pub/send/message', body, headers: { receipt } })
  return { chatter, heard, say }
}

const asked = (room: string, who: Person, method: string, path: string, body?: object) =>
  ask(server.url, method, `/api/rooms/${room}${path}`, { token: who.accessToken, body })

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

it('[M3] a ban ends the socket within a second, and every way in', async () => {
  const room = await newRoom(server.url, olga)
  const [one, other] = [await enterAndHear(ann, room), await enterAndHear(olga, room)]
  await one.chatter.send('first')
  const url = await ticketUrl(server.url, ann, room)
  const begun = performance.now()
  const body = { reason: 'spam', deleteSince: new Date(Date.now() - 60_000).toISOString() }
  const ban = await asked(room, olga, 'PUT', `/bans/${ann.id}`, body)
  expect(ban).toMatchObject({ status: 200, body: { id: ann.id, reason: 'spam', until: null } })
  expect(await one.chatter.closed).toEqual({ code: 4503, reason: 'banned' })
  expect(performance.now() - begun).toBeLessThan(1000)
  expect((await one.chatter.errors.find(() => true)).body).toContain('(spam)')
  const late = new WebSocket(url)
  const status = await new Promise((resolve) =>
    late.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode)),
  )
  expect(status).toBe(403)
  for (const [method, path, sent] of [
    ['GET', '/events', undefined],
    ['GET', '', undefined],
    ['POST', '/tickets', {}],
    ['POST', '/messages', { content: 'x' }],
    ['PUT', '/members/me', undefined],
  ] as const) {
    const answer = await asked(room, ann, method, path, sent)
    expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'banned'])
  }
  const deleted = await other.heard.find(({ body: text }) => text.includes('"delete"'))
  expect(JSON.parse(deleted.body)).toMatchObject({ target: 1, sender: { id: olga.id } })
  const { bans } = (await asked(room, olga, 'GET', '/bans')).body
  expect(bans).toMatchObject([{ id: ann.id, name: 'Ann', guest: true, by: { id: olga.id } }])
  expect((await asked(room, olga, 'DELETE', `/bans/${ann.id}`)).status).toBe(204)
  const { entries } = (await asked(room, olga, 'GET', '/moderation')).body
  expect(entries).toMatchObject([{ action: 'unban' }, { action: 'ban', reason: 'spam', seq: 2 }])
  const again = await enterAndHear(ann, room)
  await again.chatter.send('back')
  await Promise.all([other, again].map(({ chatter }) => chatter.leave()))
})

it.each([false, true])(
  '[M3] [H1] a ban holds where the connection breaks before it is told; evicted: %s',
  async (evicted) => {
    const room = await newRoom(server.url, olga)
    const bea = await guest(server.url, 'Bea')
    const [socket, url] = [
      await connect(server.url, bea, room),
      await ticketUrl(server.url, bea, room),
    ]
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'once')
    if (evicted) await evict(room)
    const banning = asked(room, olga, 'PUT', `/bans/${bea.id}`, {})
    socket.say('SEND', { destination: '/pub/send/message' }, 'in between')
    socket.cut()
    expect((await banning).status).toBe(200)
    if (evicted) await evict(room)
    expect(await upgrade(url)).toMatchObject({ status: 403, body: { code: 'banned' } })
    for (const path of ['/events?after=1', '/events?before=1', '/pins', '/members']) {
      const answer = await asked(room, bea, 'GET', path)
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'banned'])
    }
    const { events } = (await asked(room, olga, 'GET', '/events')).body
    const types = events.map(({ type }: { type: string }) => type)
    // What was said in between came before the ban, or never.
    expect([
      ['message', 'role'],
      ['message', 'message', 'role'],
    ]).toContainEqual(types)
  },
)

it('[M1] a mute and slow mode refuse mildly, a deletion has a reason, and both are told', async () => {
  const room = await newRoom(server.url, olga)
  const one = await enterAndHear(ann, room)
  await one.chatter.send('first')
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const mutes = { mutedUntil: until, reason: 'loud' }
  const muted = await asked(room, olga, 'PATCH', `/members/${ann.id}`, mutes)
  expect(muted).toMatchObject({ status: 200, body: { mutedUntil: until } })
  const notice = await one.heard.find(({ to }) => to === '/user/queue/notices')
  expect(JSON.parse(notice.body)).toMatchObject({ type: 'muted', reason: 'loud', until })
  one.say('second', 'r2')
  const refused = await one.heard.find(({ headers }) => headers['receipt-id'] === 'r2')
  expect(refused.headers).toMatchObject({ code: 'muted' })
  const posted = await asked(room, ann, 'POST', '/messages', { content: 'x' })
  expect([posted.status, posted.body.code]).toEqual([403, 'muted'])
  await asked(room, olga, 'PATCH', `/members/${ann.id}`, { mutedUntil: null })
  const { seq } = (await asked(room, ann, 'POST', '/messages', { content: 'spam' })).body
  await asked(room, olga, 'DELETE', `/messages/${seq}`, { reason: 'advertising' })
  const taken = await one.heard.find(({ body }) => body.includes('"message-deleted"'))
  expect(JSON.parse(taken.body)).toMatchObject({ target: seq, reason: 'advertising' })
  const { entries } = (await asked(room, olga, 'GET', '/moderation')).body
  expect(entries[0]).toMatchObject({ action: 'delete', reason: 'advertising', detail: { seq } })
  const slow = { settings: { slowMode: 600 } }
  expect((await asked(room, olga, 'PATCH', '', slow)).body.settings).toMatchObject({
    slowMode: 600,
  })
  one.say('third', 'r3')
  const slowed = await one.heard.find(({ headers }) => headers['receipt-id'] === 'r3')
  expect(slowed.headers).toMatchObject({ code: 'slow-mode' })
  const seconds = Number(slowed.headers['retry-after'])
  expect(seconds).toBeGreaterThan(500)
  const late = await asked(room, ann, 'POST', '/messages', { content: 'x' })
  expect([late.status, late.body.code]).toEqual([429, 'slow-mode'])
  expect(Number(late.headers.get('Retry-After'))).toBeGreaterThan(500)
  expect((await asked(room, olga, 'POST', '/messages', { content: 'y' })).status).toBe(201)
  await one.chatter.leave()
})
