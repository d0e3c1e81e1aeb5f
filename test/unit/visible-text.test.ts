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
  // UTS 39, section 5.4.
  ['a mark twice', 'n\u0303\u0303', null],
  ['a mark twice, once within the letter', '\u00e9\u0301', null],
  ['a mark twice around a joiner', 'n\u0303\u200d\u0303', null],
  ['a mark around the letter twice', 'a\u20dd\u20dd', null],
  ['four marks', 'x\u0300\u0301\u0302\u0303', 'x\u0300\u0301\u0302\u0303'],
  ['five marks', 'x\u0300\u0301\u0302\u0303\u0304', null],
  ['five marks, two of them within the letter', '\u1ebf\u0303\u0304\u0306', null],
  ['marks on both sides of a joiner', 'x\u0300\u0301\u0302\u200d\u0303\u0304\u0306', null],
  ['a word of stacked marks', 'h\u0335\u0321\u0322\u0327\u0328\u0331e\u0335\u0334\u0334y', null],
  ['a variation selector twice', '❤️\ufe0f', null],
  ['Thai', 'ที่นี่ กุ้ง ผู้ใหญ่', 'ที่นี่ กุ้ง ผู้ใหญ่'],
  ['Hindi', 'हिन्दी श्रीमती क्षेत्र माँ', 'हिन्दी श्रीमती क्षेत्र माँ'],
  ['Hindi with a joiner', 'क्\u200dष शक्\u200dति', 'क्\u200dष शक्\u200dति'],
  ['Vietnamese', 'Nguyễn Thị Kiều Trường', 'Nguyễn Thị Kiều Trường'],
  ['Vietnamese in pieces', 'Nguyễn'.normalize('NFD'), 'Nguyễn'],
  ['Arabic with harakat', 'مُحَمَّدٌ رَسُولُ'.normalize('NFC'), 'مُحَمَّدٌ رَسُولُ'.normalize('NFC')],
  ['Hebrew with niqqud', 'שַׁבָּת שָׁלוֹם'.normalize('NFC'), 'שַׁבָּת שָׁלוֹם'.normalize('NFC')],
  ['Greek with all accents', 'ᾧ Ὀδυσσεῦ', 'ᾧ Ὀδυσσεῦ'],
  ['Tibetan', 'བོད་སྐད་ཧཱུྃ', 'བོད་སྐད་ཧཱུྃ'],
  ['Khmer', 'ភាសាខ្មែរ ស្ត្រី', 'ភាសាខ្មែរ ស្ត្រី'],
  ['Burmese', 'မြန်မာဘာသာ ကျွန်ုပ်', 'မြန်မာဘာသာ ကျွန်ုပ်'],
  ['Sinhala', 'ශ්\u200dරී ලංකාව', 'ශ්\u200dරී ලංකාව'],
  ['Yoruba', 'Ọ̀ṣun Ẹ̀kọ́', 'Ọ̀ṣun Ẹ̀kọ́'],
  ['two hearts', '❤️❤️', '❤️❤️'],
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
