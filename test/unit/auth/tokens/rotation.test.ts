import { describe, expect, it } from 'vitest'
import { isKeyExpired, type RingKey, rotationIsDue } from '../../../../src/auth/tokens/keys.ts'

const key = (createdAt: number): RingKey => ({ jwk: {}, createdAt })

describe('the key ring', () => {
  it.each([
    ['there is none', [], 0, true],
    ['there is a new one', [key(0)], 99_999, false],
    ['the newest is a lifetime old', [key(0)], 100_000, true],
    ['an older one is, but not the newest', [key(0), key(50_000)], 100_000, false],
  ])('when %s: a new key is due: %4$s', (_when, ring, now, due) => {
    expect(rotationIsDue(ring, 100, now)).toBe(due)
  })

  it.each([
    ['the newest is never', undefined, 1e12, false],
    ['one that was followed just now is not', key(0), 0, false],
    ['one whose last token may still hold is not', key(0), (600 + 930) * 1000 - 1, false],
    ['one whose last token has ended is', key(0), (600 + 930) * 1000, true],
  ])('spent: %s', (_which, next, now, spent) => {
    expect(isKeyExpired(next, 930, now)).toBe(spent)
  })
})
