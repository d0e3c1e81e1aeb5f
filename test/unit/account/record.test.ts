import { describe, expect, it } from 'vitest'
import {
  type AccountRecord,
  asAccount,
  changedAccount,
  federatedAccount,
  lastTokenEnds,
  newAccount,
  principalOf,
  raised,
  signedInTo,
  speaksFor,
  viewOf,
  voidBecause,
} from '../../../src/account/record.ts'

const NOW = 1_795_000_000_000
const GUEST = newAccount('ann', { name: '앤', kind: 'guest' }, NOW)
const ANN = newAccount('ann', { name: '앤', kind: 'account', username: 'ann' }, NOW)
const BEARER = { sessionId: 's', version: 1, federated: false, expiresAt: NOW / 1000 + 900 }
const FOREIGN = federatedAccount('shop:7', [{ name: 'shop' }]) as AccountRecord

describe('an account', () => {
  it('begins with the authority GENERAL', () => {
    expect(principalOf(ANN, [])).toEqual({ id: 'ann', name: '앤', roles: ['GENERAL'] })
  })

  it('of an administrator has ADMIN besides, once', () => {
    expect(principalOf(ANN, ['bob', 'ann']).roles).toEqual(['GENERAL', 'ADMIN'])
    const named = { ...ANN, roles: ['ADMIN'] }
    expect(viewOf(named, ['ann']).roles).toEqual(['ADMIN'])
  })

  it('is shown with its user name, and as an account where it is a trusted issuer’s', () => {
    expect(viewOf(ANN, [])).toEqual({
      ...{ id: 'ann', name: '앤', kind: 'account', username: 'ann', roles: ['GENERAL'] },
      ...{ disabled: false, createdAt: NOW },
    })
    expect(viewOf(GUEST, []).username).toBeNull()
    expect(viewOf(FOREIGN, []).kind).toBe('account')
  })

  it.each([
    ['shop:7', true],
    ['shop:', true],
    ['shop', false],
    ['shopping:7', false],
    ['V1StGXR8_Z5jdHi6B-myT', false],
  ])('of the id %s is a trusted issuer’s: %s', (id, federated) => {
    expect(federatedAccount(id, [{ name: 'shop' }]) !== undefined).toBe(federated)
  })
})

describe('somebody who signs in', () => {
  it.each([
    ['to a guest, as a guest', GUEST, { kind: 'guest' }, GUEST],
    ['to a guest, with a password', GUEST, { kind: 'account', username: 'ann' }, ANN],
    ['to a guest, by a provider', GUEST, { kind: 'account' }, { ...ANN, username: null }],
    ['to an account, with its user name', ANN, { kind: 'account', username: 'ann' }, ANN],
    ['to an account, by a provider', ANN, { kind: 'account' }, ANN],
    [
      'to an account without a user name',
      { ...ANN, username: null },
      { kind: 'account', username: 'ann' },
      ANN,
    ],
  ] as const)('%s', (_how, account, newSignIn, next) => {
    expect(signedInTo(account, newSignIn)).toEqual(next)
  })

  it('changes nothing where nothing is new', () => {
    expect(signedInTo(ANN, { kind: 'account', username: 'ann' })).toBe(ANN)
    expect(signedInTo(GUEST, { kind: 'guest' })).toBe(GUEST)
  })

  it('as a guest and registers keeps the id, and the name unless there is another', () => {
    expect(asAccount(GUEST, { username: 'ann' })).toEqual(ANN)
    expect(asAccount(GUEST, { name: 'Ann', username: 'ann' })).toEqual({ ...ANN, name: 'Ann' })
  })
})

describe('a token', () => {
  const disabled = { ...ANN, disabled: true }
  it.each([
    ['of the account as it is', ANN, BEARER, false, undefined],
    ['of a session that ended', ANN, BEARER, true, 'session-ended'],
    ['of nobody', undefined, BEARER, true, 'session-ended'],
    ['of an older version', { ...ANN, version: 2 }, BEARER, false, 'roles-changed'],
    ['of a version that never was', ANN, { ...BEARER, version: 2 }, false, 'roles-changed'],
    ['of a disabled account', disabled, BEARER, false, 'account-disabled'],
    ['of a disabled account, ended', disabled, BEARER, true, 'account-disabled'],
    [
      'of a trusted issuer',
      undefined,
      { ...BEARER, version: 0, federated: true },
      false,
      undefined,
    ],
    [
      'of a trusted issuer, ended',
      undefined,
      { ...BEARER, federated: true },
      true,
      'session-ended',
    ],
    [
      'of a trusted issuer, of somebody disabled',
      { ...FOREIGN, disabled: true },
      { ...BEARER, version: 0, federated: true },
      false,
      'account-disabled',
    ],
  ] as const)('%s', (_which, account, bearer, ended, because) => {
    expect(voidBecause(account, bearer, ended)).toBe(because)
  })

  it.each([
    ['of that session', ANN, BEARER, true],
    ['of another session', ANN, { ...BEARER, sessionId: 't' }, false],
    ['of an older version', { ...ANN, version: 2 }, BEARER, false],
    ['of a trusted issuer', ANN, { ...BEARER, federated: true }, false],
    ['of an account that is gone', undefined, BEARER, true],
  ])('%s speaks for a session: %4$s', (_which, account, bearer, speaks) => {
    expect(speaksFor(account, bearer, 's')).toBe(speaks)
  })

  it('has ended when its life is over, and a little after', () => {
    expect(lastTokenEnds(900, NOW + 1)).toBe(NOW / 1000 + 1 + 900 + 60)
  })
})

describe('a change', () => {
  const disabled = { ...ANN, disabled: true }
  it.each([
    ['to be disabled', ANN, { disabled: true }, 'account-disabled'],
    ['to be disabled, with other roles', ANN, { disabled: true, roles: [] }, 'account-disabled'],
    ['of roles', ANN, { roles: ['GENERAL', 'BOT'] }, 'roles-changed'],
    ['of one role for another', ANN, { roles: ['BOT'] }, 'roles-changed'],
    ['to no role', ANN, { roles: [] }, 'roles-changed'],
    ['of roles while disabled', disabled, { roles: [] }, 'roles-changed'],
  ])('%s makes older tokens void: %4$s', (_what, account, change, ends) => {
    expect(changedAccount(account, change)).toEqual({
      account: { ...account, ...change, version: 2 },
      ends,
    })
  })

  it('to be enabled makes no token void', () => {
    expect(changedAccount(disabled, { disabled: false })).toEqual({ account: ANN, ends: undefined })
  })

  it.each([{}, { disabled: false }, { roles: ['GENERAL'] }, { disabled: undefined }])(
    'to what is already, %j, is none',
    (change) => expect(changedAccount(ANN, change).account).toBe(ANN),
  )

  it('of the order of roles is none', () => {
    const both = { ...ANN, roles: ['A', 'B'] }
    expect(changedAccount(both, { roles: ['B', 'A'] }).ends).toBeUndefined()
  })

  it('raises the version, but not that of a trusted issuer’s tokens, which have none', () => {
    expect(raised(ANN).version).toBe(2)
    expect(raised(FOREIGN).version).toBe(0)
    const { account, ends } = changedAccount(FOREIGN, { disabled: true })
    expect([account.version, ends]).toEqual([0, 'account-disabled'])
  })
})
