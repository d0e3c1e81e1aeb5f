// The rows of the log: separators before a new day, groups by author, and keys that never change.

import { expect, it } from 'vitest'
import type { ChatEvent, Entry } from '../../../src/client/index.ts'
import { EMPTY, itemsOf, type LogState } from '../../../src/page/view/log/log-state.ts'

const ANN = { id: 'ann', name: 'Ann' }
const BOB = { id: 'bob', name: 'Bob' }

/** At a time of the reader's day, so that the test holds in every time zone. */
const at = (day: number, time: string) => new Date(`2026-11-${day}T${time}`).toISOString()

const message = (
  seq: number,
  sender: ChatEvent['sender'],
  when: string,
  key?: string,
): ChatEvent => ({
  ...{ seq, type: 'message', at: when, sender, content: `${seq}` },
  ...(key === undefined ? {} : { idempotencyKey: key }),
})

const entry = (key: string, when: string, more: Partial<Entry> = {}): Entry => ({
  ...{ key, kind: 'message', body: { content: key }, order: 1, state: 'waiting' },
  at: Date.parse(when),
  ...more,
})

/** Each row in a word: `day`, or its key with `+` where it goes on and `>` where it is followed. */
const rows = (state: Partial<LogState>) =>
  itemsOf({ ...EMPTY, ...state }, ANN, (id) => id === ANN.id).map((item) =>
    item.kind !== 'message'
      ? item.kind
      : `${item.goesOn ? '+' : ''}${item.key}${item.followed ? '>' : ''}`,
  )

it.each<[string, ChatEvent[], string[]]>([
  ['nothing', [], []],
  [
    'two of one person in one minute',
    [message(1, BOB, at(20, '10:00:00')), message(2, BOB, at(20, '10:00:30'))],
    ['day', '1>', '+2'],
  ],
  [
    'a note between two of one person',
    [
      message(1, BOB, at(20, '10:00:00')),
      { ...message(2, BOB, at(20, '10:00:10')), type: 'renamed' },
      message(3, BOB, at(20, '10:00:30')),
    ],
    ['day', '1', 'note', '3'],
  ],
  [
    'two of one person in two minutes',
    [message(1, BOB, at(20, '10:00:00')), message(2, BOB, at(20, '10:02:00'))],
    ['day', '1', '+2'],
  ],
  [
    'two of one person after a pause',
    [message(1, BOB, at(20, '10:00:00')), message(2, BOB, at(20, '10:05:00'))],
    ['day', '1', '2'],
  ],
  [
    'two people',
    [message(1, BOB, at(20, '10:00:00')), message(2, ANN, at(20, '10:00:01'))],
    ['day', '1', '2'],
  ],
  [
    'a person who was a guest before',
    [message(1, { ...BOB, guest: true }, at(20, '10:00:00')), message(2, BOB, at(20, '10:00:01'))],
    ['day', '1', '2'],
  ],
  [
    'two around midnight',
    [message(1, BOB, at(20, '23:59:59')), message(2, BOB, at(21, '00:00:01'))],
    ['day', '1', 'day', '2'],
  ],
])('of %s', (_what, messages, expected) => {
  expect(rows({ messages })).toEqual(expected)
})

it('keep the key of an own message when the log has it', () => {
  const when = at(20, '10:00:00')
  expect(rows({ outgoing: [entry('k1', when)] })).toEqual(['day', 'k1'])
  expect(rows({ messages: [message(7, ANN, when, 'k1')] })).toEqual(['day', 'k1'])
  // The key of somebody else may be the same.
  expect(rows({ messages: [message(7, BOB, when, 'k1')] })).toEqual(['day', '7'])
})

it('have own messages that wait after those of the log, and changes with their message', () => {
  const when = at(20, '10:00:00')
  const change = entry('k2', when, { kind: 'edit', body: { seq: 1, content: 'b' } })
  const items = itemsOf(
    {
      ...EMPTY,
      messages: [message(1, ANN, when)],
      outgoing: [entry('k1', when)],
      changes: [change],
    },
    ANN,
    (id) => id === ANN.id,
  ).filter((item) => item.kind === 'message')
  expect(items.map(({ key, changes }) => [key, changes])).toEqual([
    ['1', [change]],
    ['k1', []],
  ])
})
