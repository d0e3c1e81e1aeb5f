// The list of rooms with stompjs over a real socket: what it begins with, and what is seen in it
// within a second.

import type { Client, IMessage } from '@stomp/stompjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Chatter } from '../support/chatter.ts'
import type { Inbox } from '../support/inbox.ts'
import { ask, askAs, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { credentials, open, upgrade } from '../support/stomp-socket.ts'

let server: Server
beforeAll(async () => {
  server = await sharedServer()
})
afterAll(() => server?.close())

/** The URL of a socket to somebody's own account. */
async function listUrl(person: Person): Promise<string> {
  const { status, body } = await askAs(server.url, person, 'POST', '/api/me/tickets')
  expect([status, Object.keys(body)]).toEqual([201, ['ticket', 'url', 'expiresIn']])
  return body.url
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies as they come.
type Body = any

class List {
  readonly chatter: Chatter
  readonly messages: Inbox<IMessage>

  constructor(chatter: Chatter, messages: Inbox<IMessage>) {
    this.chatter = chatter
    this.messages = messages
  }

  get client(): Client {
    return this.chatter.client
  }

  /** The first that it is told and that fits. */
  async told(fits: (body: Body) => boolean): Promise<Body> {
    return JSON.parse((await this.messages.find(({ body }) => fits(JSON.parse(body)))).body)
  }
}

async function openList(person: Person, headers: Record<string, string> = {}): Promise<List> {
  const chatter = new Chatter('', {
    brokerURL: await listUrl(person),
    connectHeaders: { Authorization: `Bearer ${person.accessToken}` },
  })
  await new Promise<void>((resolve, reject) => {
    chatter.client.onConnect = () => resolve()
    chatter.errors.find(() => true).then(({ body }) => reject(new Error(body)), reject)
    chatter.client.activate()
  })
  return new List(chatter, await chatter.listen('/user/queue/rooms', headers))
}

/** How long something took, in milliseconds. */
async function timeOf(work: Promise<unknown>): Promise<number> {
  const begun = Date.now()
  await work
  return Date.now() - begun
}

const say = async (person: Person, room: string, content: string) => {
  const path = `/api/rooms/${room}/messages`
  expect((await askAs(server.url, person, 'POST', path, { content })).status).toBe(201)
}

const join = (person: Person, room: string) =>
  askAs(server.url, person, 'PUT', `/api/rooms/${room}/members/me`)

describe('a list of rooms', () => {
  it('[U1] begins with the rooms where something was said last, and widens', async () => {
    const { url } = server
    const ann = await guest(url, 'Ann')
    const rooms = [await newRoom(url, ann, 'one'), await newRoom(url, ann, 'two')]
    rooms.push(await newRoom(url, ann, 'three'))
    for (const room of [rooms[1], rooms[0], rooms[2]]) await say(ann, room ?? '', 'hello')
    const list = await openList(ann, { limit: '2' })
    const snapshot = await list.told(({ type }) => type === 'rooms')
    const names = ({ rooms }: Body) => rooms.map(({ name }: Body) => name)
    expect(names(snapshot)).toEqual(['three', 'one'])
    expect(snapshot).toMatchObject({ total: 3, next: 4 })
    expect(snapshot.rooms[0]).toMatchObject({
      ...{ role: 'owner', head: 1, unread: 0, readSeq: 1 },
      last: { seq: 1, sender: { id: ann.id, name: 'Ann' }, preview: 'hello' },
    })
    list.client.publish({ destination: '/app/rooms', body: '{"limit":200}' })
    const wider = await list.told(({ type, rooms }) => type === 'rooms' && rooms.length === 3)
    expect(names(wider)).toEqual(['three', 'one', 'two'])
    expect(wider.next).toBeNull()
    await list.chatter.leave()
  })

  it('shows within a second what is joined, said, read, renamed, left, kicked, banned and deleted', async () => {
    const { url } = server
    const [ann, bob] = [await guest(url, 'Ann'), await guest(url, 'Bob')]
    const rooms: string[] = []
    for (let n = 0; n < 4; n++) rooms.push(await newRoom(url, bob))
    const [room = '', kicked = '', banned = '', deleted = ''] = rooms
    const list = await openList(ann)
    await list.told(({ type }) => type === 'rooms')
    const isOf = (id: string) => (body: Body) => body.type === 'room' && body.id === id
    for (const id of rooms) {
      await join(ann, id)
      expect(await timeOf(list.told(isOf(id)))).toBeLessThan(1000)
    }
    await say(bob, room, '@Ann hello')
    const unread = list.told((body) => isOf(room)(body) && body.unread === 1)
    expect(await timeOf(unread)).toBeLessThan(1000)
    expect(await unread).toMatchObject({ head: 1, mentions: 1, last: { preview: '@Ann hello' } })
    const gone = async (id: string, why: string) => {
      const told = list.told((body) => body.type === 'room-gone' && body.id === id)
      expect(await timeOf(told)).toBeLessThan(1000)
      expect((await told).why).toBe(why)
    }
    const askBob = (method: string, path: string) => askAs(url, bob, method, `/api/rooms/${path}`)
    await askBob('DELETE', `${kicked}/members/${ann.id}`)
    await gone(kicked, 'kicked')
    await askBob('PUT', `${banned}/bans/${ann.id}`)
    await gone(banned, 'banned')
    await askBob('DELETE', deleted)
    await gone(deleted, 'deleted')
    await askAs(url, ann, 'DELETE', `/api/rooms/${room}/members/me`)
    await gone(room, 'left')
    await list.chatter.leave()
  })

  it('[U1] shows on one device what is read and chosen on another', async () => {
    const { url } = server
    const [ann, bob] = [await guest(url, 'Ann'), await guest(url, 'Bob')]
    const room = await newRoom(url, bob, 'before')
    await join(ann, room)
    await say(bob, room, 'one')
    const list = await openList(ann)
    expect(await list.told(({ type }) => type === 'rooms')).toMatchObject({
      rooms: [{ id: room, name: 'before', unread: 1 }],
    })
    await ask(url, 'PUT', `/api/rooms/${room}/read`, { token: ann.accessToken, body: { seq: 1 } })
    expect(await list.told(({ readSeq }) => readSeq === 1)).toMatchObject({ unread: 0 })
    await askAs(url, ann, 'PATCH', `/api/me/rooms/${room}`, { muted: true })
    expect(await list.told(({ type }) => type === 'choices')).toMatchObject({
      id: room,
      muted: true,
    })
    await askAs(url, bob, 'PATCH', `/api/rooms/${room}`, { name: 'after' })
    expect(await list.told(({ name }) => name === 'after')).toMatchObject({ id: room, muted: true })
    await list.chatter.leave()
  })

  it('[H1] is told the same when its account is evicted', async () => {
    const { url } = server
    const [ann, bob] = [await guest(url, 'Ann'), await guest(url, 'Bob')]
    const room = await newRoom(url, bob)
    await join(ann, room)
    const list = await openList(ann)
    await list.told(({ type }) => type === 'rooms')
    const sleep = () =>
      server.harness
        .getWorker()
        .evictDurableObject('ACCOUNT', { name: ann.id, webSockets: 'hibernate' })
    await sleep()
    await say(bob, room, 'one')
    await list.told(({ unread }) => unread === 1)
    await sleep()
    list.client.publish({ destination: '/app/rooms', body: '{"limit":1}' })
    await list.told(({ type, rooms }) => type === 'rooms' && rooms[0].unread === 1)
    await sleep()
    // [A5]
    await askAs(url, ann, 'POST', '/api/auth/logout')
    const { headers } = await list.chatter.errors.find(() => true)
    expect(headers.code).toBe('session-ended')
    expect(await list.chatter.closed).toEqual({ code: 4510, reason: 'session-ended' })
  })
})

describe('the socket of an account', () => {
  it('opens with a ticket once, and not with one of a room', async () => {
    const ann = await guest(server.url, 'Ann')
    const url = await listUrl(ann)
    const socket = await open(url)
    socket.say('CONNECT', credentials(ann))
    expect(await socket.frames.find(({ command }) => command === 'CONNECTED')).toMatchObject({
      headers: { 'user-name': ann.id },
    })
    const refused = (url: string, headers = {}) => upgrade(url, { headers })
    expect(await refused(url)).toMatchObject({ status: 401, body: { code: 'ticket-used' } })
    const room = await newRoom(server.url, ann)
    const made = await askAs(server.url, ann, 'POST', `/api/rooms/${room}/tickets`)
    const { url: roomUrl } = made.body
    expect(await refused(`${roomUrl}&account=me`)).toMatchObject({ body: { code: 'not-allowed' } })
    const other = await listUrl(ann)
    expect(await refused(`${other}&room=${room}`)).toMatchObject({ body: { code: 'not-allowed' } })
    await socket.hangUp()
  })

  it('opens with a token in the header, or in the sub-protocol', async () => {
    const ann = await guest(server.url, 'Ann')
    const url = `${server.url.replace('http', 'ws')}/chat?account=me`
    const headers = { Authorization: `Bearer ${ann.accessToken}` }
    const protocols = ['v12.stomp', `bearer.${ann.accessToken}`]
    for (const options of [{ headers }, { protocols }]) {
      const socket = await open(url, options)
      socket.say('CONNECT', credentials(ann))
      await socket.frames.find(({ command }) => command === 'CONNECTED')
      await socket.hangUp()
    }
    expect(await upgrade(`${url}&room=x`, { headers })).toMatchObject({
      body: { code: 'query-invalid' },
    })
    expect(await upgrade(url)).toMatchObject({ status: 401, body: { code: 'token-missing' } })
  })
})
