// Who the reader is, in one tab and in several, with a gateway that says yes and no.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HttpRefusal } from '../../../src/client/index.ts'
import { createIdentity as create } from '../../../src/page/identity/identity.ts'
import { FakeBrowser } from '../../support/fake-browser.ts'

const REFRESH = 'POST /api/auth/refresh'
const LIFE_MS = 900_000

let browser: FakeBrowser
const onLeave = vi.fn()
const createIdentity = () => create({ onLeave })

beforeEach(() => {
  vi.useFakeTimers()
  browser = new FakeBrowser()
  browser.install()
  onLeave.mockClear()
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A tab whose reader is a guest, after the requests of the sign-in. */
async function guest() {
  const identity = createIdentity()
  await identity.signInAsGuest('Mina')
  browser.tellTabs()
  browser.requests.length = 0
  return identity
}

const token = async (given: string) => given
const refusal = (code: string, status = 401) => new HttpRefusal(status, code)

describe('signed in', () => {
  it('keeps the name for the next time, and no token anywhere', async () => {
    const identity = await guest()
    expect(identity.accessToken).toBe('token-1')
    expect(JSON.stringify([browser.local, browser.session])).not.toContain('token')
    expect(createIdentity().user).toEqual({ id: 'mina', name: 'Mina' })
  })

  it.each<[string, (identity: ReturnType<typeof createIdentity>) => Promise<void>, object]>([
    [
      'POST /api/auth/guest',
      ({ signInAsGuest }) => signInAsGuest('Mina'),
      { name: 'Mina', cookie: true },
    ],
    [
      'POST /api/auth/login',
      ({ signIn }) => signIn('mina', 'secretive'),
      { username: 'mina', password: 'secretive', cookie: true },
    ],
    [
      'POST /api/auth/register',
      ({ register }) => register({ username: 'mina', password: 'secretive' }),
      { username: 'mina', password: 'secretive', cookie: true },
    ],
    [REFRESH, ({ welcomeBack }) => welcomeBack(), { user: '' }],
  ])('by %s', async (route, signIn, body) => {
    const identity = createIdentity()
    const heard = vi.fn()
    identity.onChange(heard)
    await signIn(identity)
    expect(browser.requests).toEqual([{ route, token: null, body }])
    expect(identity.user?.id).toBe('mina')
    expect(heard).toHaveBeenCalledOnce()
  })

  it('asks for a token once, however many calls want one', async () => {
    await guest()
    const reloaded = createIdentity()
    const tokens = await Promise.all([token, token, token].map(reloaded.authorized))
    expect(tokens).toEqual(['token-2', 'token-2', 'token-2'])
    // It says whom it expects: a cookie that somebody else planted signs in nobody.
    expect(browser.requests).toEqual([{ route: REFRESH, token: null, body: { user: 'mina' } }])
  })

  it('asks in one tab after the other', async () => {
    await guest()
    const tabs = [createIdentity(), createIdentity(), createIdentity()]
    await Promise.all(tabs.map((tab) => tab.authorized(token)))
    expect(browser.routes()).toEqual([REFRESH, REFRESH, REFRESH])
    expect(browser.crowd).toBe(1)
  })

  it('renews when two thirds of the token’s life are over, and tells', async () => {
    const identity = await guest()
    const heard = vi.fn()
    identity.onUpdate(heard)
    await vi.advanceTimersByTimeAsync(LIFE_MS * 0.6)
    expect(heard).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(LIFE_MS * 0.1)
    expect(identity.accessToken).toBe('token-2')
    expect(heard).toHaveBeenCalledOnce()
  })

  it('tries again when a renewal in the background fails', async () => {
    const identity = await guest()
    browser.answer(REFRESH, 503, 'unavailable')
    await vi.advanceTimersByTimeAsync(LIFE_MS * 0.7)
    expect(identity.user?.id).toBe('mina')
    browser.answers.clear()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(identity.accessToken).toBe('token-2')
  })

  it.each(['token-expired', 'token-invalid', 'roles-changed'])(
    'calls again with a new token after %s, and only once',
    async (code) => {
      const identity = await guest()
      const call = vi.fn(async () => Promise.reject(refusal(code)))
      await expect(identity.authorized(call)).rejects.toThrow(code)
      expect(call.mock.calls).toEqual([['token-1'], ['token-2']])
      expect(identity.user?.id).toBe('mina')
    },
  )

  it.each([
    ['credentials-invalid', 401],
    ['not-allowed', 403],
    ['unavailable', 503],
  ])('does not call again after %s', async (code, status) => {
    const identity = await guest()
    const call = vi.fn(async () => Promise.reject(refusal(code, status)))
    await expect(identity.authorized(call)).rejects.toThrow(code)
    expect(call).toHaveBeenCalledOnce()
    expect(browser.requests).toEqual([])
  })

  it('becomes an account with the guest’s token: the same reader, with news', async () => {
    const identity = await guest()
    const [changed, updated] = [vi.fn(), vi.fn()]
    identity.onChange(changed)
    identity.onUpdate(updated)
    await identity.register({ username: 'mina', password: 'secretive' })
    expect(browser.requests[0]).toMatchObject({ token: 'token-1' })
    expect(identity.way).toBe('password')
    expect(changed).not.toHaveBeenCalled()
    expect(updated).toHaveBeenCalledOnce()
  })
})

describe('a guest whose cookie is no proof', () => {
  const REGISTER = 'POST /api/auth/register'
  const account = { username: 'mina', password: 'secretive' }

  it('[A5] gets the newest one and asks once more', async () => {
    const identity = await guest()
    let asked = 0
    browser.answers.set(REGISTER, () => {
      if (asked++ === 0) return { status: 403, body: { code: 'proof-needed' } }
      const user = { id: 'mina', name: 'Mina', roles: [] }
      return { status: 201, body: { accessToken: 'of the account', expiresIn: 900, user } }
    })
    await identity.register(account)
    expect(browser.routes()).toEqual([REGISTER, REFRESH, REGISTER])
    expect(browser.requests.map(({ token }) => token)).toEqual(['token-1', null, 'token-2'])
    expect(identity.accessToken).toBe('of the account')
  })

  it('[A5] is told so, when the newest is none either', async () => {
    const identity = await guest()
    browser.answer(REGISTER, 403, 'proof-needed')
    await expect(identity.register(account)).rejects.toThrow('proof-needed')
    expect(browser.routes()).toEqual([REGISTER, REFRESH, REGISTER])
    expect(identity.way).toBe('guest')
  })
})

describe('a page over http, which has no locks', () => {
  beforeEach(() => {
    browser.secure = false
    browser.install()
  })

  it('signs in, renews, and comes back', async () => {
    await guest()
    const reloaded = createIdentity()
    expect(await reloaded.authorized(token)).toBe('token-2')
    await vi.advanceTimersByTimeAsync(LIFE_MS * 0.7)
    expect(reloaded.accessToken).toMatch(/^token-[34]$/)
  })

  it('asks for one thing after the other in a tab, and goes on after a refusal', async () => {
    const identity = createIdentity()
    browser.answer('POST /api/auth/guest', 429, 'too-fast')
    const [first, second] = [identity.signInAsGuest('Mina'), identity.signIn('mina', 'secretive')]
    await expect(first).rejects.toThrow('too-fast')
    await second
    expect(browser.crowd).toBe(1)
    expect(identity.way).toBe('password')
  })

  it('stays signed out where another tab signed out while this one renewed', async () => {
    await guest()
    const one = createIdentity()
    browser.answers.set(REFRESH, () => {
      browser.local.removeItem('stompbox.identity')
      const user = { id: 'mina', name: 'Mina', roles: [] }
      return { status: 200, body: { accessToken: 'late', expiresIn: 900, user } }
    })
    await expect(one.authorized(token)).rejects.toThrow('token-missing')
    expect(one.user).toBeNull()
    expect(createIdentity().user).toBeNull()
  })
})

describe('a server that is busy', () => {
  it('is not asked in the background before it says so, however often the page wakes up', async () => {
    const identity = await guest()
    browser.answers.set(REFRESH, () => ({
      status: 429,
      body: { code: 'too-fast' },
      headers: { 'Retry-After': '90' },
    }))
    await vi.advanceTimersByTimeAsync(LIFE_MS * 0.7)
    expect(browser.routes()).toEqual([REFRESH])
    for (let second = 0; second < 50; second++) {
      identity.renewIfDue()
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(browser.routes()).toEqual([REFRESH])
    browser.answers.clear()
    await vi.advanceTimersByTimeAsync(90_000)
    expect(identity.accessToken).toBe('token-2')
  })
})

describe('not signed in any more', () => {
  it.each([
    ['refresh-missing', 401],
    ['refresh-invalid', 401],
    ['refresh-expired', 401],
    ['refresh-reused', 401],
    ['session-ended', 401],
    ['account-disabled', 403],
  ])(
    'by %s of a refresh: says so, knows the name, and makes no new guest',
    async (code, status) => {
      await guest()
      const reloaded = createIdentity()
      const heard = vi.fn()
      reloaded.onChange(heard)
      browser.answer(REFRESH, status, code)
      await expect(reloaded.authorized(token)).rejects.toThrow(code)
      expect(reloaded.user).toBeNull()
      expect(reloaded.former).toEqual({ code, name: 'Mina', way: 'guest' })
      expect(heard).toHaveBeenCalledOnce()
      expect(browser.routes()).toEqual([REFRESH])
      expect(createIdentity().former?.code).toBe(code)
    },
  )

  it.each([
    ['too-fast', 429],
    ['unavailable', 503],
    ['origin-refused', 403],
    ['internal', 500],
  ])('but not by %s, which is no word about the reader', async (code, status) => {
    await guest()
    const reloaded = createIdentity()
    browser.answer(REFRESH, status, code)
    await expect(reloaded.authorized(token)).rejects.toThrow(code)
    expect(reloaded.user?.id).toBe('mina')
  })

  it.each(['session-ended', 'refresh-reused', 'account-disabled'])(
    'by %s of any call, in every tab',
    async (code) => {
      const [one, other] = [await guest(), createIdentity()]
      await expect(one.authorized(() => Promise.reject(refusal(code)))).rejects.toThrow(code)
      browser.tellTabs()
      for (const tab of [one, other]) expect(tab.former?.code).toBe(code)
      expect(browser.requests).toEqual([])
    },
  )

  it('by a word of the socket; but not when somebody has signed in again meanwhile', async () => {
    const old = await guest()
    await old.end('session-ended')
    expect(old.former?.code).toBe('session-ended')
    await vi.advanceTimersByTimeAsync(1000)
    const late = await guest()
    browser.local.setItem(
      'stompbox.identity',
      JSON.stringify({ user: { id: 'jun', name: 'Jun' }, way: 'guest', since: 7 }),
    )
    await late.end('session-ended')
    expect(late.user?.id).toBe('jun')
    expect(late.accessToken).toBeNull()
  })
})

describe('signing out', () => {
  beforeEach(() => {
    browser.answer('POST /api/auth/logout', 204)
    browser.answer('DELETE /api/auth/sessions', 204)
    browser.local.setItem('stompbox.recent', '[]')
    browser.local.setItem('stompbox.language', 'ko')
  })

  it.each(['signOut', 'signOutEverywhere'] as const)('%s leaves nothing behind', async (way) => {
    const [identity, other] = [await guest(), createIdentity()]
    await identity[way]()
    expect(identity.user).toBeNull()
    expect(identity.accessToken).toBeNull()
    expect(identity.former).toBeNull()
    browser.tellTabs()
    expect(other.user).toBeNull()
    // In each tab: what was not sent is wiped.
    expect(onLeave).toHaveBeenCalledTimes(2)
    expect(Object.keys(browser.local)).toEqual(['stompbox.language'])
  })

  it('is no news, though the socket says that the session was ended', async () => {
    const identity = await guest()
    browser.answers.set('POST /api/auth/logout', () => {
      void identity.end('session-ended')
      return { status: 204 }
    })
    const heard = vi.fn(() => identity.former)
    identity.onChange(heard)
    await identity.signOut()
    expect(heard).toHaveReturnedWith(null)
    expect(heard).toHaveBeenCalledOnce()
  })

  it('is no news in another tab either, whose socket is told first', async () => {
    const [identity, other] = [await guest(), createIdentity()]
    let told: Promise<void> | undefined
    browser.answers.set('POST /api/auth/logout', () => {
      told = other.end('session-ended')
      return { status: 204 }
    })
    const heard = vi.fn(() => other.former)
    other.onChange(heard)
    await identity.signOut()
    await told
    browser.tellTabs()
    expect(heard).toHaveReturnedWith(null)
    expect(heard).toHaveBeenCalledOnce()
    expect(other.user).toBeNull()
  })

  it('has happened when the session was over already', async () => {
    const identity = await guest()
    browser.answer('POST /api/auth/logout', 401, 'token-missing')
    await identity.signOut()
    expect(identity.user).toBeNull()
  })

  it('has not happened when the server could not be asked', async () => {
    const identity = await guest()
    browser.answer('POST /api/auth/logout', 503, 'unavailable')
    await expect(identity.signOut()).rejects.toThrow('unavailable')
    expect(identity.user?.id).toBe('mina')
    await identity.end('session-ended')
    expect(identity.former?.code).toBe('session-ended')
  })

  it('keeps the rooms of a guest whose time was over, and no unsent message', async () => {
    const identity = await guest()
    expect(onLeave).not.toHaveBeenCalled()
    await identity.end('refresh-expired')
    expect(onLeave).toHaveBeenCalledOnce()
    expect(browser.local.getItem('stompbox.recent')).toBe('[]')
  })

  it('keeps no rooms of an account, whoever ended its session', async () => {
    const identity = createIdentity()
    await identity.signIn('mina', 'secretive')
    await identity.end('session-ended')
    expect(browser.local.getItem('stompbox.recent')).toBeNull()
  })

  it('stops a renewal in another tab that waits for its turn', async () => {
    const [identity, other] = [await guest(), createIdentity()]
    const out = identity.signOut()
    await expect(other.authorized(token)).rejects.toThrow('token-missing')
    await out
    expect(browser.routes()).toEqual(['POST /api/auth/logout'])
  })
})
