// What a client makes of a room's signals of who is here.

import { describe, expect, it } from 'vitest'
import { createPresence, type People } from '../../../src/client/presence.ts'

const [ann, bob, cyd] = ['ann', 'bob', 'cyd'].map((id) => ({ id, name: id }))

/** What is shown after these signals. */
function after(...signals: object[]): People | undefined {
  let shown: People | undefined
  const presence = createPresence((people) => {
    shown = people
  })
  for (const signal of signals) presence.hear(signal as { type: string })
  return shown
}

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
