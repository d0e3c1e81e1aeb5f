import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import {
  ACCOUNT,
  alarmOf,
  bearerOf,
  DAY,
  GUEST,
  granted,
  outcome,
  person,
  tables,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'

quiet()

const MINUTE = 60_000

describe('an account that is none', () => {
  it('keeps nothing, whatever is asked of it', async () => {
    const { account, stub } = person()
    const bearer = { sessionId: 's', version: 1, federated: false, expiresAt: 4e9 }
    const token = `ann.s.${'a'.repeat(40)}.${'b'.repeat(43)}`
    expect(outcome(await account.check(bearer))).toBe('session-ended')
    expect(outcome(await account.check({ ...bearer, federated: true }))).toBe('granted')
    expect(outcome(await account.enter(bearer, 'room', 'e'))).toBe('session-ended')
    expect(outcome(await account.refresh(token, undefined))).toBe('refresh-invalid')
    expect(outcome(await account.refresh('x', undefined))).toBe('refresh-invalid')
    expect(outcome(await account.refresh(undefined, bearer))).toBe('session-ended')
    expect(outcome(await account.refresh(undefined, undefined))).toBe('refresh-missing')
    expect(outcome(await account.becomeAccount(bearer, 'Ann'))).toBe('session-ended')
    expect(outcome(await account.endByToken(token))).toBe('refresh-invalid')
    expect(outcome(await account.show())).toBe('user-unknown')
    expect(outcome(await account.change({ disabled: true }))).toBe('user-unknown')
    expect(await account.end(bearer)).toBe(false)
    expect(await account.sessions()).toEqual([])
    await account.endAll(undefined)
    await account.endAll('s')
    expect(await tables(stub)).toEqual([])
    expect(await alarmOf(stub)).toBeNull()
  })
})

describe('a sign-in', () => {
  it('makes the account, and a session that holds', async () => {
    const { id, account } = person()
    const grant = granted(await account.signIn(ACCOUNT))
    expect(grant).toMatchObject({
      principal: { id, name: '앤', roles: ['GENERAL'] },
      version: 1,
      refreshExpiresIn: 14 * 86_400,
    })
    expect(Math.abs(grant.signedInAt - Date.now() / 1000)).toBeLessThan(5)
    expect(outcome(await account.check(bearerOf(grant)))).toBe('granted')
    expect(granted(await account.show())).toMatchObject({ id, kind: 'account', username: 'ann' })
  })

  it('of an administrator has the authority ADMIN', async () => {
    const { account } = person('root')
    const { principal } = granted(await account.signIn(ACCOUNT))
    expect(principal.roles).toEqual(['GENERAL', 'ADMIN'])
    expect(granted(await account.show()).roles).toEqual(['GENERAL', 'ADMIN'])
  })

  it('opens a session of its own each time, of the same account', async () => {
    const { account } = person()
    const first = granted(await account.signIn(ACCOUNT))
    const second = granted(await account.signIn({ ...ACCOUNT, name: 'another', device: 'Safari' }))
    expect(second.principal).toEqual(first.principal)
    expect(second.sessionId).not.toBe(first.sessionId)
    expect((await account.sessions()).map(({ device }) => device).sort()).toEqual([
      'Firefox on Linux',
      'Safari',
    ])
    expect(outcome(await account.refresh(first.refreshToken, undefined))).toBe('granted')
    expect(outcome(await account.refresh(second.refreshToken, undefined))).toBe('granted')
  })

  it('that was cut off after the registration is made good by the next', async () => {
    const { id, account } = person()
    // The login says whose it is; of the account there is nothing yet.
    expect(granted(await account.signIn(ACCOUNT)).principal.id).toBe(id)
  })

  it('beyond a hundred sessions ends the one that was not used for longest', async () => {
    const { account } = person()
    const first = granted(await account.signIn(ACCOUNT))
    for (let n = 1; n < 100; n++) {
      wait(1)
      granted(await account.signIn(ACCOUNT))
    }
    expect(outcome(await account.check(bearerOf(first)))).toBe('granted')
    wait(1)
    granted(await account.signIn(ACCOUNT))
    expect(await account.sessions()).toHaveLength(100)
    expect(outcome(await account.check(bearerOf(first)))).toBe('session-ended')
  })
})

describe('a guest who registers', () => {
  it('keeps the id, gets a user name, and a sign-in under another id: the old tokens are void', async () => {
    const { id, account } = person()
    const guest = granted(await account.signIn(GUEST))
    const grant = granted(await account.becomeAccount(bearerOf(guest), 'Ann', 'ann'))
    expect(grant).toMatchObject({ signedInAt: guest.signedInAt, principal: { id, name: 'Ann' } })
    expect(grant.sessionId).not.toBe(guest.sessionId)
    expect(outcome(await account.check(bearerOf(grant)))).toBe('granted')
    // Whoever asked with the old one in that moment is told to get the new one.
    expect(outcome(await account.check(bearerOf(guest)))).toBe('roles-changed')
    expect(outcome(await account.refresh(guest.refreshToken, undefined))).toBe('refresh-invalid')
    expect(outcome(await account.refresh(undefined, bearerOf(guest)))).toBe('refresh-missing')
    expect((await account.sessions()).map(({ id }) => id)).toEqual([grant.sessionId])
    expect(granted(await account.show())).toMatchObject({ kind: 'account', username: 'ann' })
  })

  it('keeps the name where there is no other', async () => {
    const { account } = person()
    const guest = granted(await account.signIn(GUEST))
    expect(granted(await account.becomeAccount(bearerOf(guest), undefined)).principal.name).toBe(
      '앤',
    )
  })

  it('and never heard so signs in: whoever had the guest’s token has nothing of the account’s', async () => {
    const { account } = person()
    const guest = granted(await account.signIn(GUEST))
    const grant = granted(await account.becomeAccount(bearerOf(guest), undefined))
    expect(outcome(await account.refresh(guest.refreshToken, undefined))).toBe('refresh-invalid')
    expect(outcome(await account.endByToken(guest.refreshToken))).toBe('refresh-invalid')
    expect(outcome(await account.refresh(grant.refreshToken, undefined))).toBe('granted')
    expect(outcome(await account.signIn(ACCOUNT))).toBe('granted')
  })

  it('does so once, and with a session that holds', async () => {
    const { account } = person()
    const guest = granted(await account.signIn(GUEST))
    const grant = granted(await account.becomeAccount(bearerOf(guest), undefined))
    expect(outcome(await account.becomeAccount(bearerOf(guest), undefined))).toBe('roles-changed')
    expect(outcome(await account.becomeAccount(bearerOf(grant), undefined))).toBe(
      'already-registered',
    )
    await account.end(bearerOf(grant))
    expect(outcome(await account.becomeAccount(bearerOf(grant), undefined))).toBe('session-ended')
  })

  it('and was cut off after the registration is an account at the next sign-in', async () => {
    const { id, account } = person()
    const guest = granted(await account.signIn(GUEST))
    const grant = granted(await account.signIn({ ...ACCOUNT, name: 'ann' }))
    expect(outcome(await account.check(bearerOf(guest)))).toBe('session-ended')
    expect(outcome(await account.refresh(guest.refreshToken, undefined))).toBe('refresh-invalid')
    expect(grant.principal).toMatchObject({ id, name: '앤' })
    expect(granted(await account.show())).toMatchObject({ kind: 'account', username: 'ann' })
  })
})

describe('the list of sessions', () => {
  it('tells device, sign-in and last use, the last used first', async () => {
    const { account } = person()
    const start = Date.now()
    wait(0)
    const first = granted(await account.signIn(ACCOUNT))
    wait(MINUTE)
    granted(await account.signIn({ ...ACCOUNT, device: 'Safari on iOS' }))
    wait(MINUTE)
    granted(await account.refresh(first.refreshToken, undefined))
    const sessions = await account.sessions()
    expect(sessions.map(({ device }) => device)).toEqual(['Firefox on Linux', 'Safari on iOS'])
    expect(sessions[0]?.id).toBe(first.sessionId)
    const { signedInAt, lastUsedAt } = sessions[0] ?? { signedInAt: 0, lastUsedAt: 0 }
    expect(signedInAt - start).toBeLessThan(MINUTE)
    expect(lastUsedAt - signedInAt).toBe(2 * MINUTE)
  })

  it('leaves out those of which no token holds any more; the next sign-in forgets them', async () => {
    const { account, stub } = person()
    const rows = () =>
      runInDurableObject(stub, (_object, { storage }) =>
        storage.sql.exec('SELECT id FROM sessions').toArray(),
      )
    const old = granted(await account.signIn(ACCOUNT))
    wait(14 * DAY + 14 * MINUTE)
    expect(await account.sessions()).toHaveLength(1)
    expect(outcome(await account.check(bearerOf(old)))).toBe('granted')
    wait(MINUTE)
    expect(await account.sessions()).toEqual([])
    expect(outcome(await account.check(bearerOf(old)))).toBe('session-ended')
    expect(await rows()).toHaveLength(1)
    const { sessionId } = granted(await account.signIn(ACCOUNT))
    expect(await rows()).toEqual([{ id: sessionId }])
  })
})
