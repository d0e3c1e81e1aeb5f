import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { displayName } from '../../../src/auth/display-name.ts'
import { displayName as asked } from '../../../src/gateway/http/input.ts'

const FAMILY = '👨‍👩‍👧'

describe('a name that somebody else gave', () => {
  it.each([
    [['Ann'], 'Ann'],
    [['  Ann\n Lee\u2028'], 'Ann Lee'],
    [['앤'.normalize('NFD')], '앤'],
    [['A\u200bn\u202en\ufeff'], 'Ann'],
    [['e\u200b\u0301'], 'é'],
    [[FAMILY], FAMILY],
    [['\ud800x\udfff'], 'x'],
    [['x'.repeat(41)], 'x'.repeat(40)],
    [['👍'.repeat(41)], '👍'.repeat(40)],
    [[`${'x'.repeat(39)} y`], 'x'.repeat(39)],
    [[FAMILY.repeat(40)], FAMILY.repeat(20)],
    [[undefined, 'ann'], 'ann'],
    [[7, { name: 'Ann' }, 'ann'], 'ann'],
    [['', 'ann'], 'ann'],
    [['\u3164\u2800 ', 'ann'], 'ann'],
    [['\u200d\u200c', 'ann'], 'ann'],
    [[`a${'\u0301'.repeat(200)}`, 'ann'], 'á'],
    [['n\u0303\u200d\u0303', 'ann'], 'ñ'],
    [['x\u0300\u0301\u0302\u0303\u0304y'], 'x\u0300\u0301\u0302\u0303y'],
    [['Nguyễn'.normalize('NFD')], 'Nguyễn'],
    [['\0', '\u0301'], 'user'],
    [[], 'user'],
  ])('of %j is %j', (texts, name) => {
    expect(displayName(...texts)).toBe(name)
  })

  it('is always one that could have been chosen', () => {
    const name = asked(40)
    const text = fc.array(fc.oneof(ANY, SPECIAL), LENGTH).map((signs) => signs.join(''))
    fc.assert(
      fc.property(text, (text) => {
        const given = displayName(text)
        expect(v.parse(name, given)).toBe(given)
        expect(displayName(given)).toBe(given)
      }),
      { numRuns: 500 },
    )
  })
})

const LENGTH = { maxLength: 100, size: 'max' } as const
const ANY = fc.string({ unit: 'binary', maxLength: 1 })
const SPECIAL = fc.constantFrom(
  ...[
    '\u200d',
    '\u200c',
    '\u0301',
    '\u0303',
    '\u3164',
    ' ',
    '\ufeff',
    '\ud83d',
    '\u1100',
    '\u1161',
    '👍',
  ],
)

describe('marks that a joiner kept apart', () => {
  it('are one mark once it is gone, in their canonical order', () => {
    const name = displayName('\u0303\u200d\u0316\u0303\u1100')
    expect(name).toBe('\u0316\u0303\u1100')
  })
})
