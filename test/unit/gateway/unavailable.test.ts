// Every route, and every object that it asks: where one cannot be reached, the answer is 503 and
// says when to come back.

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import type { Admission, Backend } from '../../../src/contract.ts'
import { createGateway } from '../../../src/gateway/gateway.ts'
import { roomSettingsOf } from '../../../src/room-settings.ts'
import { FakeBackend } from '../../support/fake-backend.ts'

const HERE = 'https://chat.example'
const ROOM = 'x'.repeat(20)

const CONFIG = readConfig({
  ADMINS: 'root',
  OIDC_PROVIDERS: JSON.stringify([
    { id: 'corp', name: 'Corp', issuer: 'https://corp.example', clientId: 'us' },
  ]),
})

/** What the platform says of an object (Cloudflare, Durable Objects, Error handling). */
const MARKS = [{ retryable: true }, { overloaded: true }, { durableObjectReset: true }]

/** A name in a path, and what stands there. */
const PLACES: Record<string, string> = { id: ROOM, userId: 'bob', provider: 'corp' }

const LOGIN = { username: 'ann', password: 'correct horse' }
const BODIES: Record<string, object> = {
  'POST /api/auth/guest': { name: 'ann' },
  'POST /api/auth/register': LOGIN,
  'POST /api/auth/login': LOGIN,
  'POST /api/auth/password': { password: 'old password', newPassword: 'new password' },
  'POST /api/rooms': { name: 'a room' },
  'PATCH /api/rooms/:id': { settings: { entry: 'accounts' } },
  'PATCH /api/me/rooms/:id': { hidden: true },
  'PATCH /api/rooms/:id/members/:userId': { role: 'reader' },
  'PATCH /api/admin/users/:id': { disabled: true },
}

/** Those that answer by themselves: by nothing, or by a cookie that is not there. */
const ALONE = [
  'GET /api/health',
  'GET /api/auth/providers',
  'GET /api/auth/oidc/:provider/callback',
  'GET /chat/info',
  'GET /ws/info',
]

/** Makes the objects fail at a call, such as `account.check`; notes which calls there were. */
function failing(backend: FakeBackend, at: string | undefined, marks: object) {
  const asked = new Set<string>()
  const call =
    (name: string, work: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      asked.add(name)
      if (name !== at) return work(...args)
      return Promise.reject(Object.assign(new Error('of the platform'), marks))
    }
  const object = (name: string, of: object) =>
    Object.fromEntries(
      Object.entries(of).map(([method, work]) => [method, call(`${name}.${method}`, work)]),
    )
  const faulty = {
    keyRing: () => object('keyRing', backend.keyRing()),
    enterRoom: call('enterRoom', (id, admission) =>
      backend.enterRoom(id as string, admission as Admission),
    ),
    mayAuthenticate: call('mayAuthenticate', async () => true),
    account: (id: string) => object('account', backend.account(id)),
    passwordLogin: (name: string) => object('login', backend.passwordLogin(name)),
    providerLogin: (issuer: string, subject: string) =>
      object('login', backend.providerLogin(issuer, subject)),
    throttle: (address: string) => object('throttle', backend.throttle(address)),
    room: (id: string) => object('room', backend.room(id)),
    directory: () => object('directory', backend.directory()),
  } as unknown as Backend
  return { faulty, asked }
}

const ROUTES = createGateway(CONFIG, new FakeBackend())
  .routes.filter(({ method }) => method !== 'ALL')
  .map(({ method, path }) => `${method} ${path}`)
const NAMES = [...new Set(ROUTES)]

let backend: FakeBackend
let token: string
let ticket: string

beforeEach(async () => {
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => {})
  }
  backend = new FakeBackend()
  backend.roles = ['GENERAL', 'ADMIN']
  const app = createGateway(CONFIG, backend)
  const post = (path: string, body?: object) =>
    app.request(HERE + path, {
      method: 'POST',
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  const signedIn = await post('/api/auth/guest', { name: 'ann' })
  const { accessToken, user } = (await signedIn.json()) as {
    accessToken: string
    user: { id: string; name: string }
  }
  token = accessToken
  // An account with a password, who owns the room.
  backend.people.set(user.id, { name: 'ann', kind: 'account', username: 'ann', device: 'here' })
  await backend.room(ROOM).create({
    ...{ id: ROOM, name: 'a room', kind: 'public', owner: user, createdAt: 1 },
    ...{ description: '', settings: roomSettingsOf('public', {}) },
  })
  const made = await post(`/api/rooms/${ROOM}/tickets`)
  ticket = ((await made.json()) as { ticket: string }).ticket
})

function request(name: string, gateway: ReturnType<typeof createGateway>) {
  const [method = '', pattern = ''] = name.split(' ')
  const path = pattern.replace(/:(\w+)/g, (_all, place: string) => PLACES[place] ?? 'x')
  const body = BODIES[name]
  const upgrade = /^\/(chat|ws)/.test(path)
  // A guest's token would be another way to register.
  const bearer = !name.endsWith('/register') && !upgrade
  return gateway.request(HERE + path + (upgrade ? `?token=${ticket}` : ''), {
    method,
    headers: {
      ...(bearer && { Authorization: `Bearer ${token}` }),
      ...(body && { 'Content-Type': 'application/json' }),
      ...(upgrade && { Upgrade: 'websocket' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
}

describe.each(NAMES)('%s', (name) => {
  it('[R3] is 503 with Retry-After, whatever object of it cannot be reached', async () => {
    const well = failing(backend, undefined, {})
    await request(name, createGateway(CONFIG, well.faulty))
    expect(well.asked.size > 0).toBe(!ALONE.includes(name))
    for (const at of well.asked) {
      for (const marks of MARKS) {
        const ill = failing(backend, at, marks)
        const answer = await request(name, createGateway(CONFIG, ill.faulty))
        expect([at, marks, answer.status]).toEqual([at, marks, 503])
        expect(answer.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/)
        expect(await answer.json()).toMatchObject({ code: 'unavailable' })
      }
    }
  })
})
