// Rules of words against brute force, and the work that they take.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WordRule } from '../../../../src/content-rules.ts'
import { foldText, joins } from '../../../../src/folded-text.ts'
import { ContentFilter } from '../../../../src/room/moderation/content-filter.ts'
import { type Findings, WordMatcher } from '../../../../src/room/moderation/word-rules.ts'

const ALPHABET = [
  ...[
    'a',
    'b',
    'A',
    'ß',
    'ﬁ',
    'f',
    'i',
    'σ',
    'ς',
    'Σ',
    'İ',
    'ı',
    ' ',
    '.',
    '_',
    '👩',
    '\u200d',
    '💻',
  ],
  ...[
    '가',
    '\u1100',
    '\u1161',
    '\u11a8',
    'ㄱ',
    'ㅏ',
    '\uffa1',
    '\u200b',
    '\u0301',
    '\u0345',
    'é',
    'ｂ',
  ],
]
const texts = (maxLength: number) =>
  fc.array(fc.constantFrom(...ALPHABET), { maxLength }).map((all) => all.join(''))
const pattern = texts(4).filter((text) => foldText(text).text.trim() !== '')
const rule = fc.record({
  pattern,
  action: fc.constantFrom('refuse' as const, 'mask' as const, 'report' as const),
  word: fc.boolean(),
})

const isWordCharacter = (character = '') => /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u.test(character)

/** Every place where a rule is met, one after the other. */
function bruteForce(text: string, { pattern, word = false }: WordRule): [number, number][] {
  const wanted = foldText(pattern).text
  const isEdge = (at: number) => {
    const before = [...text.slice(0, at)].at(-1)
    return isWordCharacter(before) !== isWordCharacter([...text.slice(at)][0])
  }
  const characters = [...wanted]
  const found: [number, number][] = []
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length
    const isWhole =
      (!isWordCharacter(characters[0]) || isEdge(at)) &&
      (!isWordCharacter(characters.at(-1)) || isEdge(end))
    if (!word || isWhole) found.push([at, end])
  }
  return found
}

/** The places that ranges cover. */
const covered = (ranges: Findings['masked']) =>
  new Set(ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, n) => from + n)))

describe('rules of words', () => {
  it('find what a search for each of them finds', () => {
    fc.assert(
      fc.property(texts(12), fc.array(rule, { maxLength: 6 }), (content, rules) => {
        const folded = foldText(content)
        const findings: Findings = { actions: new Set(), masked: [] }
        new WordMatcher(rules).search(folded, findings)
        const met = rules.map((each) => bruteForce(folded.text, each))
        const actions = rules.flatMap(({ action }, n) => (met[n]?.length ? [action] : []))
        expect(findings.actions).toEqual(new Set(actions))
        const masks = rules.flatMap(({ action }, n) => (action === 'mask' ? (met[n] ?? []) : []))
        expect(covered(findings.masked)).toEqual(covered(masks))
      }),
      { numRuns: 2000 },
    )
  })

  it('leave what they do not mask as it is', () => {
    fc.assert(
      fc.property(texts(12), fc.array(rule, { maxLength: 6 }), (content, rules) => {
        const masks = rules.filter(({ action }) => action === 'mask')
        const { text, from, to } = foldText(content)
        const { content: stored } = new ContentFilter(rules, null).judge(content)
        const places = masks.flatMap((each) => bruteForce(text, each))
        if (places.length === 0) {
          expect(stored).toBe(content)
          return
        }
        const kept = [...content].length
        expect([...stored].length).toBeLessThanOrEqual(kept)
        const first = Math.min(...places.map(([start]) => from[start] ?? 0))
        const last = Math.max(...places.map(([, end]) => to[end - 1] ?? 0))
        expect(stored.startsWith(content.slice(0, first))).toBe(true)
        expect(stored.endsWith(content.slice(last))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('take steps in proportion to the text, however many rules and near misses there are', () => {
    const rules = Array.from({ length: 99 }, (_, n): WordRule[] => [
      { pattern: `${'a'.repeat(n + 1)}b`, action: 'mask' },
      { pattern: 'a'.repeat(n + 1), action: 'mask', word: n % 2 === 0 },
    ]).flat()
    const matcher = new WordMatcher(rules)
    for (const length of [1000, 2000, 4000, 8000]) {
      for (const unit of ['a', 'ab', `${'a'.repeat(98)}c`, 'a ']) {
        const text = unit.repeat(length).slice(0, length)
        const steps = matcher.search(foldText(text), { actions: new Set(), masked: [] })
        // Two passes, two steps a symbol, and an edge before each unit at most.
        expect(steps).toBeLessThanOrEqual(6 * (length + 1))
      }
    }
  })
})

describe('folded text', () => {
  it('is the same as that of the whole text at once', () => {
    fc.assert(
      fc.property(texts(30), (text) => {
        const visible = text.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
        const folded = [...visible.normalize('NFKC')].map((character) =>
          character.toLowerCase().toUpperCase().toLowerCase(),
        )
        expect(foldText(text).text).toBe(folded.join('').normalize('NFKC'))
      }),
      { numRuns: 2000 },
    )
  })

  it('is the same for all forms of a text, and for its folded form', () => {
    fc.assert(
      fc.property(texts(20), (text) => {
        const { text: folded } = foldText(text)
        for (const form of ['NFC', 'NFD'] as const) {
          expect(foldText(text.normalize(form)).text).toBe(folded)
        }
        expect(foldText(folded).text).toBe(folded)
      }),
    )
  })

  it('knows every character that joins the one before', () => {
    const missed: string[] = []
    for (let code = 0x80; code <= 0x1ffff; code++) {
      const [, ...rest] = [...String.fromCodePoint(code).normalize('NFD')]
      missed.push(...rest.filter((character) => !joins(character)))
    }
    expect(missed).toEqual([])
  })
})
