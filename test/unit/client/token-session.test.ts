// The reference client's token session: the token there is, the next one in time, and one renewal
// however many ask.

import { describe, expect, it } from 'vitest'
import { createTokenSession, type Grant } from '../../../src/client/token-session.ts'

const LIFE_S = 900

const grant = (number: number): Grant => ({
  accessToken: `access-${number}`,
  refreshToken: `refresh-${number}`,
  expiresIn: LIFE_S,
  user: { id: 'ada', name: 'Ada' },
})

/** A session, its clock in seconds, and what it was renewed with. */
function begin(refused: (number: number) => unknown = () => undefined) {
  const world = { now: 0, shown: [] as (string | undefined)[], kept: [] as Grant[] }
  const session = createTokenSession({
    grant: grant(1),
    refresh: async ({ refreshToken }) => {
      world.shown.push(refreshToken)
      const error = refused(world.shown.length)
      if (error) throw error
      return grant(world.shown.length + 1)
    },
    onGrant: (next) => void world.kept.push(next),
    now: () => world.now * 1000,
  })
  return { world, session }
}

const refusal = (status: number) => Object.assign(new Error('no'), { status, code: 'no' })

describe('a token session', () => {
  it('gives the token of its grant for two thirds of its life', async () => {
    const { world, session } = begin()
    world.now = 599.9
    expect(await session.accessToken()).toBe('access-1')
    expect(session.expiresAt()).toBe(LIFE_S * 1000)
    world.now = 600
    expect(await session.accessToken()).toBe('access-2')
    expect(session.expiresAt()).toBe(1500 * 1000)
    expect(session.grant).toEqual(grant(2))
    expect(world.kept).toEqual([grant(2)])
    world.now = 1200
    expect(await session.accessToken()).toBe('access-3')
    expect(world.shown).toEqual(['refresh-1', 'refresh-2'])
  })

  it('renews once, however many ask', async () => {
    const { world, session } = begin()
    world.now = 700
    const tokens = await Promise.all([session.accessToken(), session.accessToken()])
    expect(tokens).toEqual(['access-2', 'access-2'])
    expect(world.shown).toEqual(['refresh-1'])
  })

  it('renews when its token was refused, and not when an older one was', async () => {
    const { world, session } = begin()
    session.refused?.('token-expired', 'access-0')
    expect(await session.accessToken()).toBe('access-1')
    session.refused?.('roles-changed', 'access-1')
    expect(await session.accessToken()).toBe('access-2')
    expect(await session.accessToken()).toBe('access-2')
    expect(world.shown).toHaveLength(1)
  })

  it('goes on with a living token while it cannot renew', async () => {
    const { world, session } = begin((number) =>
      number < 3 ? new TypeError('no network') : undefined,
    )
    world.now = 700
    expect(await session.accessToken()).toBe('access-1')
    world.now = 900
    await expect(session.accessToken()).rejects.toThrow('no network')
    expect(await session.accessToken()).toBe('access-4')
  })

  it('asks no more for as long as the server says, however many ask for a token', async () => {
    const busy = Object.assign(refusal(429), { retryAfter: 30 })
    const { world, session } = begin((number) => (number === 1 ? busy : undefined))
    world.now = 700
    for (let second = 0; second < 30; second++) {
      expect(await session.accessToken()).toBe('access-1')
      world.now++
    }
    expect(world.shown).toHaveLength(1)
    expect(await session.accessToken()).toBe('access-3')
  })

  it('fails with the same word meanwhile, where its token has ended', async () => {
    const busy = Object.assign(refusal(429), { retryAfter: 86_400 })
    const { world, session } = begin((number) => (number === 1 ? busy : undefined))
    world.now = 900
    await expect(session.accessToken()).rejects.toBe(busy)
    await expect(session.accessToken()).rejects.toBe(busy)
    expect(world.shown).toHaveLength(1)
    // Ten minutes are the most that a server is believed.
    world.now = 1500
    expect(await session.accessToken()).toBe('access-3')
  })

  it.each([401, 403])('is over where the renewal is refused with %i', async (status) => {
    const { world, session } = begin(() => refusal(status))
    world.now = 700
    await expect(session.accessToken()).rejects.toMatchObject({ status })
  })

  it('has no token where the one it has was refused and there is no other', async () => {
    const { session } = begin(() => refusal(500))
    session.refused?.('token-invalid', 'access-1')
    await expect(session.accessToken()).rejects.toMatchObject({ status: 500 })
  })
})
