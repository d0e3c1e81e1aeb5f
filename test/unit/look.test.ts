import { describe, expect, it } from 'vitest'
import { lookOf } from '../../src/look.ts'

describe('the look of a name', () => {
  it.each([
    ['a Cyrillic letter', 'Ann', 'Аnn'],
    ['Greek letters', 'Nikos', 'Νikοs'],
    ['full width', 'Ann', 'Ａｎｎ'],
    ['mathematical letters', 'Ann', '𝐀𝐧𝐧'],
    ['another case', 'Ann', 'ANN'],
    ['another case of a letter that is two', 'Mina', 'mina'],
    ['r and n for m', 'mina', 'rnina'],
    ['a digit', 'Alice0', 'AliceO'],
    ['I for l', 'Paul', 'PauI'],
    ['1 for l', 'Paul', 'Pau1'],
    ['spaces', 'Ann Lee', 'AnnLee'],
    ['another space', 'Ann Lee', 'Ann\u2003Lee'],
    ['a joiner', 'Ann', 'An\u200dn'],
    ['a letter composed or not', 'Zoë', 'Zoe\u0308'],
    ['full stops', 'Ann.Lee', 'Ann\u2024Lee'],
    ['Hangul composed or not', '민아', '민아'.normalize('NFD')],
  ])('is one with %s: %s and %s', (_what, one, other) => {
    expect(lookOf(one)).toBe(lookOf(other))
  })

  it.each([
    ['Ann', 'Anna'],
    ['Zoe', 'Zoë'],
    ['민아', '민서'],
    ['Ann', 'Ben'],
    ['__proto__', 'constructor'],
    ['王芳', '王方'],
  ])('tells %s from %s', (one, other) => {
    expect(lookOf(one)).not.toBe(lookOf(other))
  })
})
