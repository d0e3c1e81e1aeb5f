import { describe, expect, it } from 'vitest'
import {
  delayOf,
  type Failures,
  FREE_PER_ADDRESS,
  FREE_PER_SOURCE,
  forgottenAt,
  NO_FAILURES,
  withFailure,
  withoutFailure,
} from '../../../../src/auth/passwords/failure-delay.ts'

const NOW = 1_795_000_000_000

/** So many failures, the last of them now. */
function failures(count: number): Failures {
  let all = NO_FAILURES
  for (let n = 0; n < count; n++) all = withFailure(all, NOW)
  return all
}

describe('failures to sign in', () => {
  it.each([
    [0, 0],
    [4, 0],
    [5, 1],
    [6, 2],
    [7, 4],
    [8, 8],
    [9, 16],
    [10, 32],
    [11, 64],
    [12, 128],
    [13, 256],
    [14, 300],
    [15, 300],
    [2000, 300],
  ])('%d of an account: %d seconds to wait', (count, seconds) => {
    expect(delayOf(failures(count), FREE_PER_SOURCE, NOW)).toBe(seconds * 1000)
  })

  it.each([
    [99, 0],
    [100, 1],
    [101, 2],
    [108, 256],
    [109, 300],
  ])('%d of an address: %d seconds to wait', (count, seconds) => {
    expect(delayOf(failures(count), FREE_PER_ADDRESS, NOW)).toBe(seconds * 1000)
  })

  it.each([
    [0, 4000],
    [1, 3999],
    [3999, 1],
    [4000, 0],
    [60_000, 0],
  ])('wait from the last one on: %d ms later, %d ms', (later, wait) => {
    expect(delayOf(failures(7), FREE_PER_SOURCE, NOW + later)).toBe(wait)
  })

  it('go on where they were, as long as they are not forgotten', () => {
    expect(withFailure(failures(9), NOW + 3_599_999)).toEqual({
      count: 10,
      lastAt: NOW + 3_599_999,
    })
  })

  it('are forgotten an hour after the last', () => {
    expect(forgottenAt(failures(9))).toBe(NOW + 3_600_000)
    expect(withFailure(failures(9), NOW + 3_600_000)).toEqual({ count: 1, lastAt: NOW + 3_600_000 })
    expect(delayOf({ count: 9, lastAt: NOW }, FREE_PER_SOURCE, NOW + 3_600_000)).toBe(0)
  })

  it('are one fewer when one is taken back, and none in the end', () => {
    expect(withoutFailure(failures(3))).toEqual(failures(2))
    expect(withoutFailure(failures(1))).toEqual(NO_FAILURES)
    expect(withoutFailure(NO_FAILURES)).toEqual(NO_FAILURES)
  })
})
