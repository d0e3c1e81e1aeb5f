import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { nearDay } from '../../../src/page/view/base/calendar.ts'

describe('days where clocks are changed', () => {
  beforeAll(() => void vi.stubEnv('TZ', 'America/New_York'))
  afterAll(() => void vi.unstubAllEnvs())

  it.each([
    // 2026-11-01 has 25 hours: 24 hours before 23:30 it is 00:30 of the same day.
    ['2026-11-01T00:10:00', '2026-11-01T23:30:00', 'today'],
    ['2026-10-31T12:00:00', '2026-11-01T23:30:00', 'yesterday'],
    ['2026-11-01T12:00:00', '2026-11-02T00:30:00', 'yesterday'],
    // 2026-03-08 has 23 hours: 24 hours before 00:30 of the 9th it is 23:30 of the 7th.
    ['2026-03-08T12:00:00', '2026-03-09T00:30:00', 'yesterday'],
    ['2026-03-07T23:45:00', '2026-03-09T00:30:00', undefined],
    ['2025-12-31T12:00:00', '2026-01-01T00:30:00', 'yesterday'],
    ['2026-01-02T12:00:00', '2026-01-01T00:30:00', undefined],
  ])('%s, at %s, is %s', (at, now, near) => {
    expect(nearDay(new Date(at), new Date(now))).toBe(near)
  })
})
