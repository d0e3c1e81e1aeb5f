// What rules of words and links make of a text.

import { parse } from 'valibot'
import { describe, expect, it } from 'vitest'
import { LinkRule, type WordRule, WordRules } from '../../../../src/content-rules.ts'
import { ContentFilter } from '../../../../src/room/moderation/content-filter.ts'

const masked = (text: string, ...patterns: (string | WordRule)[]) =>
  new ContentFilter(
    patterns.map((pattern) =>
      typeof pattern === 'string' ? { pattern, action: 'mask' } : pattern,
    ),
    null,
  ).judge(text).content

const whole = (pattern: string): WordRule => ({ pattern, action: 'mask', word: true })

describe('words are masked', () => {
  it.each<[what: string, text: string, pattern: string | WordRule, becomes: string]>([
    ['as they are', 'so bad!', 'bad', 'so ***!'],
    ['in every case', 'BaD', 'bad', '***'],
    ['also of the pattern', 'bad', 'BAD', '***'],
    ['by full case folding', 'STRASSE Straße STRAẞE', 'straße', '******* ****** ******'],
    ['with a final sigma', 'ΟΔΟΣ οδος', 'οδοσ', '**** ****'],
    ['in full width', 'ＢＡＤ', 'bad', '***'],
    ['as a ligature', 'aﬁx', 'fi', 'a*x'],
    ['where a ligature is only touched', 'aﬁx', 'ix', 'a**'],
    ['Hangul composed, by a decomposed pattern', '이 바보야', '바보'.normalize('NFD'), '이 **야'],
    ['Hangul decomposed', `이 ${'바보'.normalize('NFD')}야`, '바보', '이 **야'],
    ['Hangul in compatibility letters', 'ㅂㅏㅂㅗ', '바보', '****'],
    ['Hangul in half width', '\uffb2\uffc2\uffb2\uffcc', '바보', '****'],
    ['not of another syllable', '바봉', '바보', '바봉'],
    [
      'with invisible characters between',
      'b\u200ba\u00add\u2060!',
      'bad',
      '*\u200b*\u00ad*\u2060!',
    ],
    ['with an accent, composed or not', 'e\u0301te\u0301 ÉTÉ', 'été', '*** ***'],
    ['not without the accent', 'ete', 'été', 'ete'],
    ['an emoji of several', 'x👩‍💻y', '👩‍💻', 'x*y'],
    ['of several words', 'a bad word', 'bad word', 'a *** ****'],
    ['overlapping', 'ababa', 'aba', '*****'],
    ['beside each other', 'badbad', 'bad', '******'],
    ['whole', 'bad badly', whole('bad'), '*** badly'],
    ['whole, with marks', 'bad (bad) bad_', whole('bad'), '*** (***) bad_'],
    ['whole, where the pattern ends with a mark', 'c++ c++11 xc++', whole('c++'), '*** ***11 xc++'],
    ['whole, of several words', 'a b, aa b', whole('a b'), '* *, aa b'],
    ['whole, in Hangul', '바보 바보야', whole('바보'), '** 바보야'],
    ['whole, with an accent after', 'bade\u0301 bad', whole('bad'), 'bade\u0301 ***'],
  ])('%s', (_what, text, pattern, becomes) => {
    expect(masked(text, pattern)).toBe(becomes)
  })

  it('the longest that ends in one place', () => {
    expect(masked('xabcx', 'c', 'abc', 'bc')).toBe('x***x')
  })
})

describe('the actions', () => {
  const filter = new ContentFilter(
    [
      { pattern: 'no', action: 'refuse' },
      { pattern: 'hm', action: 'report' },
      { pattern: 'hm', action: 'mask', word: true },
      { pattern: 'darn', action: 'mask' },
    ],
    null,
  )

  it.each([
    ['all is well', { isRefused: false, isReported: false, content: 'all is well' }],
    ['oh no', { isRefused: true, isReported: false, content: 'oh no' }],
    ['ahmed', { isRefused: false, isReported: true, content: 'ahmed' }],
    ['hm, darn', { isRefused: false, isReported: true, content: '**, ****' }],
  ])('of several rules: %s', (text, verdict) => {
    expect(filter.judge(text)).toEqual(verdict)
  })
})

describe('links', () => {
  const allow = ['example.com', '한국.한국', 'EXAMPLE.co.uk.']
  const filter = new ContentFilter([], parse(LinkRule, { action: 'mask', allow }))
  const isLink = (text: string) => filter.judge(text).content !== text

  it.each([
    'http://evil.com',
    'HTTPS://EVIL.COM/path?x#y',
    'ftp://evil',
    'tg://resolve',
    'http://127.0.0.1/',
    'http://2130706433',
    'http://[::1]:80/',
    'http://example.com@evil.com/',
    'http://example.com:80@evil.com',
    'http://evil.com\\@example.com',
    'http://evil.com#@example.com',
    'http://example.com.evil.com',
    'http://notexample.com',
    'http://ex%61mpl.com',
    'http://%65vil.com',
    'http://not a host',
    'http://user:pw@',
    'see evil.com.',
    '(evil.com)',
    'evil.com/path',
    'www.evil.com',
    'evil．com',
    'evil。com',
    'evil｡com',
    'ｅｖｉｌ.ｃｏｍ',
    'e\u200bvil.c\u00adom',
    'evil․com',
    'evil.com에서 보세요',
    'evil.com에서.example.com',
    '여기는evil.com입니다',
    'münchen.de',
    'xn--mnchen-3ya.de',
    '닷컴.닷컴',
    'someone@evil.com',
    'example.com@evil.com',
    'evil.com:8080',
    'http:/\\evil.com',
    'example.com,evil.com',
    'example.com..evil.com',
    `${'a.'.repeat(300)}com`,
    `http://${'a'.repeat(5000)}`,
  ])('found: %s', (text) => {
    expect(isLink(text)).toBe(true)
  })

  it.each([
    'hello. world',
    'and so on...',
    'node.js is fine',
    '1.5 and 2.30',
    'version 1.2.3.4',
    '안녕.하세요',
    'です。ます',
    'こんにちは。みんな',
    'a://',
    '://evil',
    ': //x',
    'e.g. this',
    '.com',
    'com',
    'a..com',
    'http:// nothing',
    'http://example.com',
    'https://www.example.com:8443/a',
    'https://someone@example.com',
    'EXAMPLE．COM',
    'example.com.',
    'deep.below.example.com/evil',
    '한국.한국',
    '한국.한국'.normalize('NFD'),
    'xn--3e0b707e.xn--3e0b707e',
    'example.co.uk',
    'https://example.com./',
  ])('none that is not allowed: %s', (text) => {
    expect(filter.judge(text).content).toBe(text)
  })

  it('are masked by their host', () => {
    expect(filter.judge('see https://evil.com/x, or ｅvil.com').content).toBe(
      'see https://********/x, or ********',
    )
  })

  it('are refused or reported, and all are where none is allowed', () => {
    const judge = (action: LinkRule['action'], text: string) =>
      new ContentFilter([], { action, allow: [] }).judge(text)
    expect(judge('refuse', 'example.com').isRefused).toBe(true)
    expect(judge('report', 'example.com')).toEqual({
      isRefused: false,
      isReported: true,
      content: 'example.com',
    })
  })
})

describe('what may not be a rule', () => {
  const refuses = (value: unknown) => {
    expect(() => parse(WordRules, value)).toThrow()
  }

  it.each([
    [[{ pattern: '', action: 'refuse' }]],
    [[{ pattern: ' \u200b\u00ad ', action: 'refuse' }]],
    [[{ pattern: 'a'.repeat(101), action: 'refuse' }]],
    [[{ pattern: 'a', action: 'delete' }]],
    [[{ pattern: 'a', action: 'mask', regex: true }]],
    [[{ pattern: 5, action: 'mask' }]],
    [Array.from({ length: 201 }, (_, n) => ({ pattern: `w${n}`, action: 'mask' }))],
    // One character of these is eighteen when it is folded.
    [Array.from({ length: 6 }, () => ({ pattern: '\ufdfa'.repeat(100), action: 'mask' }))],
    ['bad'],
  ])('%#', refuses)

  it.each(['', 'a b', 'http://a.com', 'a.com/x', 'u@a.com', 'a.com:80', '..', 'a'.repeat(254)])(
    'nor a host that is allowed: %j',
    (host) => {
      expect(() => parse(LinkRule, { action: 'mask', allow: [host] })).toThrow()
    },
  )
})
