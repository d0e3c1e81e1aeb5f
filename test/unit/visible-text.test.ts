import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { visibleText } from '../../src/visible-text.ts'

const TEXTS: [name: string, text: string, seen: string | null][] = [
  ['a letter', 'a', 'a'],
  ['spaces around', '  ok ', 'ok'],
  ['Korean', '좋아요', '좋아요'],
  ['Korean in pieces', '\u1112\u1161\u11ab', '한'],
  ['an emoji', '👍', '👍'],
  ['an emoji with a colour', '👍🏽', '👍🏽'],
  ['an emoji of a family', '👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
  ['a heart in colour', '❤️', '❤️'],
  ['a key', '1️⃣', '1️⃣'],
  ['a flag', '🇰🇷', '🇰🇷'],
  ['the flag of Scotland', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ['as many characters as may be', '가'.repeat(32), '가'.repeat(32)],
  ['as many emoji', '👍'.repeat(32), '👍'.repeat(32)],
  ['one more', '가'.repeat(33), null],
  ['nothing', '', null],
  ['a space', ' ', null],
  ['a blank letter', '\u3164', null],
  ['a joiner', '\u200d', null],
  ['a space without width', 'a\u200bb', null],
  ['text that is turned', 'a\u202eb', null],
  ['a line feed between', 'a\nb', null],
  ['a NUL', 'a\0', null],
  ['half a character', '\ud83d', null],
  ['text hidden behind an emoji', '👍\u{e0041}\u{e0042}', null],
  ['a mark alone', '\ufe0f', null],
  ['marks without end', `a${'\u0301'.repeat(200)}`, null],
]

describe('a text that people see of each other', () => {
  it.each(TEXTS)('%s', (_name, text, seen) => {
    const result = v.safeParse(visibleText(32), text)
    expect(result.success ? result.output : null).toBe(seen)
  })

  it.each([1, null, ['a'], {}])('is a text, and not %j', (value) => {
    expect(v.safeParse(visibleText(32), value).success).toBe(false)
  })
})
