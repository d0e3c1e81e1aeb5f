// Where somebody is signed in, and the end of that: of one sign-in, of all, and of this one.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, newRoom, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import {
  FIREFOX,
  holds,
  login,
  me,
  refresh,
  refused,
  register,
  type SignedIn,
  signInGuest,
} from '../support/sign-in.ts'
import { connect, type StompSocket, upgrade } from '../support/stomp-socket.ts'

const PASSWORD = 'correct horse'

let server: Server
let url: string
let room: string

beforeAll(async () => {
  server = await startServer()
  url = server.url
  room = await newRoom(url, await signInGuest(url, 'Owner'))
})

afterAll(() => server.close())

interface Session {
  readonly id: string
  readonly device: string
  readonly signedInAt: string
  readonly lastUsedAt: string
  readonly current: boolean
}

async function sessionsOf({ accessToken }: SignedIn): Promise<Session[]> {
  const { status, body } = await ask(url, 'GET', '/api/auth/sessions', { token: accessToken })
  expect(status).toBe(200)
  return body.sessions
}

const end = (path: string, { accessToken }: SignedIn) =>
  ask(url, 'DELETE', path, { token: accessToken })

const logout = (token?: string, body?: object) =>
  ask(url, 'POST', '/api/auth/logout', { token, body })

/** The session has ended in all that came of it. */
async function expectEnded(who: SignedIn, ticket: string, socket: StompSocket) {
  expect((await socket.error()).headers.code).toBe('session-ended')
  expect(await socket.closed).toEqual({ code: 4510, reason: 'session-ended' })
  expect(await me(url, who.accessToken)).toMatchObject(refused(401, 'session-ended'))
  expect(await refresh(url, who.refreshToken)).toMatchObject(refused(401, 'refresh-invalid'))
  expect(await upgrade(ticket)).toMatchObject(refused(401, 'session-ended'))
  const direct = new URL(`/chat?room=${room}`, url.replace('http', 'ws')).href
  const headers = { Authorization: `Bearer ${who.accessToken}` }
  expect(await upgrade(direct, { headers })).toMatchObject(refused(401, 'session-ended'))
}

/** The session goes on in all that came of it. */
async function expectGoesOn(who: SignedIn, socket: StompSocket) {
  await socket.ask('SEND', { destination: '/pub/send/message' }, 'still here')
  expect((await me(url, who.accessToken)).status).toBe(200)
  expect((await refresh(url, who.refreshToken)).status).toBe(200)
}

/** What a session has: a socket, and a ticket that was not used. */
const living = async (who: SignedIn) => ({
  socket: await connect(url, who, room),
  ticket: await ticketUrl(url, who, room),
})

describe('the list of sessions', () => {
  test('tells the device, the time of the sign-in and the last use of each', async () => {
    const from = Date.now()
    const made = await ask(url, 'POST', '/api/auth/register', {
      body: { username: 'lister', password: PASSWORD },
      headers: { 'User-Agent': FIREFOX },
    })
    const here = holds(made)
    const there = await login(url, 'lister', PASSWORD)

    const before = await sessionsOf(here)
    expect(before.map(({ id }) => id).sort()).toEqual([here.sessionId, there.sessionId].sort())
    const [own, other] = [here, there].map(({ sessionId }) =>
      before.find(({ id }) => id === sessionId),
    )
    expect(own).toMatchObject({ device: 'Firefox on Linux', current: true })
    expect(other).toMatchObject({ device: 'Unknown device', current: false })
    for (const { signedInAt, lastUsedAt } of before) {
      expect(lastUsedAt).toBe(signedInAt)
      expect(Date.parse(signedInAt)).toBeGreaterThanOrEqual(from)
      expect(Date.parse(signedInAt)).toBeLessThanOrEqual(Date.now())
    }
    expect((await sessionsOf(there)).find(({ current }) => current)?.id).toBe(there.sessionId)

    await refresh(url, there.refreshToken)
    const used = (await sessionsOf(here)).find(({ id }) => id === there.sessionId)
    expect(used?.signedInAt).toBe(other?.signedInAt)
    expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThan(Date.parse(other?.lastUsedAt ?? ''))
  })

  test('is each person’s own', async () => {
    const ann = await signInGuest(url, 'Ann')
    const bob = await signInGuest(url, 'Bob')
    expect((await sessionsOf(ann)).map(({ id }) => id)).toEqual([ann.sessionId])
    expect(await end(`/api/auth/sessions/${ann.sessionId}`, bob)).toMatchObject(
      refused(404, 'session-unknown'),
    )
    expect((await me(url, ann.accessToken)).status).toBe(200)
  })
})

describe('[A5] ending', () => {
  test('one session ends its access, refresh, tickets and sockets, and no other’s', async () => {
    const here = await register(url, 'one.ends', PASSWORD)
    const there = await login(url, 'one.ends', PASSWORD)
    const { socket } = await living(here)
    const other = await living(there)
    const path = `/api/auth/sessions/${there.sessionId}`
    expect((await end(path, here)).status).toBe(204)
    await expectEnded(there, other.ticket, other.socket)
    await expectGoesOn(here, socket)
    expect((await sessionsOf(here)).map(({ id }) => id)).toEqual([here.sessionId])
    expect(await end(path, here)).toMatchObject(refused(404, 'session-unknown'))
    await socket.hangUp()
  })

  test('all sessions ends all, this one too', async () => {
    const here = await register(url, 'all.end', PASSWORD)
    const there = await login(url, 'all.end', PASSWORD)
    const [own, other] = [await living(here), await living(there)]
    expect((await end('/api/auth/sessions', here)).status).toBe(204)
    await expectEnded(here, own.ticket, own.socket)
    await expectEnded(there, other.ticket, other.socket)
    const again = await login(url, 'all.end', PASSWORD)
    expect((await sessionsOf(again)).map(({ id }) => id)).toEqual([again.sessionId])
  })

  test.each([
    ['an access token', (who: SignedIn) => logout(who.accessToken)],
    ['a refresh token', (who: SignedIn) => logout(undefined, { refreshToken: who.refreshToken })],
    [
      'a refresh token beside an access token that is none',
      (who: SignedIn) => logout('a.b.c', { refreshToken: who.refreshToken }),
    ],
    ['its own id', (who: SignedIn) => end(`/api/auth/sessions/${who.sessionId}`, who)],
  ])('this session, by %s', async (_by, leave) => {
    const here = await signInGuest(url, 'Ann')
    const bystander = await signInGuest(url, 'Bob')
    const [own, other] = [await living(here), await living(bystander)]
    expect((await leave(here)).status).toBe(204)
    await expectEnded(here, own.ticket, own.socket)
    await expectGoesOn(bystander, other.socket)
    await other.socket.hangUp()
  })

  test('a session by a refresh token that was used already is no theft, and ends it', async () => {
    const ann = await signInGuest(url, 'Ann')
    const { accessToken } = holds(await refresh(url, ann.refreshToken))
    expect((await logout(undefined, { refreshToken: ann.refreshToken })).status).toBe(204)
    expect(await me(url, accessToken)).toMatchObject(refused(401, 'session-ended'))
  })
})

describe('a logout', () => {
  test('may be asked twice', async () => {
    const ann = await signInGuest(url, 'Ann')
    const { accessToken, refreshToken } = ann
    for (let round = 0; round < 2; round++) {
      expect((await logout(accessToken)).status).toBe(204)
      expect((await logout(undefined, { refreshToken })).status).toBe(204)
      expect((await logout(accessToken, { refreshToken })).status).toBe(204)
    }
  })

  test('with a made-up token ends nothing', async () => {
    const ann = await signInGuest(url, 'Ann')
    const [person, session, body] = ann.refreshToken.split('.')
    const made = [person, session, body, 'A'.repeat(43)].join('.')
    expect((await logout(undefined, { refreshToken: made })).status).toBe(204)
    expect((await me(url, ann.accessToken)).status).toBe(200)
  })

  test('of whoever shows nothing is refused', async () => {
    expect(await logout()).toMatchObject(refused(401, 'token-missing'))
    expect(await logout('a.b.c')).toMatchObject(refused(401, 'token-invalid'))
  })
})
