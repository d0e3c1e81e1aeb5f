// Registering over HTTP, with the real objects behind: one guest in two tabs, and what was cut off
// half-way.

import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Backend, LoginCalls } from '../../src/contract.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { cheapPasswords } from '../support/cheap-passwords.ts'
import {
  bearerOf,
  evict,
  GUEST,
  granted,
  objects,
  person,
  withCalls,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'

const lines = quiet()
cheapPasswords()

const config = readConfig({ ...env })
const [ONE, OTHER] = ['correct horse', 'battery staple']
let people = 0

/** Asks over HTTP, each time from another address; gives the status, the code and the body. */
function asking(backend: Backend = objects) {
  const gateway = createGateway(config, backend)
  return async (path: string, body: object, token?: string) => {
    const answer = await gateway.request(`https://chat.example/api/auth/${path}`, {
      method: 'POST',
      headers: {
        'CF-Connecting-IP': `10.2.0.${++people % 256}`,
        'Content-Type': 'application/json',
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    })
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
    const json: any = await answer.json()
    return { status: answer.status, code: json.code, body: json }
  }
}

const ask = asking()

/** A guest, and user names that nobody has. */
async function guest() {
  const { body } = await ask('guest', { name: 'Ann' })
  const { accessToken, refreshToken, user } = body
  const n = ++people
  return { id: user.id as string, names: [`alice${n}`, `bob${n}`], accessToken, refreshToken }
}

type Guest = Awaited<ReturnType<typeof guest>>

const register = (ann: Guest, username: string, password: string, via = ask) =>
  via('register', { username, password, refreshToken: ann.refreshToken }, ann.accessToken)

const login = (username: string, password: string) => ask('login', { username, password })

const view = async ({ id }: Guest) => granted(await objects.account(id).show())

const stubsOf = ({ id, names }: Guest) => [
  person(id).stub,
  ...names.map((name) => env.LOGIN.get(env.LOGIN.idFromName(`password:${name}`))),
]

/** The objects, with something that happens after each user name that was made. */
const onceMade = (made: () => Promise<void>): Backend => ({
  ...objects,
  passwordLogin: (name) => {
    const real = objects.passwordLogin(name)
    const register: LoginCalls['register'] = async (...args) => {
      const answer = await real.register(...args)
      await made()
      return answer
    }
    return withCalls(real, { register })
  },
})

/** Until so many have come. */
function meeting(count: number): () => Promise<void> {
  let [come, goOn] = [0, () => {}]
  const all = new Promise<void>((resolve) => {
    goOn = resolve
  })
  return async () => {
    if (++come >= count) goOn()
    await all
  }
}

/** One account, the user name of the one that worked, and its password alone. */
async function expectOne(ann: Guest, names: [name: string, password: string][], worked: number) {
  expect(worked).not.toBe(-1)
  const [name, right] = names[worked] as [string, string]
  expect(await view(ann)).toMatchObject({ kind: 'account', username: name })
  expect((await login(name, right)).body.user.id).toBe(ann.id)
  for (const each of new Set(names.map(([username]) => username))) {
    for (const password of [ONE, OTHER]) {
      if (each === name && password === right) continue
      expect(await login(each, password)).toMatchObject({
        status: 401,
        code: 'credentials-invalid',
      })
    }
    if (each === name) continue
    const bob = await ask('register', { username: each, password: 'of somebody else' })
    expect(bob.status).toBe(201)
    expect(bob.body.user.id).not.toBe(ann.id)
  }
}

describe('[A5] a guest who registers in two tabs at once', () => {
  it.each([
    ['with two user names', false],
    ['with two user names, evicted in between (H1)', true],
  ])('%s has the one of them, and the other is nobody’s', async (_how, evicting) => {
    const ann = await guest()
    const met = meeting(2)
    const made = async () => {
      await met()
      if (evicting) for (const stub of stubsOf(ann)) await evict(stub)
    }
    const via = asking(onceMade(made))
    const [alice = '', bob = ''] = ann.names
    const answers = await Promise.all([
      register(ann, alice, ONE, via),
      register(ann, bob, OTHER, via),
    ])
    const codes = answers.map(({ status, code }) => code ?? status)
    expect(codes.toSorted()).toEqual([201, 'already-registered'])
    expect(lines().filter(({ event }) => event === 'registered')).toHaveLength(1)
    await expectOne(
      ann,
      [
        [alice, ONE],
        [bob, OTHER],
      ],
      codes.indexOf(201),
    )
  })

  it('with two passwords has one of them', async () => {
    const ann = await guest()
    const [alice = ''] = ann.names
    const answers = await Promise.all([register(ann, alice, ONE), register(ann, alice, OTHER)])
    const codes = answers.map(({ status, code }) => code ?? status)
    expect(codes.toSorted()).toEqual([201, 'username-taken'])
    await expectOne(
      ann,
      [
        [alice, ONE],
        [alice, OTHER],
      ],
      codes.indexOf(201),
    )
  })

  it('with the same keeps what the first was given', async () => {
    const ann = await guest()
    const [alice = ''] = ann.names
    // The first has made the user name, and waits for the second.
    const met = meeting(2)
    const first = register(ann, alice, ONE, asking(onceMade(met)))
    await vi.waitFor(async () => {
      expect(await objects.passwordLogin(alice).owner()).toBe(ann.id)
    })
    const answer = await register(ann, alice, ONE)
    await Promise.all([met(), first])
    const codes = [await first, answer].map(({ status, code }) => code ?? status)
    expect(codes).toEqual(['already-registered', 201])
    await expectOne(ann, [[alice, ONE]], 0)
  })
})

describe('[A5] a guest who registers twice', () => {
  it('is told so, and the second password opens nothing', async () => {
    const ann = await guest()
    const [alice = '', bob = ''] = ann.names
    const account = (await register(ann, alice, ONE)).body
    for (const name of ann.names) {
      expect((await register(ann, name, OTHER)).code).toBe('roles-changed')
      const again = await register({ ...ann, ...account }, name, OTHER)
      expect(again).toMatchObject({ status: 409, code: 'already-registered' })
    }
    await expectOne(
      ann,
      [
        [alice, ONE],
        [bob, OTHER],
      ],
      0,
    )
  })

  it('and whose first time was cut off goes on with the same user name and password', async () => {
    const ann = await guest()
    const [alice = ''] = ann.names
    const cut = asking(onceMade(() => Promise.reject(new Error('cut off'))))
    vi.spyOn(console, 'error').mockImplementation(() => {})
    expect((await register(ann, alice, ONE, cut)).status).toBe(500)
    for (const stub of stubsOf(ann)) await evict(stub)
    expect((await register(ann, alice, OTHER)).code).toBe('username-taken')
    expect((await register(ann, alice, ONE)).status).toBe(201)
    await expectOne(ann, [[alice, ONE]], 0)
  })
})

describe('[A5] a user name whose registration was cut off, of a guest who registered another', () => {
  async function leftOver() {
    const ann = await guest()
    const [alice = '', bob = ''] = ann.names
    const cut = asking(onceMade(() => Promise.reject(new Error('cut off'))))
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await register(ann, bob, OTHER, cut)
    expect((await register(ann, alice, ONE)).status).toBe(201)
    for (const stub of stubsOf(ann)) await evict(stub)
    return { ann, alice, bob }
  }

  it('opens nothing, and is nobody’s once it was tried', async () => {
    const { ann, alice, bob } = await leftOver()
    expect((await login(bob, OTHER)).code).toBe('credentials-invalid')
    expect(await objects.passwordLogin(bob).owner()).toBeNull()
    expect(await view(ann)).toMatchObject({ username: alice })
  })

  it('is whose who asks for it', async () => {
    const { ann, bob } = await leftOver()
    const other = await ask('register', { username: bob, password: 'of somebody else' })
    expect(other.status).toBe(201)
    expect(other.body.user.id).not.toBe(ann.id)
    expect((await login(bob, OTHER)).code).toBe('credentials-invalid')
    expect((await login(bob, 'of somebody else')).body.user.id).toBe(other.body.user.id)
  })
})

it('[A5] a guest who is signed out while registering leaves no user name behind', async () => {
  const ann = await guest()
  const [alice = ''] = ann.names
  const via = asking(onceMade(() => objects.account(ann.id).endAll(undefined)))
  expect((await register(ann, alice, ONE, via)).code).toBe('session-ended')
  expect((await login(alice, ONE)).code).toBe('credentials-invalid')
  expect((await ask('register', { username: alice, password: OTHER })).status).toBe(201)
})

it('[A5] a guest who links a provider while registering has no password', async () => {
  const ann = await guest()
  const [alice = ''] = ann.names
  const claims = JSON.parse(atob(ann.accessToken.split('.')[1] ?? ''))
  const bearer = bearerOf({ ...GUEST, sessionId: claims.sid, version: claims.ver } as never)
  const via = asking(
    onceMade(
      async () => void granted(await objects.account(ann.id).becomeAccount(bearer, undefined)),
    ),
  )
  expect((await register(ann, alice, ONE, via)).code).toBe('already-registered')
  expect((await login(alice, ONE)).code).toBe('credentials-invalid')
  expect(await view(ann)).toMatchObject({ kind: 'account', username: null })
})
