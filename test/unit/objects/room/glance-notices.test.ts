// What a room tells the accounts that watch it: whom it calls, how often, and what an answer means.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RoomGlance } from '../../../../src/contract.ts'
import { GlanceNotices } from '../../../../src/objects/room/glance-notices.ts'
import { Meter } from '../../../../src/objects/room/usage/meter.ts'
import {
  NOTICES_AT_ONCE,
  NOTICES_PER_SECOND,
  WATCHER_PERIOD,
} from '../../../../src/room/limits/glance-limits.ts'
import { Watchers } from '../../../../src/room/unread/watchers.ts'

const NOW = Date.UTC(2026, 10, 21)
const people = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`)

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A room with watchers, whose head is what it tells; `answer` is what accounts say. */
function setUp(watching: readonly string[]) {
  const calls: { at: number; personId: string; head: number }[] = []
  const watchers = new Watchers(watching)
  const world = {
    head: 0,
    calls,
    watchers,
    strangers: new Set<string>(),
    turns: { closed: false },
    timers: () => vi.getTimerCount(),
    /** How many pieces of work ended with nothing else under way. */
    rests: 0,
    answer: async (_personId: string): Promise<'online' | 'offline'> => 'online',
    /** A turn, in which something is new for these. */
    turn: (...personIds: string[]) =>
      meter.request(() => {
        world.head++
        if (personIds.length === 0) watchers.noteAll()
        else for (const personId of personIds) watchers.note(personId)
      }),
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    told: () => calls.splice(0).map(({ personId }) => personId),
  }
  const glanceOf = (personId: string) =>
    world.strangers.has(personId) ? undefined : ({ head: world.head } as RoomGlance)
  const room = { turns: world.turns, room: { watchers, glanceOf } }
  const meter: Meter = new Meter((quiet) => {
    if (quiet) world.rests++
    notices.onIdle(room)
  })
  const accounts = {
    idFromName: (name: string) => name as unknown as DurableObjectId,
    get: (id: unknown) => ({
      roomNews: ({ head }: RoomGlance) => {
        calls.push({ at: Date.now() - NOW, personId: String(id), head })
        return world.answer(String(id))
      },
    }),
  }
  const notices = new GlanceNotices(accounts, meter)
  return world
}

describe('[U1] a notice', () => {
  it('comes at once, and what is new meanwhile comes together at the end of a period', async () => {
    const { turn, pass, calls, timers } = setUp(['ann', 'bob'])
    turn()
    expect(calls).toMatchObject([
      { at: 0, personId: 'ann', head: 1 },
      { at: 0, personId: 'bob', head: 1 },
    ])
    await pass(1000)
    expect(timers()).toBe(0)
    for (let n = 0; n < 50; n++) turn()
    turn('ann')
    await pass(20_000)
    expect(calls.slice(2)).toMatchObject([
      { at: WATCHER_PERIOD, personId: 'ann', head: 52 },
      { at: WATCHER_PERIOD, personId: 'bob', head: 52 },
    ])
    expect(calls).toHaveLength(4)
    expect(timers()).toBe(0)
  })

  it('goes to nobody whose list is closed, until they watch anew', async () => {
    const world = setUp(['ann', 'bob'])
    world.answer = async (personId) => (personId === 'ann' ? 'offline' : 'online')
    world.turn()
    await world.pass(0)
    expect(world.watchers.takeUnkept()).toEqual(['bob'])
    world.turn()
    await world.pass(WATCHER_PERIOD)
    expect(world.told()).toEqual(['ann', 'bob', 'bob'])
    world.watchers.add('ann')
    world.turn('ann')
    expect(world.told()).toEqual(['ann'])
  })

  it('that finds nobody who watches does not end a list that was opened meanwhile', async () => {
    const world = setUp(['ann'])
    let answer = (_: 'offline') => {}
    world.answer = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    world.turn()
    world.watchers.add('ann')
    answer('offline')
    await world.pass(0)
    expect(world.watchers.size).toBe(1)
  })

  it('is lost where an account cannot be reached, and the next one comes', async () => {
    const world = setUp(['ann', 'bob'])
    world.answer = async (personId) => {
      if (personId === 'ann') throw new Error('no such object')
      return new Promise(() => {})
    }
    world.turn()
    await world.pass(0)
    expect(console.error).toHaveBeenCalledWith(new Error('no such object'))
    await world.pass(60_000)
    expect([world.told(), world.timers()]).toEqual([['ann', 'bob'], 0])
    world.turn()
    expect(world.told()).toEqual(['ann', 'bob'])
  })

  it('[M2] goes to nobody who is no member', async () => {
    const world = setUp(['ann', 'bob'])
    world.strangers.add('ann')
    world.turn()
    await world.pass(0)
    expect([world.told(), world.watchers.takeUnkept()]).toEqual([['bob'], ['bob']])
  })
})

describe('[R4] notices', () => {
  it('are so many at once, and the next begins when one is answered', async () => {
    const world = setUp(people(NOTICES_AT_ONCE + 10))
    const answers: (() => void)[] = []
    world.answer = () => new Promise((resolve) => answers.push(() => resolve('online')))
    world.turn()
    expect(world.told()).toHaveLength(NOTICES_AT_ONCE)
    await world.pass(2000)
    expect(world.told()).toEqual([])
    answers[7]?.()
    await world.pass(0)
    expect(world.told()).toEqual([`p${NOTICES_AT_ONCE}`])
  })

  it('to 200 accounts are so many in a second, and one in a period for each', async () => {
    const world = setUp(people(200))
    for (let n = 0; n < 600; n++) {
      world.turn()
      await world.pass(100)
    }
    const { calls } = world
    for (const [n, { at }] of calls.entries()) {
      const other = calls[n + NOTICES_PER_SECOND]
      if (other) expect(other.at - at).toBeGreaterThanOrEqual(1000)
    }
    expect(calls.length).toBeGreaterThan(59 * NOTICES_PER_SECOND)
    const counts = people(200).map((id) => calls.filter(({ personId }) => personId === id).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    await world.pass(20_000)
    expect(world.timers()).toBe(0)
  })
})

describe('[H2] a room', () => {
  it('that nobody watches has no timer, and calls nobody', async () => {
    const world = setUp([])
    world.turn()
    world.turn('ann')
    expect([world.timers(), world.rests, world.told()]).toEqual([0, 2, []])
  })

  it('that was deleted has no timer, and calls nobody', async () => {
    const world = setUp(['ann'])
    world.turn()
    await world.pass(0)
    world.turn()
    expect([world.timers(), world.told()]).toEqual([1, ['ann']])
    world.turns.closed = true
    world.turn()
    expect(world.timers()).toBe(0)
    await world.pass(60_000)
    expect(world.told()).toEqual([])
  })

  it('is not at rest while somebody waits, and is when all are told', async () => {
    const world = setUp(['ann'])
    world.turn()
    await world.pass(0)
    world.turn()
    const { rests } = world
    await world.pass(WATCHER_PERIOD - 1)
    world.turn()
    expect(world.rests).toBe(rests)
    await world.pass(1)
    expect(world.rests).toBe(rests + 1)
    expect(world.told()).toEqual(['ann', 'ann'])
  })

  it('has one timer at most, however much is new', async () => {
    const world = setUp(people(40))
    let most = 0
    for (let n = 0; n < 300; n++) {
      world.turn(`p${n % 40}`, `p${(n * 7) % 40}`)
      // Until the calls are answered: each has a deadline.
      await world.pass(33)
      most = Math.max(most, world.timers())
    }
    expect(most).toBe(1)
  })
})
