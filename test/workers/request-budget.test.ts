import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { burstOf } from '../../src/account/request-budget.ts'
import { readConfig } from '../../src/config.ts'
import {
  ACCOUNT,
  auditLines,
  bearerOf,
  evict,
  granted,
  outcome,
  person,
  wait,
} from '../support/person-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'

const BURST = burstOf(readConfig(env).requestsPerMinute)

beforeEach(() => {
  auditLines()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Somebody signed in. */
async function ann() {
  const { account, stub } = person()
  const bearer = bearerOf(granted(await account.signIn(ACCOUNT)))
  return { account, stub, bearer }
}

describe('[R5] the requests of one person', () => {
  it('are counted exactly, by what each costs, whatever they ask', async () => {
    const { account, bearer } = await ann()
    expect(await account.check(bearer, BURST - 3)).toEqual({ value: null })
    expect(await account.enter(bearer, 'room', 'e', 2)).toEqual({ value: null })
    expect(outcome(await account.check(bearer, 2))).toBe('too-fast')
    expect(outcome(await account.check(bearer))).toBe('granted')
    expect(await account.check(bearer)).toMatchObject({
      refused: 'too-fast',
      retryAfter: expect.closeTo(10 / BURST, 6),
    })
    wait(10_000)
    expect(outcome(await account.check(bearer, BURST))).toBe('granted')
  })

  it('beyond the limit read and write no more than others, and note no room', async () => {
    const { account, stub, bearer } = await ann()
    await account.check(bearer, BURST)
    const rows = await rowsOf(stub, async () => {
      for (let n = 0; n < 50; n++) {
        expect(outcome(await account.check(bearer))).toBe('too-fast')
        expect(outcome(await account.enter(bearer, `room${n}`, 'e'))).toBe('too-fast')
      }
    })
    expect(rows.written).toBe(0)
  })

  it('with a token that holds no more are told so, however many they are', async () => {
    const { account, bearer } = await ann()
    await account.check(bearer, BURST)
    await account.end(bearer)
    expect(outcome(await account.check(bearer))).toBe('session-ended')
  })

  it('of another person are their own', async () => {
    const [one, other] = [await ann(), await ann()]
    await one.account.check(one.bearer, BURST)
    expect(outcome(await one.account.check(one.bearer))).toBe('too-fast')
    expect(outcome(await other.account.check(other.bearer, BURST))).toBe('granted')
  })

  it.each([false, true])(
    '[H1] renew only what they may, and use up no token; evicted: %s',
    async (evicted) => {
      const { account, stub } = person()
      const { refreshToken } = granted(await account.signIn(ACCOUNT))
      if (evicted) await evict(stub)
      const { sessionId, version } = granted(await account.refresh(refreshToken, undefined))
      const bearer = { sessionId, version, federated: false, expiresAt: 0 }
      await account.check(bearer, BURST - 1)
      const rows = await rowsOf(stub, async () => {
        for (let n = 0; n < 20; n++) {
          const answer = await account.refresh(refreshToken, undefined, 5)
          expect(answer).toMatchObject({ refused: 'too-fast', retryAfter: expect.any(Number) })
        }
      })
      expect(rows.written).toBe(0)
      wait(10_000)
      if (evicted) await evict(stub)
      // The answer that was lost is given again: within its minute, the token is good.
      expect(outcome(await account.refresh(refreshToken, undefined, 5))).toBe('granted')
    },
  )

  it('of a trusted issuer’s person are counted too', async () => {
    const { account } = person('shop:ann')
    const bearer = { ...{ sessionId: 's', version: 0, federated: true }, expiresAt: Date.now() }
    await account.check(bearer, BURST)
    expect(outcome(await account.check(bearer))).toBe('too-fast')
  })

  it('[H1] are forgotten with the object, which was idle until all of them were free again', async () => {
    const { account, stub, bearer } = await ann()
    await account.check(bearer, BURST)
    wait(10_000)
    await evict(stub)
    expect(outcome(await account.check(bearer, BURST))).toBe('granted')
    expect(outcome(await account.check(bearer))).toBe('too-fast')
  })
})
