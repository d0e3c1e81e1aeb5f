import { describe, expect, it } from 'vitest'
import type { Account } from '../../../src/account/account.ts'
import { changeAccount, endAllSignIns, endByToken, endSignIn } from '../../../src/account/ending.ts'
import {
  enterRoom,
  heardOfRoom,
  leaveRoom,
  roomsToAsk,
} from '../../../src/account/entered-rooms.ts'
import { addLogin, endLogin, holdsRefreshToken, listLogins } from '../../../src/account/logins.ts'
import { delivered, dueRevocations, notDelivered } from '../../../src/account/revocations.ts'
import { becomeAccount, openSignIn, refresh } from '../../../src/account/sign-ins.ts'
import type { NewSignIn, SessionGrant } from '../../../src/account/views.ts'
import type { Answer } from '../../../src/answer.ts'
import type { Bearer } from '../../../src/auth/bearer.ts'
import { memoryAccount } from '../../support/memory-account.ts'

const NOW = Date.UTC(2026, 10, 29, 12)
const MINUTE = 60_000
const HOUR = 3_600_000

const GUEST: NewSignIn = { name: 'Ann', kind: 'guest', device: 'here' }
const ANN: NewSignIn = { ...GUEST, kind: 'account', username: 'ann' }
const CORP = { issuer: 'https://corp.example', subject: '7', provider: 'corp', label: 'Ann' }

function granted<Value>(answer: Answer<Value>): Value {
  if ('refused' in answer) throw new Error(answer.refused)
  return answer.value
}

const refusalOf = (answer: object) => ('refused' in answer ? answer.refused : undefined)

const bearerOf = ({ sessionId, version }: SessionGrant): Bearer => ({
  ...{ sessionId, version, federated: false, expiresAt: NOW / 1000 + 900 },
})

function signedIn(newSignIn = ANN) {
  const { account, written } = memoryAccount()
  const grant = granted(openSignIn(account, newSignIn, NOW))
  return { account, written, grant, bearer: bearerOf(grant) }
}

const enter = (account: Account, sessionId: string, roomId: string, visitId = 'e', now = NOW) =>
  enterRoom(account.store().rooms, { sessionId, roomId, visitId }, false, now)

const roomsTold = (account: Account, now: number) =>
  dueRevocations(account.store(), now).map(({ roomId }) => roomId)

describe('an account of which nothing is stored', () => {
  it('stores nothing, whatever is asked of it', () => {
    const { account } = memoryAccount()
    const bearer: Bearer = { sessionId: 's', version: 1, federated: false, expiresAt: 0 }
    expect(account.voidBecause(bearer, NOW)).toBe('session-ended')
    expect(account.voidBecause({ ...bearer, federated: true }, NOW)).toBeUndefined()
    expect(refusalOf(refresh(account, undefined, bearer, 1, NOW))).toBe('session-ended')
    expect(
      refusalOf(becomeAccount(account, bearer, { name: 'x', username: 'x' }, NOW)),
    ).toBeDefined()
    expect(refusalOf(changeAccount(account, { disabled: true }, NOW))).toBe('user-unknown')
    expect(endSignIn(account, bearer, NOW)).toBe(false)
    endAllSignIns(account, undefined, NOW)
    expect(listLogins(account)).toEqual({ password: null, providers: [] })
    expect(account.nextDue(NOW)).toBeUndefined()
    expect(account.stored).toBeUndefined()
  })
})

describe('a sign-in', () => {
  it('[A5] is refused under another user name, and where the account is disabled', () => {
    const { account } = signedIn()
    const other = openSignIn(account, { ...ANN, username: 'bob' }, NOW)
    expect(refusalOf(other)).toBe('credentials-invalid')
    changeAccount(account, { disabled: true }, NOW)
    expect(refusalOf(openSignIn(account, ANN, NOW))).toBe('account-disabled')
  })

  it('[A5] of a guest who became an account goes on under another id', () => {
    const { account, grant, bearer } = signedIn(GUEST)
    enter(account, grant.sessionId, 'room')
    const names = { name: undefined, username: 'ann' }
    const next = granted(becomeAccount(account, bearer, names, NOW))
    expect(next.sessionId).not.toBe(grant.sessionId)
    expect(next.principal.guest).toBeUndefined()
    expect(account.voidBecause(bearer, NOW)).toBe('roles-changed')
    expect(refusalOf(becomeAccount(account, bearerOf(next), names, NOW))).toBe('already-registered')
    // Its sockets have ten seconds to show the new token.
    expect(roomsTold(account, NOW + 9999)).toEqual([])
    expect(roomsTold(account, NOW + 10_000)).toEqual(['room'])
  })

  it('[A5] whose token was used twice is ended, and its rooms are told', () => {
    const { account, grant, written } = signedIn()
    enter(account, grant.sessionId, 'room')
    const next = granted(refresh(account, grant.refreshToken, undefined, 1, NOW))
    expect(granted(refresh(account, grant.refreshToken, undefined, 1, NOW + 1))).toMatchObject({
      refreshToken: next.refreshToken,
    })
    const late = refresh(account, grant.refreshToken, undefined, 1, NOW + 2 * MINUTE)
    expect(refusalOf(late)).toBe('refresh-reused')
    expect(roomsTold(account, NOW + 2 * MINUTE)).toEqual(['room'])
    expect(written.map(({ event }) => event)).toEqual([
      ...['refreshed', 'refresh-repeated', 'revoked'],
    ])
  })

  it('[A5] is renewed under another id where its authority changed', () => {
    const { account, grant } = signedIn()
    changeAccount(account, { roles: ['GENERAL', 'ADMIN'] }, NOW)
    expect(account.voidBecause(bearerOf(grant), NOW)).toBe('roles-changed')
    const next = granted(refresh(account, grant.refreshToken, undefined, 1, NOW))
    expect(next).toMatchObject({ version: 2, principal: { roles: ['GENERAL', 'ADMIN'] } })
    expect(next.sessionId).not.toBe(grant.sessionId)
  })

  it('[R5] makes room for itself: the hundred most recently used stay', () => {
    const { account, grant } = signedIn()
    for (let n = 1; n <= 100; n++) granted(openSignIn(account, ANN, NOW + n))
    expect(account.signIns(NOW + 100)).toHaveLength(100)
    expect(account.voidBecause(bearerOf(grant), NOW + 100)).toBe('session-ended')
  })

  it('[A5] ends by its refresh token, by name, and with all others', () => {
    const { account, grant } = signedIn()
    const [one, two, three] = [1, 2, 3].map((n) => granted(openSignIn(account, ANN, NOW + n)))
    expect(refusalOf(endByToken(account, 'made-up', NOW))).toBe('refresh-invalid')
    granted(endByToken(account, grant.refreshToken, NOW))
    expect(one && endSignIn(account, bearerOf(one), NOW)).toBe(true)
    endAllSignIns(account, two?.sessionId, NOW)
    expect(account.signIns(NOW).map(({ id }) => id)).toEqual([two?.sessionId])
    expect(three && account.voidBecause(bearerOf(three), NOW)).toBe('session-ended')
    endAllSignIns(account, undefined, NOW)
    expect(account.signIns(NOW)).toEqual([])
  })
})

describe('a request', () => {
  it('[R5] is paid for: too many are told how long to wait', () => {
    const { account, bearer } = signedIn()
    expect(account.refusal(bearer, 20, NOW)).toBeUndefined()
    expect(account.refusal(bearer, 1, NOW)).toEqual({ refused: 'too-fast', retryAfter: 0.5 })
    expect(account.refusal(bearer, 1, NOW + 500)).toBeUndefined()
  })
})

describe('a guest', () => {
  it('is forgotten an hour after the last token has ended', () => {
    const { account } = signedIn(GUEST)
    const over = NOW + (1_209_600 + 900) * 1000
    expect(account.nextDue(NOW)).toBe(over + HOUR)
    expect(account.isOver(over - 1)).toBe(false)
    expect(account.isOver(over)).toBe(true)
  })

  it('stays while a room has still to be told (A5)', () => {
    const { account, grant, bearer } = signedIn(GUEST)
    enter(account, grant.sessionId, 'room')
    endSignIn(account, bearer, NOW)
    expect(account.isOver(NOW)).toBe(false)
    const [pending] = dueRevocations(account.store(), NOW)
    if (!pending) throw new Error('nothing is pending')
    delivered(account.store(), pending, false, NOW)
    expect(account.isOver(NOW)).toBe(true)
  })
})

describe('[R5] a renewal counts as a request', () => {
  /** A sixth of the 120 requests of a minute. */
  const BURST = 20

  it('and what is too fast uses up no token', () => {
    const { account, grant } = signedIn()
    const { refreshToken } = grant
    account.charge(BURST - 4, NOW)
    const refused = refresh(account, refreshToken, undefined, 5, NOW)
    expect(refused).toEqual({ refused: 'too-fast', retryAfter: 0.5 })
    const next = granted(refresh(account, refreshToken, undefined, 5, NOW + 500))
    expect(refusalOf(refresh(account, next.refreshToken, undefined, 5, NOW + 500))).toBe('too-fast')
    granted(refresh(account, next.refreshToken, undefined, 5, NOW + 3000))
  })

  it('but no token that renews nothing', () => {
    const { account, grant, bearer } = signedIn()
    const madeUp = grant.refreshToken.replace(/.{8}$/, 'xxxxxxxx')
    for (let n = 0; n < 2 * BURST; n++) {
      expect(refusalOf(refresh(account, madeUp, undefined, 5, NOW))).toBe('refresh-invalid')
      expect(refusalOf(refresh(account, undefined, bearer, 5, NOW))).toBe('refresh-missing')
    }
    expect(account.charge(BURST, NOW)).toBeUndefined()
  })

  it('[A5] and a stolen token ends its sign-in, however fast it comes', () => {
    const { account, grant } = signedIn()
    const next = granted(refresh(account, grant.refreshToken, undefined, 1, NOW))
    granted(refresh(account, next.refreshToken, undefined, 1, NOW + 1000))
    account.charge(BURST - 2, NOW + 2 * MINUTE)
    const stolen = refresh(account, grant.refreshToken, undefined, 5, NOW + 2 * MINUTE)
    expect(refusalOf(stolen)).toBe('refresh-reused')
  })
})

describe('the logins of an account', () => {
  it('[A5] are never none', () => {
    const { account } = signedIn({ ...GUEST, kind: 'account', login: CORP })
    const [{ id } = { id: '' }] = listLogins(account).providers
    expect(refusalOf(endLogin(account, id))).toBe('login-last')
    expect(refusalOf(endLogin(account, 'x'))).toBe('login-unknown')
  })

  it('[R5] are ten at most, and a known one is no other', () => {
    const { account, bearer } = signedIn()
    const link = (subject: string) => addLogin(account, bearer, { ...CORP, subject }, NOW)
    for (let n = 0; n < 10; n++) granted(link(`${n}`))
    expect(refusalOf(link('10'))).toBe('too-many-logins')
    const { id } = granted(link('3'))
    granted(endLogin(account, id))
    // Linked again before it was released.
    expect(granted(link('3')).id).toBe(id)
    expect(account.stored?.logins.providers().every(({ ending }) => !ending)).toBe(true)
  })

  it('[A5] are changed by whoever has the newest refresh token', () => {
    const { account, grant } = signedIn()
    const { refreshToken, sessionId } = grant
    expect(holdsRefreshToken(account, refreshToken, sessionId, NOW)).toBe(true)
    granted(refresh(account, refreshToken, undefined, 1, NOW))
    expect(holdsRefreshToken(account, refreshToken, sessionId, NOW)).toBe(false)
  })
})

describe('[R5] the rooms of a sign-in', () => {
  it('are 200 at most, and a room that is left makes place', () => {
    const { account } = signedIn()
    for (let n = 0; n < 200; n++) expect(enter(account, 's', `room${n}`)).toBe(true)
    expect(enter(account, 's', 'one more')).toBe(false)
    expect(enter(account, 's', 'room7', 'again')).toBe(true)
    const { rooms } = account.store()
    leaveRoom(rooms, { sessionId: 's', roomId: 'room7', visitId: 'e' })
    expect(enter(account, 's', 'one more')).toBe(false)
    leaveRoom(rooms, { sessionId: 's', roomId: 'room7', visitId: 'again' })
    expect(enter(account, 's', 'one more')).toBe(true)
  })

  it('are asked whether it is still there, but for those being entered', () => {
    const { account } = signedIn()
    const { rooms } = account.store()
    for (let n = 0; n < 6; n++) enter(account, 's', `room${n}`, 'e', NOW + n * 20_000)
    const asked = roomsToAsk(rooms, 's', NOW + 2 * MINUTE)
    expect(asked.map(({ roomId }) => roomId)).toEqual(['room0', 'room1', 'room2', 'room3'])
    const [gone, there] = asked
    if (!gone || !there) throw new Error('nobody is asked')
    enter(account, 's', 'room1', 'again', NOW + 3 * MINUTE)
    heardOfRoom(rooms, 's', gone, false)
    heardOfRoom(rooms, 's', there, false)
    expect(rooms.visits('s', 'room0')).toBeUndefined()
    expect(rooms.visits('s', 'room1')).toEqual(['e', 'again'])
  })
})

describe('[A5] a revocation', () => {
  it('of every sign-in concerns each room once: whoever enters later is noted anew', () => {
    const { account, grant } = signedIn()
    enter(account, grant.sessionId, 'room')
    enter(account, 'other', 'room')
    changeAccount(account, { disabled: true }, NOW)
    expect(roomsTold(account, NOW)).toEqual(['room'])
    expect(account.store().rooms.count(grant.sessionId)).toBe(0)
  })

  it('is tried again later and later, for a day', () => {
    const { account, grant, bearer } = signedIn()
    enter(account, grant.sessionId, 'room')
    endSignIn(account, bearer, NOW)
    const waits: number[] = []
    for (let now = NOW; ; ) {
      const [pending] = dueRevocations(account.store(), now)
      if (!pending) break
      notDelivered(account.store(), pending, now)
      const next = account.nextDue(now)
      if (next === undefined) break
      waits.push((next - now) / 1000)
      now = next
    }
    expect(waits.slice(0, 6)).toEqual([20, 40, 80, 160, 300, 300])
    expect(waits.reduce((sum, each) => sum + each)).toBeGreaterThan(24 * 3600)
    expect(account.hasPending).toBe(false)
  })
})
