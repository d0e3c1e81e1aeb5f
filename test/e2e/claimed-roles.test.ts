// Roles in rooms that the token of a trusted issuer carries, for applications that keep membership
// themselves: over HTTP, and with stompjs.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { enter } from '../support/chatter.ts'
import { listenToLog } from '../support/log-listener.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { credentials, open, type StompSocket } from '../support/stomp-socket.ts'
import { employee, TRUSTING } from '../support/trusted-issuer.ts'

let server: Server
let olga: Person

beforeAll(async () => {
  server = await startServer(TRUSTING)
  olga = await guest(server.url, 'Olga')
})
afterAll(() => server?.close())

const asked = ({ accessToken: token }: Person, method: string, path: string, body?: object) =>
  ask(server.url, method, `/api/rooms${path}`, { token, body })

/** The status, or the code of the refusal. */
async function answerTo(who: Person, method: string, path: string, body?: object) {
  const { status, body: answer } = await asked(who, method, path, body)
  return answer.code ?? status
}

const newPrivate = async () =>
  (await asked(olga, 'POST', '', { name: 'staff', kind: 'private' })).body.id as string

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

const as = (id: string, room: string, role: unknown) => employee(id, { rooms: { [room]: role } })

const text = { content: 'x' }

describe.each([false, true])(
  '[M1] [H1] a claim wins over what the room keeps, evicted: %s',
  (evicted) => {
    const pause = async (room: string) => void (evicted && (await evict(room)))

    it('upwards: over a ban, and as far as the owner', async () => {
      const room = await newRoom(server.url, olga)
      const id = `wes-${evicted}`
      const plain = await employee(id)
      await asked(olga, 'PUT', `/${room}/bans/${plain.id}`, {})
      await pause(room)
      expect(await answerTo(plain, 'GET', `/${room}/events`)).toBe('banned')
      const writer = await as(id, room, 'writer')
      const chatter = await enter(server.url, writer, room)
      await pause(room)
      // The first event is the ban.
      expect(await chatter.send('here all the same')).toBe(2)
      expect(await answerTo(writer, 'POST', `/${room}/messages`, text)).toBe(201)
      expect(await answerTo(writer, 'PUT', `/${room}/pins/2`)).toBe('not-allowed')
      expect(await answerTo(await as(id, room, 'moderator'), 'PUT', `/${room}/pins/2`)).toBe(200)
      expect(
        await answerTo(await as(id, room, 'moderator'), 'PATCH', `/${room}`, { name: 'mine' }),
      ).toBe('not-allowed')
      await pause(room)
      expect(
        await answerTo(await as(id, room, 'owner'), 'PATCH', `/${room}`, { name: 'mine' }),
      ).toBe(200)
      // And the room keeps what it kept.
      expect(await answerTo(plain, 'GET', `/${room}`)).toBe('banned')
      for (const role of ['king', '', 7, null, ['owner']]) {
        expect(await answerTo(await as(id, room, role), 'GET', `/${room}`)).toBe('banned')
      }
      await chatter.leave()
    })

    it('downwards: a moderator of the room reads, or is banned', async () => {
      const room = await newRoom(server.url, olga)
      const id = `mo-${evicted}`
      const plain = await employee(id)
      await asked(plain, 'PUT', `/${room}/members/me`)
      await asked(olga, 'PATCH', `/${room}/members/${plain.id}`, { role: 'moderator' })
      const reader = await as(id, room, 'reader')
      const { client, events } = await listenToLog(server, reader, room)
      const errors = new Promise<string | undefined>((resolve) => {
        client.subscribe('/user/queue/errors', ({ headers }) => resolve(headers.code))
      })
      await pause(room)
      client.publish({ destination: '/pub/send/message', body: 'x' })
      expect(await errors).toBe('not-allowed')
      expect(await answerTo(reader, 'POST', `/${room}/messages`, text)).toBe('not-allowed')
      expect(await answerTo(reader, 'GET', `/${room}/moderation`)).toBe('not-allowed')
      expect(await answerTo(plain, 'POST', `/${room}/messages`, text)).toBe(201)
      await events.find(({ content }) => content === 'x')
      const banned = await as(id, room, 'banned')
      await pause(room)
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/events'],
        ['POST', '/tickets'],
        ['PUT', '/members/me'],
      ] as const) {
        expect(await answerTo(banned, method, `/${room}${path}`)).toBe('banned')
      }
      expect(await answerTo(plain, 'GET', `/${room}/moderation`)).toBe(200)
      await client.deactivate()
    })
  },
)

describe('[M2] a private room', () => {
  const WAYS = [
    ['GET', ''],
    ['GET', '/events'],
    ['GET', '/members'],
    ['POST', '/tickets'],
    ['POST', '/messages', text],
  ] as const

  it('opens by a claim, and keeps no member by that', async () => {
    const room = await newPrivate()
    const ada = await as('ada', room, 'writer')
    const chatter = await enter(server.url, ada, room)
    await evict(room)
    const listener = await listenToLog(server, olga, room)
    await chatter.send('hello')
    expect(await listener.events.find(({ seq }) => seq === 1)).toMatchObject({
      content: 'hello',
      sender: { id: ada.id, name: 'ADA' },
    })
    const { members } = (await asked(olga, 'GET', `/${room}/members`)).body
    expect(members.map(({ id }: Person) => id)).toEqual([olga.id])
    for (const [method, path, body] of WAYS) {
      const plain = await answerTo(await employee('ada'), method, `/${room}${path}`, body)
      expect([method, path, plain]).toEqual([method, path, 'room-unknown'])
    }
    await Promise.all([chatter.leave(), listener.client.deactivate()])
  })

  it('is none any more at CONNECT, or at a renewal, by a token without the claim', async () => {
    const room = await newPrivate()
    const url = `${server.url.replace('http', 'ws')}/chat?room=${room}`
    const [ada, plain] = [await as('ada', room, 'writer'), await employee('ada')]
    const opened = () => open(url, { headers: { Authorization: `Bearer ${ada.accessToken}` } })
    const first = await opened()
    first.say('CONNECT', credentials(plain))
    await expectUnknown(first)
    const second = await opened()
    second.say('CONNECT', credentials(ada))
    await second.frames.find(({ command }) => command === 'CONNECTED')
    await evict(room)
    const { Authorization } = credentials(plain)
    second.say('SEND', { destination: '/pub/auth', Authorization })
    await expectUnknown(second)
  })

  async function expectUnknown(socket: StompSocket) {
    expect((await socket.error()).headers.code).toBe('room-unknown')
    expect((await socket.closed).reason).toBe('room-unknown')
  }

  it.each([false, true])(
    '[A4] is gone when the token has expired, evicted: %s',
    async (evicted) => {
      const room = await newPrivate()
      const ada = await employee('ada', { rooms: { [room]: 'writer' }, lives: 3 })
      const chatter = await enter(server.url, ada, room)
      await chatter.send('in time')
      const expired = async () => (await answerTo(ada, 'GET', `/${room}`)) === 'token-expired'
      await vi.waitUntil(expired, { timeout: 20_000, interval: 200 })
      if (evicted) await evict(room)
      chatter.client.publish({ destination: '/pub/send/message', body: 'too late' })
      expect(await chatter.closed).toEqual({ code: 4401, reason: 'token-expired' })
      expect((await asked(olga, 'GET', `/${room}/events`)).body.head).toBe(1)
      expect(await answerTo(await employee('ada'), 'GET', `/${room}`)).toBe('room-unknown')
    },
  )

  it('of two people opens by no claim', async () => {
    const pia = await guest(server.url, 'Pia')
    const token = olga.accessToken
    const { id } = (await ask(server.url, 'PUT', `/api/direct/${pia.id}`, { token })).body
    for (const role of ['owner', 'moderator', 'writer', 'reader', 'banned']) {
      const eve = await as('eve', id, role)
      for (const [method, path, body] of WAYS) {
        const answer = await answerTo(eve, method, `/${id}${path}`, body)
        expect([role, method, path, answer]).toEqual([role, method, path, 'room-unknown'])
      }
    }
    expect((await asked(pia, 'GET', `/${id}/members`)).body.members).toHaveLength(2)
  })
})
