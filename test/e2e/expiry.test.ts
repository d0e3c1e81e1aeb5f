// A4: a session that outlives its token says and hears nothing, whatever is asked of it or told to
// it; renewed in time it goes on without a hole.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect, type StompSocket } from '../support/stomp-socket.ts'

/** Minutes: five seconds. */
const ACCESS_MINUTES = 5 / 60

let server: Server

beforeAll(async () => {
  // As quick as a machine may be: what is tested is the expiry, not the rate.
  server = await startServer({
    ACCESS_MINUTES,
    SEND_PER_SECOND: 1000,
    SEND_BURST: 10_000,
    FRAMES_PER_SECOND: 1000,
    FRAMES_BURST: 10_000,
  })
})

afterAll(() => server.close())

async function renewed(person: Person & { refreshToken: string }) {
  const { body } = await ask(server.url, 'POST', '/api/auth/refresh', {
    body: { refreshToken: person.refreshToken },
  })
  return { ...person, accessToken: body.accessToken, refreshToken: body.refreshToken }
}

async function newcomer(name: string): Promise<Person & { refreshToken: string }> {
  const { body } = await ask(server.url, 'POST', '/api/auth/guest', { body: { name } })
  const { accessToken, refreshToken, user } = body
  return { id: user.id, name, accessToken, refreshToken }
}

/** Waits until an access token is refused: it has expired. */
async function outlived({ accessToken }: Person): Promise<void> {
  const asked = () => ask(server.url, 'GET', '/api/auth/me', { token: accessToken })
  await vi.waitUntil(async () => (await asked()).body.code === 'token-expired', {
    timeout: 20_000,
    interval: 200,
  })
}

const log = (room: string) => `/topic/chat/room/${room}`
const seqs = (socket: StompSocket) =>
  socket.frames.items.flatMap(({ headers }) => (headers.prev ? [Number(headers.seq)] : []))

describe.concurrent('[A4] a socket that outlives its token', () => {
  it('hears nothing of what is said afterwards, and comes back for all of it', async () => {
    let reader = await newcomer('Reader')
    const room = await newRoom(server.url, reader)
    const first = await connect(server.url, reader, room)
    await first.ask('SUBSCRIBE', { id: 'log', destination: log(room), after: 0 })
    const early = await guest(server.url, 'Early')
    const before = await connect(server.url, early, room)
    await before.ask('SEND', { destination: '/pub/send/message' }, 'in time')
    await first.message(1)
    await outlived(reader)

    const late = await guest(server.url, 'Late')
    const sender = await connect(server.url, late, room)
    await sender.ask('SEND', { destination: '/pub/send/message' }, 'too late for the old token')
    expect((await first.error()).headers.code).toBe('token-expired')
    expect(await first.closed).toEqual({ code: 4401, reason: 'token-expired' })
    expect(seqs(first)).toEqual([1])

    reader = await renewed(reader)
    const again = await connect(server.url, reader, room)
    await again.ask('SUBSCRIBE', { id: 'log', destination: log(room), after: 1 })
    await again.message(2)
    expect(seqs(again)).toEqual([2])
  })

  it.each([false, true])(
    'says nothing: its first frame is refused (evicted: %s)',
    async (evicted) => {
      const person = await newcomer('Late Sender')
      const room = await newRoom(server.url, person)
      const socket = await connect(server.url, person, room)
      await outlived(person)
      if (evicted) await evict(room)
      socket.say('SEND', { destination: '/pub/send/message', receipt: 'r' }, 'never')
      expect((await socket.error()).headers).toMatchObject({
        code: 'token-expired',
        'receipt-id': 'r',
      })
      const fresh = await renewed(person)
      const page = await ask(server.url, 'GET', `/api/rooms/${room}/events`, {
        token: fresh.accessToken,
      })
      expect(page.body.head).toBe(0)
    },
  )
})

describe.concurrent('a renewal in band', () => {
  it.each(['SEND to /app/auth', 'any frame'])('by %s goes on without a reconnect', async (way) => {
    let person = await newcomer('Renewing')
    const old = person
    const room = await newRoom(server.url, person)
    const socket = await connect(server.url, person, room)
    await socket.ask('SUBSCRIBE', { id: 'log', destination: log(room) })
    const destination = way === 'any frame' ? '/pub/send/message' : '/app/auth'
    // Renewed again and again, until the token that opened the connection has long expired.
    for (let code: string | undefined; code !== 'token-expired'; ) {
      person = await renewed(person)
      const Authorization = `Bearer ${person.accessToken}`
      const receipt = await socket.ask('SEND', { destination, Authorization }, 'x')
      if (way !== 'any frame') {
        expect(Date.parse(receipt.headers['expires-at'] ?? '')).toBeGreaterThan(Date.now())
      }
      code = (await ask(server.url, 'GET', '/api/auth/me', { token: old.accessToken })).body.code
    }
    const { headers } = await socket.ask('SEND', { destination: '/pub/send/message' }, 'still here')
    await socket.message(Number(headers.seq))
    const head = Number(headers.seq)
    expect(seqs(socket)).toEqual(Array.from({ length: head }, (_, index) => index + 1))
  })

  it('by the token of somebody else ends the connection', async () => {
    const [ann, bob] = [await newcomer('Ann'), await newcomer('Bob')]
    const room = await newRoom(server.url, ann)
    const socket = await connect(server.url, ann, room)
    const Authorization = `Bearer ${bob.accessToken}`
    socket.say('SEND', { destination: '/app/auth', Authorization })
    expect(await socket.closed).toEqual({ code: 4503, reason: 'principal-mismatch' })
  })
})

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
