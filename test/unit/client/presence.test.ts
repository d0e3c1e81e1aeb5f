// What a client makes of a room's signals of who is here.

import { describe, expect, it } from 'vitest'
import { createPresence, type People } from '../../../src/client/presence.ts'

const [ann, bob, cyd] = ['ann', 'bob', 'cyd'].map((id) => ({ id, name: id }))

/** All that is shown during these signals. */
function presenceAfter(...signals: object[]) {
  const shown: People[] = []
  const presence = createPresence((people) => void shown.push(people))
  for (const signal of signals) presence.hear(signal as { type: string })
  return { presence, shown }
}

/** What is shown after these signals. */
const after = (...signals: object[]) => presenceAfter(...signals).shown.at(-1)

const SNAPSHOT = { type: 'presence', count: 2, here: [ann, bob] }

describe('who is here', () => {
  it.each([
    ['a snapshot', [], [ann, bob], 2],
    ['who joins', [{ type: 'joined', user: cyd }], [ann, bob, cyd], 3],
    ['who leaves', [{ type: 'left', user: ann }], [bob], 1],
    ['who is not named', [{ type: 'presence', count: 900, here: [ann] }], [ann], 900],
    ['many at once', [{ type: 'presence', count: 2, joined: [cyd], left: [ann] }], [bob, cyd], 2],
    [
      'more than are named',
      [{ type: 'presence', count: 300, joined: [cyd] }],
      [ann, bob, cyd],
      300,
    ],
    ['a count, where a departure was lost', [{ type: 'presence', count: 1 }], [ann, bob], 1],
    ['something else', [{ type: 'typing', user: ann }, { type: 'toString' }], [ann, bob], 2],
  ])('is told by %s', (_what, signals, here, count) => {
    expect(after(SNAPSHOT, ...signals)).toEqual({ here, count })
  })
})

const mark = (name: string, marks: object = {}) => ({ id: 'mina', name, ...marks })
const GUEST = { guest: true }

describe('the marks of who is here', () => {
  it.each([
    ['typing', { type: 'typing', typing: true }],
    ['read', { type: 'read', seq: 3 }],
  ])('follow a %s signal', (_what, signal) => {
    const here = [ann, mark('Mina', GUEST)]
    const { shown } = presenceAfter(
      { type: 'presence', count: 9, here },
      { ...signal, user: mark('Mina') },
    )
    expect(shown).toEqual([
      { here, count: 9 },
      { here: [ann, mark('Mina')], count: 9 },
    ])
    const alike = mark('Mina', { lookalike: true })
    const signals = [SNAPSHOT, { type: 'joined', user: mark('Mina') }, { ...signal, user: alike }]
    expect(after(...signals)).toEqual({ here: [ann, bob, alike], count: 3 })
  })

  it('are told where they changed, and of nobody who is not named', () => {
    const typing = { type: 'typing', typing: true }
    const signals = [
      { ...typing, user: ann },
      { ...typing, user: mark('Mina', GUEST) },
    ]
    expect(presenceAfter(SNAPSHOT, ...signals).shown).toHaveLength(1)
  })

  it('know who has an account, and who has one now', () => {
    const here = [ann, mark('Mina', { ...GUEST, lookalike: true })]
    const { presence, shown } = presenceAfter({ type: 'presence', count: 2, here })
    const has = () => ['ann', 'mina', 'nobody'].map(presence.hasAccount)
    expect(has()).toEqual([true, false, false])
    presence.becameAccount('mina')
    presence.becameAccount('nobody')
    expect(has()).toEqual([true, true, false])
    const then = [ann, mark('Mina', { lookalike: true })]
    expect(shown.slice(1)).toEqual([{ here: then, count: 2 }])
  })
})
