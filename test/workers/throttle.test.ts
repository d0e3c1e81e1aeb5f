import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { nanoid } from 'nanoid'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FREE_PER_ADDRESS } from '../../src/auth/passwords/failure-delay.ts'
import { alarmOf, evict, objects, outcome, tables, wait } from '../support/person-in-workerd.ts'

afterEach(() => void vi.useRealTimers())

const HOUR = 3_600_000

/** An address from which nothing was attempted: what is stored of others outlives a test file. */
function newAddress() {
  const address = nanoid()
  const stub = env.THROTTLE.get(env.THROTTLE.idFromName(address))
  return { throttle: objects.throttle(address), stub }
}

type Throttle = ReturnType<typeof newAddress>['throttle']

async function fail(throttle: Throttle, times: number): Promise<void> {
  for (let n = 0; n < times; n++) expect(outcome(await throttle.attempt())).toBe('granted')
}

describe('the failures of an address', () => {
  it('are free a hundred times, then cost a second, two, four …', async () => {
    const { throttle } = newAddress()
    wait(0)
    await fail(throttle, FREE_PER_ADDRESS)
    for (const seconds of [1, 2, 4]) {
      expect(await throttle.attempt()).toEqual({ refused: 'sign-in-delayed', retryAfter: seconds })
      wait(seconds * 1000)
      await fail(throttle, 1)
    }
  })

  it('are those of one address', async () => {
    await fail(newAddress().throttle, FREE_PER_ADDRESS)
    await fail(newAddress().throttle, 1)
  })

  it('at the same time are counted', async () => {
    const { throttle } = newAddress()
    const answers = await Promise.all(
      Array.from({ length: 2 * FREE_PER_ADDRESS }, () => throttle.attempt()),
    )
    expect(answers.map(outcome).filter((code) => code === 'granted')).toHaveLength(FREE_PER_ADDRESS)
  })

  it('do not count what succeeded, but are not undone by it', async () => {
    const { throttle } = newAddress()
    await fail(throttle, FREE_PER_ADDRESS - 1)
    for (let n = 0; n < 10; n++) {
      await fail(throttle, 1)
      await throttle.succeeded()
    }
    await fail(throttle, 1)
    expect(outcome(await throttle.attempt())).toBe('sign-in-delayed')
  })

  it('survive an eviction', async () => {
    const { throttle, stub } = newAddress()
    await fail(throttle, FREE_PER_ADDRESS / 2)
    await evict(stub)
    await fail(throttle, FREE_PER_ADDRESS / 2)
    await evict(stub)
    expect(outcome(await throttle.attempt())).toBe('sign-in-delayed')
  })

  it('are forgotten an hour after the last, wholly', async () => {
    const { throttle, stub } = newAddress()
    await fail(throttle, FREE_PER_ADDRESS)
    wait(HOUR / 2)
    await runDurableObjectAlarm(stub)
    expect(outcome(await throttle.attempt())).toBe('granted')
    expect(await alarmOf(stub)).not.toBeNull()
    wait(HOUR)
    await runDurableObjectAlarm(stub)
    expect(await tables(stub)).toEqual([])
    expect(await alarmOf(stub)).toBeNull()
    await fail(throttle, FREE_PER_ADDRESS)
  })

  it('[R5] are cleaned up an hour after the first, whatever follows', async () => {
    const { throttle, stub } = newAddress()
    wait(0)
    const due = Date.now() + HOUR
    for (let n = 0; n < 4; n++) {
      await fail(throttle, 1)
      await evict(stub)
      expect(await alarmOf(stub)).toBe(due)
      wait(HOUR / 4)
    }
    await runDurableObjectAlarm(stub)
    expect(await alarmOf(stub)).toBe(due + (HOUR * 3) / 4)
  })

  it('are nothing where nothing was attempted', async () => {
    const { throttle, stub } = newAddress()
    await throttle.succeeded()
    expect(await tables(stub)).toEqual([])
  })
})
