// The ways in to an account, with the real objects: listed before they are ways in, and until they
// are none.

import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { MAX_LOGINS } from '../../src/account/logins.ts'
import type { SessionGrant } from '../../src/account/views.ts'
import type { ProviderLogin } from '../../src/auth/openid/pending-link.ts'
import {
  ACCOUNT,
  bearerOf,
  evict,
  GUEST,
  granted,
  objects,
  outcome,
  type Person,
  person,
  tables,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'

quiet()

const login = (subject: string): ProviderLogin => ({
  ...{ issuer: 'https://id.example', subject, provider: 'test', label: '앤' },
})

const add = ({ account }: Person, session: SessionGrant, subject: string) =>
  account.addLogin(bearerOf(session), login(subject))

describe('the ways in to an account', () => {
  it('are none of a person who keeps nothing, and asking writes nothing', async () => {
    const { account, stub } = person()
    expect(await account.logins()).toEqual({ password: null, providers: [] })
    expect(outcome(await account.endLogin('l'))).toBe('login-unknown')
    await account.removeLogin('l')
    expect(await tables(stub)).toEqual([])
  })

  it('are the password, and the provider of the first sign-in, with their day', async () => {
    wait(0)
    const linkedAt = Date.now()
    const [ann, bob] = [person(), person()]
    await ann.account.signIn(ACCOUNT)
    const password = { username: 'ann', linkedAt }
    expect(await ann.account.logins()).toEqual({ password, providers: [] })
    const newSignIn = { ...GUEST, kind: 'account', login: login('bob') } as const
    await bob.account.signIn(newSignIn)
    await evict(bob.stub)
    const providers = [{ id: expect.any(String), ...login('bob'), linkedAt }]
    expect(await bob.account.logins()).toEqual({ password: null, providers })
    // It is one, however often somebody signs in with it.
    wait(1000)
    await bob.account.signIn(newSignIn)
    expect(await bob.account.logins()).toEqual({ password: null, providers })
  })

  it('that a version before linked are listed at the next sign-in, without a day', async () => {
    const { account } = person()
    await account.signIn({ ...GUEST, kind: 'account' })
    await account.signIn({ ...GUEST, kind: 'account', login: login('ann') })
    const { providers } = await account.logins()
    expect(providers).toMatchObject([{ subject: 'ann', linkedAt: null }])
  })

  it('of a guest who registers begin that day', async () => {
    const { account } = person()
    const guest = granted(await account.signIn(GUEST))
    wait(5000)
    await account.becomeAccount(bearerOf(guest), undefined, 'ann')
    expect((await account.logins()).password).toEqual({ username: 'ann', linkedAt: Date.now() })
  })

  it('[H1] are added, kept, and removed over evictions', async () => {
    const ann = person()
    const session = granted(await ann.account.signIn(ACCOUNT))
    const { id, kind } = granted(await add(ann, session, 'ann'))
    await evict(ann.stub)
    expect(kind).toBe('account')
    expect(granted(await add(ann, session, 'ann')).id).toBe(id)
    expect(granted(await ann.account.endLogin(id))).toMatchObject({ id, subject: 'ann' })
    await evict(ann.stub)
    // Listed until its login is released, so that whoever is cut off here can go on.
    expect((await ann.account.logins()).providers).toHaveLength(1)
    expect(outcome(await ann.account.endLogin(id))).toBe('granted')
    await ann.account.removeLogin(id)
    await evict(ann.stub)
    expect((await ann.account.logins()).providers).toEqual([])
  })

  it('are none for a session that has ended', async () => {
    const ann = person()
    const session = granted(await ann.account.signIn(ACCOUNT))
    await ann.account.endAll(undefined)
    expect(outcome(await add(ann, session, 'ann'))).toBe('session-ended')
    expect((await ann.account.logins()).providers).toEqual([])
  })

  it('are so many at most (R5)', async () => {
    const ann = person()
    const session = granted(await ann.account.signIn(ACCOUNT))
    for (let n = 0; n < MAX_LOGINS; n++) await add(ann, session, `${n}`)
    expect(outcome(await add(ann, session, 'one more'))).toBe('too-many-logins')
    expect(outcome(await add(ann, session, '0'))).toBe('granted')
  })

  it('have a last one, that stays: not both of two at the same time', async () => {
    const ann = person()
    const session = granted(
      await ann.account.signIn({ ...GUEST, kind: 'account', login: login('a') }),
    )
    await add(ann, session, 'b')
    const [a, b] = (await ann.account.logins()).providers
    const both = await Promise.all([a, b].map((each) => ann.account.endLogin(each?.id ?? '')))
    expect(both.map(outcome).sort()).toEqual(['granted', 'login-last'])
  })

  it('that somebody still signs in with is none that is being removed', async () => {
    const { account } = person()
    const newSignIn = { ...ACCOUNT, login: login('a') }
    await account.signIn(newSignIn)
    const [{ id } = { id: '' }] = (await account.logins()).providers
    await account.endLogin(id)
    await account.signIn(newSignIn)
    await account.change({ disabled: false })
    expect(outcome(await account.endLogin(id))).toBe('granted')
  })
})

describe('a refresh token as a proof', () => {
  it('is the newest of that very session, and is not used up', async () => {
    const { account, stub } = person()
    const [one, other] = [
      granted(await account.signIn(GUEST)),
      granted(await account.signIn(GUEST)),
    ]
    const holds = (token: string, { sessionId }: SessionGrant) => account.holds(token, sessionId)
    expect(await holds(one.refreshToken, one)).toBe(true)
    await evict(stub)
    expect(await holds(one.refreshToken, one)).toBe(true)
    expect(await holds(one.refreshToken, other)).toBe(false)
    expect(await holds('x', one)).toBe(false)
    const last = one.refreshToken.at(-1) === 'A' ? 'E' : 'A'
    expect(await holds(one.refreshToken.slice(0, -1) + last, one)).toBe(false)
    const next = granted(await account.refresh(one.refreshToken, undefined))
    expect(await holds(one.refreshToken, one)).toBe(false)
    expect(await holds(next.refreshToken, next)).toBe(true)
  })

  it('is none once it has expired, or its session was ended', async () => {
    const { account } = person()
    const one = granted(await account.signIn(GUEST))
    const other = granted(await account.signIn(GUEST))
    await account.end(bearerOf(other))
    expect(await account.holds(other.refreshToken, other.sessionId)).toBe(false)
    wait(one.refreshExpiresIn * 1000)
    expect(await account.holds(one.refreshToken, one.sessionId)).toBe(false)
  })
})

describe('the login of a provider', () => {
  const released = (subject: string) => {
    const stub = env.LOGIN.get(env.LOGIN.idFromName(`oidc:https://id.example\n${subject}`))
    return { login: objects.providerLogin('https://id.example', subject), stub }
  }

  it('is released by whose it is, and by nobody else', async () => {
    const { login, stub } = released('released')
    expect(await login.owner()).toBe(null)
    expect(await tables(stub)).toEqual([])
    await login.claim('ann')
    await login.release('bob')
    await evict(stub)
    expect(await login.owner()).toBe('ann')
    await login.release('ann')
    await login.release('ann')
    await evict(stub)
    expect(await login.owner()).toBe(null)
    expect(await tables(stub)).toEqual([])
    expect(await login.claim('bob')).toBe('bob')
  })

  it('that is a user name with a password is not', async () => {
    const login = objects.passwordLogin('not.released')
    const from = { address: 'here', devices: [], keeps: false }
    await login.register('ann', 'correct horse', from)
    await login.release('ann')
    expect(await login.verify('correct horse', from)).toEqual({ value: 'ann' })
  })
})
