import { describe, expect, it } from 'vitest'
import { heard, NOTHING, type Told, type ToldChange } from '../../support/room-state.ts'

const sender = { id: 'ann' }
const message = (more: object = {}) => ({ seq: 1, type: 'message', content: 'a', ...more }) as const
const edit = (seq: number, content: string): ToldChange => ({
  seq,
  type: 'edit',
  target: 1,
  sender,
  content,
})
const reaction = (seq: number, on = true): ToldChange => ({
  seq,
  type: 'reaction',
  target: 1,
  sender,
  reaction: 'x',
  on,
})
const deletion = (seq: number): ToldChange => ({ seq, type: 'delete', target: 1, sender })

const CASES: [name: string, events: Told[], then: object | undefined][] = [
  ['an edit', [message(), edit(2, 'b')], message({ content: 'b', edited: 2 })],
  [
    'an edit that is in it',
    [message({ content: 'c', edited: 3 }), edit(2, 'b')],
    message({ content: 'c', edited: 3 }),
  ],
  [
    'the edit that is in it',
    [message({ content: 'c', edited: 3 }), edit(3, '')],
    message({ content: 'c', edited: 3 }),
  ],
  [
    'an edit before a reaction that is in it',
    [message({ content: 'b', edited: 2, reacted: 3 }), edit(2, '')],
    message({ content: 'b', edited: 2, reacted: 3 }),
  ],
  ['a reaction', [message(), reaction(2)], message({ reacted: 2, reactions: { x: ['ann'] } })],
  [
    'the last reaction taken back',
    [message(), reaction(2), reaction(3, false)],
    message({ reacted: 3 }),
  ],
  [
    'a reaction that was taken back in it',
    [message({ reacted: 3 }), reaction(2)],
    message({ reacted: 3 }),
  ],
  [
    'a deletion',
    [message(), edit(2, 'b'), reaction(3), deletion(4)],
    message({ content: '', deleted: 4 }),
  ],
  [
    'what came before its deletion',
    [message({ content: '', deleted: 4 }), edit(2, ''), reaction(3)],
    message({ content: '', deleted: 4 }),
  ],
  [
    'a copy that knows more',
    [message(), message({ content: 'b', edited: 2 })],
    message({ content: 'b', edited: 2 }),
  ],
  [
    'a copy that knows less',
    [message({ content: 'b', edited: 2 }), message()],
    message({ content: 'b', edited: 2 }),
  ],
  [
    'changes of what comes later',
    [edit(2, 'b'), reaction(3), edit(4, 'c'), message({ content: 'b', edited: 2 })],
    message({ content: 'c', edited: 4, reacted: 3, reactions: { x: ['ann'] } }),
  ],
  ['changes of what never comes', [edit(2, 'b'), deletion(3)], undefined],
]

describe('what a client makes of the log', () => {
  it.each(CASES)('%s', (_name, events, then) => {
    expect(events.reduce(heard, NOTHING).messages.get(1)).toEqual(then)
  })
})
