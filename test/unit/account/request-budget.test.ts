import { describe, expect, it } from 'vitest'
import { burstOf, RequestBudget } from '../../../src/account/request-budget.ts'

const NOW = 1_800_000_000_000

describe('[R5] the requests of one person', () => {
  it('are so many at once, and then as fast as the minute allows', () => {
    const budget = new RequestBudget(600)
    const granted = (at: number, requests: number) =>
      Array.from({ length: requests }, () => budget.take(1, at)).filter((wait) => wait === 0).length
    expect(granted(NOW, 300)).toBe(100)
    expect(granted(NOW + 1000, 300)).toBe(10)
    let inTheMinute = 0
    for (let second = 2; second < 62; second++) inTheMinute += granted(NOW + second * 1000, 300)
    expect(inTheMinute).toBe(600)
  })

  it('are told when to come back, and then are granted', () => {
    const budget = new RequestBudget(600)
    budget.take(100, NOW)
    expect(budget.take(20, NOW)).toBe(2)
    expect(budget.take(20, NOW + 1000)).toBe(1)
    expect(budget.take(20, NOW + 2000)).toBe(0)
  })

  it('take nothing where they are refused', () => {
    const budget = new RequestBudget(600)
    budget.take(95, NOW)
    for (let n = 0; n < 1000; n++) expect(budget.take(20, NOW)).toBeGreaterThan(0)
    expect(budget.take(5, NOW)).toBe(0)
  })

  it('[H1] are full again by the time that an idle object is evicted', () => {
    const budget = new RequestBudget(600)
    budget.take(burstOf(600), NOW)
    expect(budget.take(burstOf(600), NOW + 10_000)).toBe(0)
  })

  it('are no more when the clock goes back', () => {
    const budget = new RequestBudget(600)
    budget.take(100, NOW)
    expect(budget.take(1, NOW - 60_000)).toBeGreaterThan(0)
  })
})
