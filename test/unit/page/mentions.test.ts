// Where a text mentions people, of whom the event says who they are.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Mentioned, partsOf } from '../../../src/page/view/log/mentions.ts'

const of = (name: string, isMe = false): Mentioned => ({ name, isMe })

/** The text with what is marked in brackets. */
const marked = (content: string, ...names: string[]) =>
  partsOf(
    content,
    names.map((name) => of(name)),
  )
    .map(({ text, mention }) => (mention ? `[${text}]` : text))
    .join('')

describe('mentions', () => {
  it.each([
    ['hello @Ann', ['Ann'], 'hello [@Ann]'],
    ['@ann and @BO!', ['Bo', 'Ann'], '[@ann] and [@BO]!'],
    ['@Ann Lee and @Ann', ['Ann', 'Ann Lee'], '[@Ann Lee] and [@Ann]'],
    ['@Annabel is not @Ann', ['Ann'], '@Annabel is not [@Ann]'],
    ['ann@Ann.example and _@Ann', ['Ann'], 'ann@Ann.example and _@Ann'],
    ['@@Ann', ['Ann'], '@[@Ann]'],
    ['(@Ann)', ['Ann'], '([@Ann])'],
    ['@민수님, 안녕', ['민수'], '[@민수]님, 안녕'],
    ['@민수'.normalize('NFD'), ['민수'], `[${'@민수'.normalize('NFD')}]`],
    ['@STRASSE und @straße', ['Straße'], '[@STRASSE] und [@straße]'],
    ['@room', ['room'], '[@room]'],
    ['@rooms', ['room'], '@rooms'],
    ['@nobody', ['Ann'], '@nobody'],
    ['nobody', [], 'nobody'],
    ['', ['Ann'], ''],
    ['@', ['Ann'], '@'],
    ['@ Ann', ['Ann'], '@ Ann'],
    ['@<b>Ann</b>', ['<b>Ann</b>'], '[@<b>Ann</b>]'],
    ['@Ann', [''], '@Ann'],
    ['@José', ['Jose'], '@José'],
    [`${'@no '.repeat(20)}@Ann`, ['Ann'], `${'@no '.repeat(20)}@Ann`],
  ])('%j of %j', (content, names, wanted) => {
    expect(marked(content, ...names)).toBe(wanted)
  })

  it('say whether it is the reader', () => {
    expect(partsOf('@Bo @Ann', [of('Ann', true), of('Bo')])).toEqual([
      { text: '@Bo', mention: of('Bo') },
      { text: ' ' },
      { text: '@Ann', mention: of('Ann', true) },
    ])
  })

  it('never change the text', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 5 })
    const texts = fc.tuple(names, fc.array(fc.string({ unit: 'grapheme', maxLength: 9 })))
    fc.assert(
      fc.property(texts, ([people, words]) => {
        const content = [...words, ...people].map((word) => `@${word}`).join(' ')
        const parts = partsOf(
          content,
          people.map((name) => of(name)),
        )
        expect(parts.map(({ text }) => text).join('')).toBe(content)
      }),
    )
  })
})
