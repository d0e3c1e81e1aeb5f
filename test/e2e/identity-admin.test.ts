// What administrators may do, and what the authorities of a token are for. The administrator here
// is somebody else's: a trusted issuer's token says ADMIN.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import {
  holds,
  login,
  me,
  refresh,
  refused,
  register,
  type SignedIn,
  signInGuest,
} from '../support/sign-in.ts'
import { connect, upgrade } from '../support/stomp-socket.ts'
import { employee, TRUSTING } from '../support/trusted-issuer.ts'

const PASSWORD = 'correct horse'

let server: Server
let url: string
let root: Person
let owner: SignedIn

beforeAll(async () => {
  server = await startServer(TRUSTING)
  url = server.url
  root = await employee('root', { groups: ['GENERAL', 'ADMIN'] })
  owner = await signInGuest(url, 'Owner')
})

afterAll(() => server.close())

const show = (id: string, { accessToken }: Person = root) =>
  ask(url, 'GET', `/api/admin/users/${id}`, { token: accessToken })

const change = (id: string, body: object, { accessToken }: Person = root) =>
  ask(url, 'PATCH', `/api/admin/users/${id}`, { token: accessToken, body })

describe('an administrator', () => {
  test('sees a user', async () => {
    const ann = await register(url, 'ann', PASSWORD)
    expect(await show(ann.id)).toMatchObject({
      status: 200,
      body: {
        id: ann.id,
        name: 'ann',
        kind: 'account',
        roles: ['GENERAL'],
        disabled: false,
        createdAt: expect.stringMatching(/Z$/),
      },
    })
    expect((await show(owner.id)).body).toMatchObject({ kind: 'guest' })
    expect(await show('nobody')).toMatchObject(refused(404, 'user-unknown'))
    expect(await change('nobody', { disabled: true })).toMatchObject(refused(404, 'user-unknown'))
  })

  test('[A5] disables one: nothing that they have works any more, until they are enabled', async () => {
    const bob = await register(url, 'bob', PASSWORD)
    const room = await newRoom(url, owner)
    const socket = await connect(url, bob, room)
    const ticket = await ticketUrl(url, bob, room)
    expect((await change(bob.id, { disabled: true })).body).toMatchObject({ disabled: true })

    expect((await socket.error()).headers.code).toBe('account-disabled')
    expect(await socket.closed).toEqual({ code: 4510, reason: 'account-disabled' })
    const no = refused(403, 'account-disabled')
    expect(await me(url, bob.accessToken)).toMatchObject(no)
    expect(await refresh(url, bob.refreshToken)).toMatchObject(no)
    expect(await upgrade(ticket)).toMatchObject(no)
    const body = { username: 'bob', password: PASSWORD }
    expect(await ask(url, 'POST', '/api/auth/login', { body })).toMatchObject(no)

    await change(bob.id, { disabled: false })
    const again = await login(url, 'bob', PASSWORD)
    expect(again.id).toBe(bob.id)
    expect((await me(url, again.accessToken)).status).toBe(200)
    // What has ended stays ended.
    expect((await me(url, bob.accessToken)).status).toBe(401)
    expect((await refresh(url, bob.refreshToken)).status).toBe(401)
  })

  test('[A5] changes roles: sockets are told to come back, with a new token', async () => {
    const eve = await register(url, 'eve', PASSWORD)
    const room = await newRoom(url, owner)
    const socket = await connect(url, eve, room)
    const ticket = await ticketUrl(url, eve, room)
    const changed = await change(eve.id, { roles: ['GENERAL', 'ADMIN'] })
    expect(changed.body).toMatchObject({ roles: ['GENERAL', 'ADMIN'] })

    expect((await socket.error()).headers.code).toBe('roles-changed')
    expect(await socket.closed).toEqual({ code: 4401, reason: 'roles-changed' })
    expect(await me(url, eve.accessToken)).toMatchObject(refused(401, 'roles-changed'))
    expect(await upgrade(ticket)).toMatchObject(refused(401, 'roles-changed'))
    const renewed = holds(await refresh(url, eve.refreshToken))
    expect((await show(owner.id, renewed)).status).toBe(200)
    const back = await connect(url, renewed, room)
    await back.ask('SEND', { destination: '/pub/send/message' }, 'back')
    await back.hangUp()
  })

  test('takes GENERAL away: who has it not signs in, and reads nothing', async () => {
    const mute = await register(url, 'mute', PASSWORD)
    const room = await newRoom(url, mute)
    await change(mute.id, { roles: [] })
    const { accessToken: token } = await login(url, 'mute', PASSWORD)
    await expectReadsNothing(token, room)
  })

  test('[A5] disables somebody of a trusted issuer', async () => {
    const zoe = await employee('zoe')
    const room = await newRoom(url, zoe)
    const socket = await connect(url, zoe, room)
    expect((await change(zoe.id, { disabled: true })).status).toBe(200)
    expect((await socket.error()).headers.code).toBe('account-disabled')
    expect((await socket.closed).code).toBe(4510)
    expect(await me(url, zoe.accessToken)).toMatchObject(refused(403, 'account-disabled'))
    const next = await employee('zoe', { session: 'zoe-2' })
    expect(await me(url, next.accessToken)).toMatchObject(refused(403, 'account-disabled'))
    await change(zoe.id, { disabled: false })
    expect((await me(url, next.accessToken)).status).toBe(200)
  })

  test('deletes any room', async () => {
    const room = await newRoom(url, owner)
    const socket = await connect(url, owner, room)
    const path = `/api/rooms/${room}`
    const other = await signInGuest(url, 'Other')
    const refusal = await ask(url, 'DELETE', path, { token: other.accessToken })
    expect(refusal).toMatchObject(refused(403, 'not-allowed'))
    expect((await ask(url, 'DELETE', path, { token: root.accessToken })).status).toBe(204)
    expect((await socket.error()).headers.code).toBe('room-deleted')
    const gone = await ask(url, 'GET', path, { token: owner.accessToken })
    expect(gone).toMatchObject(refused(404, 'room-unknown'))
    const { body } = await ask(url, 'GET', '/api/rooms', { token: owner.accessToken })
    expect(body.rooms.map(({ id }: { id: string }) => id)).not.toContain(room)
  })

  test('sets roles in any room, as its owner does; who is banned is told nothing', async () => {
    const room = await newRoom(url, owner)
    const troll = await signInGuest(url, 'Troll')
    const socket = await connect(url, troll, room)
    const path = `/api/rooms/${room}/members`
    const set = (by: Person, role: string) =>
      ask(url, 'PATCH', `${path}/${troll.id}`, { token: by.accessToken, body: { role } })
    expect(await set(troll, 'moderator')).toMatchObject(refused(403, 'not-allowed'))
    expect((await set(root, 'banned')).body).toMatchObject({ id: troll.id, role: 'banned' })
    expect((await socket.error()).headers.code).toBe('banned')
    for (const address of [`/api/rooms/${room}`, `/api/rooms/${room}/events`, path]) {
      const answer = await ask(url, 'GET', address, { token: troll.accessToken })
      expect(answer).toMatchObject(refused(403, 'banned'))
    }
    const members = await ask(url, 'GET', path, { token: owner.accessToken })
    expect(members.body.members).toMatchObject([
      { id: owner.id, role: 'owner' },
      { id: troll.id, role: 'banned' },
    ])
    expect((await set(owner, 'reader')).status).toBe(200)
    const shown = await ask(url, 'GET', path, { token: troll.accessToken })
    expect(shown.status).toBe(200)
  })
})

describe('whoever is no administrator', () => {
  test('[A2] may do nothing of it', async () => {
    for (const { accessToken: token } of [owner, await employee('clerk')]) {
      const answers = await Promise.all([
        ask(url, 'GET', `/api/admin/users/${owner.id}`, { token }),
        ask(url, 'PATCH', `/api/admin/users/${owner.id}`, { token, body: { roles: ['ADMIN'] } }),
        ask(url, 'POST', '/api/admin/keys/rotate', { token, body: { compromised: true } }),
      ])
      for (const answer of answers) expect(answer).toMatchObject(refused(403, 'not-allowed'))
    }
    expect((await show(owner.id)).body.roles).toEqual(['GENERAL'])
  })

  test('[A2] and has no GENERAL signs in, and reads nothing', async () => {
    const room = await newRoom(url, owner)
    for (const groups of [[], ['ADMIN'], ['general']]) {
      const { accessToken } = await employee('stranger', { groups })
      await expectReadsNothing(accessToken, room)
    }
  })
})

describe('a trusted issuer’s session', () => {
  test('is in no list, and ends by a logout: its token, its sockets, and not its neighbour', async () => {
    const [here, there] = [
      await employee('mia', { session: 'a' }),
      await employee('mia', { session: 'b' }),
    ]
    const room = await newRoom(url, owner)
    const [own, other] = [await connect(url, here, room), await connect(url, there, room)]
    const list = await ask(url, 'GET', '/api/auth/sessions', { token: here.accessToken })
    expect(list.body).toEqual({ sessions: [] })

    const logout = () => ask(url, 'POST', '/api/auth/logout', { token: here.accessToken })
    expect((await logout()).status).toBe(204)
    expect((await own.error()).headers.code).toBe('session-ended')
    expect((await own.closed).code).toBe(4510)
    expect(await me(url, here.accessToken)).toMatchObject(refused(401, 'session-ended'))
    expect((await logout()).status).toBe(204)
    expect((await me(url, there.accessToken)).status).toBe(200)
    await other.ask('SEND', { destination: '/pub/send/message' }, 'still here')
    await other.hangUp()
  })

  test('ends with all sockets of its person', async () => {
    const nia = await employee('nia')
    const room = await newRoom(url, owner)
    const socket = await connect(url, nia, room)
    const token = nia.accessToken
    expect((await ask(url, 'DELETE', '/api/auth/sessions', { token })).status).toBe(204)
    expect((await socket.closed).code).toBe(4510)
    expect(await me(url, token)).toMatchObject(refused(401, 'session-ended'))
  })
})

describe('the keys', () => {
  const published = async () =>
    (await ask(url, 'GET', '/.well-known/jwks.json')).body.keys.map(
      ({ kid }: { kid: string }) => kid,
    )
  const rotate = (body?: object) =>
    ask(url, 'POST', '/api/admin/keys/rotate', { token: root.accessToken, body })

  test('are rotated: both are published, and tokens of the old one still work', async () => {
    const ann = await signInGuest(url, 'Ann')
    const before = await published()
    const { status, body } = await rotate()
    expect(status).toBe(200)
    expect((await published()).sort()).toEqual([...before, body.kid].sort())
    expect(before).not.toContain(body.kid)
    expect((await me(url, ann.accessToken)).status).toBe(200)
    const room = await newRoom(url, ann)
    await (await connect(url, ann, room)).hangUp()
    const next = holds(await refresh(url, ann.refreshToken))
    expect((await me(url, next.accessToken)).status).toBe(200)
  })

  // The last test: what the old keys have signed holds no more.
  test('that somebody else knows are dropped at once', async () => {
    const { status, body } = await rotate({ compromised: true })
    expect(status).toBe(200)
    expect(await published()).toEqual([body.kid])
  })
})

/** Somebody without GENERAL is known, and may do nothing in any room. */
async function expectReadsNothing(token: string, room: string) {
  expect((await me(url, token)).status).toBe(200)
  const path = `/api/rooms/${room}`
  const answers = await Promise.all([
    ask(url, 'GET', '/api/rooms', { token }),
    ask(url, 'POST', '/api/rooms', { token, body: { name: 'x' } }),
    ask(url, 'GET', path, { token }),
    ask(url, 'DELETE', path, { token }),
    ask(url, 'GET', `${path}/events`, { token }),
    ask(url, 'GET', `${path}/members`, { token }),
    ask(url, 'POST', `${path}/tickets`, { token }),
  ])
  for (const answer of answers) expect(answer).toMatchObject(refused(403, 'not-allowed'))
  const direct = new URL(`/chat?room=${room}`, url.replace('http', 'ws')).href
  const headers = { Authorization: `Bearer ${token}` }
  expect(await upgrade(direct, { headers })).toMatchObject(refused(403, 'not-allowed'))
}
