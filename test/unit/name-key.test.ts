import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameKey } from '../../src/name-key.ts'

describe('the key of a name', () => {
  it.each([
    ['Ann', 'aNN'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδοσ', 'οδος'],
    ['École', 'E\u0301COLE'],
    // Hangul, composed and decomposed.
    ['한글', '\u1112\u1161\u11ab\u1100\u1173\u11af'],
    ['ﬁnch', 'FINCH'],
  ])('is the same for %s and %s', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other))
  })

  it.each([
    ['Σασα', 'ΣΑΣ'],
    ['한국', '한'],
    ['Straße', 'strass'],
  ])('of %s begins with that of %s', (name, prefix) => {
    expect(nameKey(name).startsWith(nameKey(prefix))).toBe(true)
  })

  it('of a key is the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(nameKey(nameKey(name))).toBe(nameKey(name))
      }),
    )
  })
})
