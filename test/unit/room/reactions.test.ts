import { describe, expect, it } from 'vitest'
import {
  qualified,
  type Reactions,
  reactionKey,
  withReaction,
} from '../../../src/room/log/reactions.ts'

const give = (reactions: Reactions, personId: string, reaction: string, on = true) =>
  withReaction(reactions, { reaction, personId, on })

/** `count` people who gave each of `distinct` reactions. */
const full = (distinct: number, count: number): Reactions =>
  Object.fromEntries(
    Array.from({ length: distinct }, (_, n) => [
      `r${n}`,
      Array.from({ length: count }, (_, p) => `p${p}`),
    ]),
  )

describe('the reactions to a message', () => {
  it.each<[reactions: Reactions, personId: string, on: boolean, then: Reactions | undefined]>([
    [{}, 'ann', true, { x: ['ann'] }],
    [{ x: ['bob'] }, 'ann', true, { x: ['bob', 'ann'] }],
    [{ y: ['ann'] }, 'ann', true, { y: ['ann'], x: ['ann'] }],
    [{ x: ['ann', 'bob'] }, 'ann', true, undefined],
    [{ x: ['ann', 'bob'] }, 'ann', false, { x: ['bob'] }],
    [{ x: ['ann'], y: ['bob'] }, 'ann', false, { y: ['bob'] }],
    [{ x: ['ann'] }, 'ann', false, {}],
    [{ x: ['bob'] }, 'ann', false, undefined],
    [{}, 'ann', false, undefined],
  ])('%j, when %s gives x: %s, are %j', (reactions, personId, on, then) => {
    const before = JSON.stringify(reactions)
    expect(JSON.stringify(give(reactions, personId, 'x', on))).toBe(JSON.stringify(then))
    expect(JSON.stringify(reactions)).toBe(before)
  })

  it.each(['__proto__', 'constructor', 'toString', '10'])('[R1] may be the word %s', (word) => {
    const one = give({}, 'ann', word) ?? {}
    const two = give(one, 'bob', word) ?? {}
    expect(JSON.stringify(two)).toBe(`{"${word}":["ann","bob"]}`)
    expect(give(two, 'bob', word)).toBeUndefined()
    expect(JSON.stringify(give(two, 'ann', word, false))).toBe(`{"${word}":["bob"]}`)
  })

  it('are at most 64 different ones', () => {
    expect(Object.keys(give(full(63, 1), 'ann', 'new') ?? {})).toHaveLength(64)
    expect(() => give(full(64, 1), 'ann', 'new')).toThrow('too-many-reactions')
    expect(give(full(64, 1), 'ann', 'r0')?.r0).toEqual(['p0', 'ann'])
  })

  it('are at most 1,000 in all', () => {
    expect(give({ ...full(1, 999) }, 'ann', 'new')?.new).toEqual(['ann'])
    expect(() => give(full(1, 1000), 'ann', 'r0')).toThrow('too-many-reactions')
    expect(() => give(full(10, 100), 'ann', 'new')).toThrow('too-many-reactions')
  })

  it('are taken back, and asked for again, where there are as many as may be', () => {
    const most = full(10, 100)
    expect(give(most, 'p5', 'r3')).toBeUndefined()
    expect(give(most, 'ann', 'r3', false)).toBeUndefined()
    expect(give(most, 'p5', 'r3', false)?.r3).toHaveLength(99)
  })

  it.each([
    ['\u2764', '\u2764\ufe0f'],
    ['\u2764\ufe0f', '\u2764\ufe0f'],
    ['\u261d', '\u261d\ufe0f'],
    ['\u261d\u{1f3fd}', '\u261d\u{1f3fd}'],
    ['1\u20e3', '1\ufe0f\u20e3'],
    ['\u{1f441}\u200d\u{1f5e8}', '\u{1f441}\ufe0f\u200d\u{1f5e8}\ufe0f'],
    ['\u{1f44d}', '\u{1f44d}'],
    // A selector that adds nothing (ED-13): it is ignored.
    ['\u{1f44d}\ufe0f', '\u{1f44d}'],
    ['\u261d\ufe0f\u{1f3fd}', '\u261d\u{1f3fd}'],
    ['\u{1f44d}\u{1f3fd}\ufe0f', '\u{1f44d}\u{1f3fd}'],
    ['\u{1f468}\ufe0f\u200d\u2764\u200d\u{1f468}', '\u{1f468}\u200d\u2764\ufe0f\u200d\u{1f468}'],
    // The selector of text says that the other look is meant.
    ['\u2764\ufe0e', '\u2764\ufe0e'],
    ['1\ufe0f', '1\ufe0f'],
    ['1', '1'],
    ['+1', '+1'],
    ['좋아요', '좋아요'],
  ])('UTS 51: %j is qualified as %j', (text, wanted) => {
    expect(qualified(text)).toBe(wanted)
  })

  it('UTS 51: an emoji with and without its variation selector is one entry', () => {
    expect(reactionKey({}, '\u2764')).toBe('\u2764\ufe0f')
    expect(reactionKey({ '\u2764\ufe0f': ['ann'] }, '\u2764')).toBe('\u2764\ufe0f')
    // An older log has the bare one.
    expect(reactionKey({ '\u2764': ['ann'] }, '\u2764\ufe0f')).toBe('\u2764')
    expect(reactionKey({}, '__proto__')).toBe('__proto__')
  })
})
