// Who is told what is new in a room, and when: at once, and then seldom (U1, R4).

import { describe, expect, it } from 'vitest'
import {
  MAX_WATCHERS,
  NOTICES_PER_SECOND,
  WATCHER_PERIOD,
} from '../../../src/room/limits/glance-limits.ts'
import { Watchers } from '../../../src/room/unread/watchers.ts'

const NOW = Date.UTC(2026, 10, 21)
const people = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`)

/** Who is told at that time. */
const told = (watchers: Watchers, now: number, most = 99) =>
  watchers.take(now, most).map(({ personId }) => personId)

describe('[U1] whoever watches a room', () => {
  it('is told at once, and then once in a period', () => {
    const watchers = new Watchers(['ann', 'bob'])
    expect([told(watchers, NOW), watchers.nextAt(NOW)]).toEqual([[], undefined])
    watchers.note('ann')
    watchers.note('ann')
    watchers.note('eve')
    expect(told(watchers, NOW)).toEqual(['ann'])
    expect(watchers.nextAt(NOW)).toBeUndefined()
    watchers.noteAll()
    expect(told(watchers, NOW + 1)).toEqual(['bob'])
    expect(watchers.nextAt(NOW + 1)).toBe(NOW + WATCHER_PERIOD)
    expect(told(watchers, NOW + WATCHER_PERIOD - 1)).toEqual([])
    expect(told(watchers, NOW + WATCHER_PERIOD)).toEqual(['ann'])
    expect(watchers.nextAt(NOW + WATCHER_PERIOD)).toBeUndefined()
  })

  it('waits no longer where they watch no more', () => {
    const watchers = new Watchers(['ann'])
    watchers.note('ann')
    watchers.remove('ann')
    expect([watchers.size, told(watchers, NOW), watchers.nextAt(NOW)]).toEqual([0, [], undefined])
  })

  it('is not forgotten by the answer to a notice from before they watched anew', () => {
    const watchers = new Watchers(['ann'])
    watchers.note('ann')
    const [before] = watchers.take(NOW, 1)
    watchers.add('ann')
    watchers.remove('ann', before)
    expect(watchers.size).toBe(1)
    // They are told no more often for that.
    watchers.note('ann')
    expect(told(watchers, NOW + 1)).toEqual([])
    const [again] = watchers.take(NOW + WATCHER_PERIOD, 1)
    watchers.remove('ann', again)
    expect(watchers.size).toBe(0)
  })

  it('is kept where somebody has come or gone', () => {
    const watchers = new Watchers(['ann'])
    watchers.add('ann')
    watchers.remove('nobody')
    watchers.note('ann')
    told(watchers, NOW)
    expect(watchers.takeUnkept()).toBeUndefined()
    watchers.add('bob')
    watchers.remove('ann')
    expect([watchers.takeUnkept(), watchers.takeUnkept()]).toEqual([['bob'], undefined])
  })

  it('is kept with what the log says of them, and nobody else is', () => {
    const watchers = new Watchers(['ann', ['bob', 7, 0]])
    expect([watchers.recall('ann'), watchers.recall('bob')]).toEqual([
      undefined,
      { after: 7, seq: 0 },
    ])
    watchers.remember('eve', { after: 1, seq: 2 })
    expect(watchers.takeUnkept()).toBeUndefined()
    watchers.remember('ann', { after: 3, seq: 9 })
    const kept = [
      ['ann', 3, 9],
      ['bob', 7, 0],
    ] as const
    expect(watchers.takeUnkept()).toEqual(kept)
    expect(new Watchers(kept).recall('ann')).toEqual({ after: 3, seq: 9 })
    watchers.add('eve')
    expect(watchers.takeUnkept()).toEqual([...kept, ['eve', 1, 2]])
  })

  it('waits no longer than a period where the clock goes back', () => {
    const watchers = new Watchers(['ann', 'bob'])
    watchers.noteAll()
    expect(told(watchers, NOW, 1)).toEqual(['ann'])
    const back = NOW - 3_600_000
    watchers.noteAll()
    expect(watchers.nextAt(back)).toBeLessThanOrEqual(back + WATCHER_PERIOD)
    expect(told(watchers, back)).toEqual(['bob', 'ann'])
  })
})

describe('[R4] those who watch a room', () => {
  it('are told so many in a second, in the order in which something was new for them', () => {
    const watchers = new Watchers(people(50))
    watchers.note('p7')
    watchers.noteAll()
    const all = ['p7', ...people(50).filter((id) => id !== 'p7')]
    const given: [at: number, personId: string][] = []
    let now = NOW
    for (let at: number | undefined = now; at !== undefined; at = watchers.nextAt(now)) {
      now = Math.max(now, at)
      given.push(...told(watchers, now).map((id) => [now, id] as [number, string]))
    }
    expect(given.map(([, id]) => id)).toEqual(all)
    expect(given.filter(([at]) => at === NOW)).toHaveLength(NOTICES_PER_SECOND)
    expect(now).toBe(NOW + 2000)
  })

  it('are told so many in any second, however the news come', () => {
    const watchers = new Watchers(people(300))
    const times: number[] = []
    for (let now = NOW; now < NOW + 20_000; now += 70) {
      watchers.note(`p${now % 300}`)
      watchers.note(`p${(now * 7) % 300}`)
      if (now % 3 === 0) watchers.noteAll()
      times.push(...told(watchers, now, 7).map(() => now))
    }
    for (const [n, at] of times.entries()) {
      const other = times[n + NOTICES_PER_SECOND]
      if (other !== undefined) expect(other - at).toBeGreaterThanOrEqual(1000)
    }
    expect(times.length).toBeGreaterThan(19 * NOTICES_PER_SECOND)
  })

  it('wait where too many are being told', () => {
    const watchers = new Watchers(people(5))
    watchers.noteAll()
    expect([told(watchers, NOW, 0), told(watchers, NOW, 2)]).toEqual([[], ['p0', 'p1']])
    expect(watchers.nextAt(NOW)).toBe(NOW)
    expect(told(watchers, NOW, 9)).toEqual(['p2', 'p3', 'p4'])
  })

  it('[R5] are bounded: who has watched longest makes room', () => {
    const watchers = new Watchers(people(MAX_WATCHERS))
    watchers.add('p0')
    watchers.add('new')
    const kept = watchers.takeUnkept() ?? []
    expect(kept).toHaveLength(MAX_WATCHERS)
    expect([kept[0], ...kept.slice(-2)]).toEqual(['p2', 'p0', 'new'])
  })

  it('cost little while all of them wait', () => {
    const watchers = new Watchers(people(MAX_WATCHERS))
    watchers.noteAll()
    const begin = performance.now()
    for (let n = 0; n < 100_000; n++) {
      watchers.noteAll()
      watchers.take(NOW, 20)
      watchers.nextAt(NOW)
    }
    expect(performance.now() - begin).toBeLessThan(3000)
  })
})
