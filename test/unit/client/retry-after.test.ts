// The reference client and a server that says after how long to come back.

import { beforeEach, describe, expect, it } from 'vitest'
import { ClientWorld } from '../../support/client-world.ts'
import { settled } from '../../support/manual-clock.ts'

let world: ClientWorld
let asked: number

beforeEach(() => {
  world = new ClientWorld()
  asked = 0
})

/** How long the client waits now. */
function wait(): number {
  const state = world.states.at(-1)
  return state?.phase === 'waiting' ? state.until - world.clock.now() : -1
}

/** The first ticket is refused, for so many seconds. */
async function refused(retryAfter: number, status = 429) {
  world.ticket = () => {
    if (asked++ === 0)
      throw Object.assign(new Error('busy'), { status, code: 'too-fast', retryAfter })
  }
  const client = await world.start()
  expect(asked).toBe(1)
  return client
}

describe('Retry-After', () => {
  it.each([429, 503, 500])('is waited out after %i, with a little more', async (status) => {
    await refused(120, status)
    expect(wait()).toBe(120_500)
    await world.pass(120_499)
    expect(asked).toBe(1)
    await world.pass(1)
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('makes no wait shorter', async () => {
    await refused(1)
    expect(wait()).toBe(7500)
  })

  it('is believed for ten minutes at most', async () => {
    await refused(86_400)
    expect(wait()).toBe(600_500)
  })

  it('of a renewal is waited out, too', async () => {
    const busy = Object.assign(new Error('busy'), { status: 429, code: 'too-fast', retryAfter: 60 })
    const accessToken = async () => {
      if (asked++ === 0) throw busy
      return 'token'
    }
    await world.start({ session: { accessToken } })
    expect(wait()).toBe(60_500)
  })

  it('is not cut short by a look after a sleep, nor by a network that comes back', async () => {
    const client = await refused(120)
    client.probe()
    await settled()
    world.goOffline()
    world.goOnline()
    await world.pass(100_000)
    expect(asked).toBe(1)
    await world.pass(20_500)
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('is not forgotten while there is no network', async () => {
    world.online = false
    world.ticket = () => {
      if (asked++ === 0)
        throw Object.assign(new Error(), { status: 429, code: 'too-fast', retryAfter: 120 })
    }
    await world.start()
    world.goOnline()
    await settled()
    world.online = false
    await world.pass(60_000)
    world.goOnline()
    await world.pass(59_000)
    expect(asked).toBe(1)
    await world.pass(31_500)
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('is not waited for by somebody in a hurry', async () => {
    const client = await refused(120)
    client.hurry()
    await settled()
    expect(world.phases.at(-1)).toBe('connected')
  })

  it('leaves no timer behind a client that is stopped', async () => {
    const client = await refused(120)
    await client.stop()
    await settled()
    expect(world.clock.timers).toBe(0)
    await world.pass(600_000)
    expect(asked).toBe(1)
  })
})
