import { expect, it } from 'vitest'
import { changeAccount, endAllSignIns, endSignIn } from '../../../src/account/ending.ts'
import { becomeAccount, openSignIn } from '../../../src/account/sign-ins.ts'
import { memoryAccount } from '../../support/memory-account.ts'

const NOW = 1_000_000

function signedIn(kind: 'guest' | 'account' = 'account') {
  const { account, revoked } = memoryAccount()
  const newSignIn = { name: 'Ann', kind, device: 'a test' } as const
  const answer = openSignIn(account, newSignIn, NOW)
  if ('refused' in answer) throw new Error(answer.refused)
  const { sessionId, version } = answer.value
  const bearer = { sessionId, version, federated: false, expiresAt: NOW / 1000 + 900 }
  return { account, revoked, bearer, sessionId }
}

it('[A5] the end of a sign-in is told to the sockets of the account, in the same moment', () => {
  const { account, revoked, bearer, sessionId } = signedIn()
  expect(endSignIn(account, bearer, NOW)).toBe(true)
  expect(revoked).toEqual([[sessionId, 'session-ended', NOW]])
})

it.each([
  [
    'session-ended',
    (account: ReturnType<typeof signedIn>['account']) => endAllSignIns(account, undefined, NOW),
  ],
  [
    'account-disabled',
    (account: ReturnType<typeof signedIn>['account']) =>
      changeAccount(account, { disabled: true }, NOW),
  ],
  [
    'roles-changed',
    (account: ReturnType<typeof signedIn>['account']) =>
      changeAccount(account, { roles: ['GENERAL', 'BOT'] }, NOW),
  ],
])('[A5] so is the end of all of them: %s', (code, end) => {
  const { account, revoked } = signedIn()
  end(account)
  expect(revoked).toEqual([[null, code, NOW]])
})

it('[A5] a sign-in that goes on under another id has ten seconds', () => {
  const { account, revoked, bearer, sessionId } = signedIn('guest')
  const names = { name: undefined, username: 'ann' }
  expect(becomeAccount(account, bearer, names, NOW)).toHaveProperty('value')
  expect(revoked).toEqual([[sessionId, 'roles-changed', NOW + 10_000]])
})
