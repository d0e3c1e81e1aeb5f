// What a client makes of a room's log: a table, and the same as the rule that the room itself is
// held to.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../../src/client/log/events.ts'
import { foldEvent, messagesFrom, NO_MESSAGES } from '../../../src/client/log/messages.ts'
import * as model from '../../support/room-state.ts'

const at = '2026-11-21T08:00:00.000Z'
const person = (id: string) => ({ id, name: id })
const said = (seq: number, more: Partial<ChatEvent> = {}): ChatEvent => ({
  seq,
  type: 'message',
  at,
  sender: person('ann'),
  content: 'a',
  ...more,
})
const change = (seq: number, type: string, more: Partial<ChatEvent> = {}): ChatEvent => ({
  seq,
  type,
  at,
  sender: person('ann'),
  target: 1,
  ...more,
})
const edit = (seq: number, content: string) => change(seq, 'edit', { content })
const react = (seq: number, on = true) => change(seq, 'reaction', { reaction: 'x', on })
const deletion = (seq: number) => change(seq, 'delete')

const after = (...events: ChatEvent[]) => events.reduce(foldEvent, NO_MESSAGES)

describe('a message is as it was made by', () => {
  it.each<[string, ChatEvent[], ChatEvent]>([
    ['an edit', [said(1), edit(2, 'b')], said(1, { content: 'b', edited: 2 })],
    [
      'an edit that is in it',
      [said(1, { content: 'c', edited: 3 }), edit(2, 'b')],
      said(1, { content: 'c', edited: 3 }),
    ],
    ['an edit before it', [edit(2, 'b'), said(1)], said(1, { content: 'b', edited: 2 })],
    [
      'a page that is older than what was heard',
      [said(1), edit(2, 'b'), said(1)],
      said(1, { content: 'b', edited: 2 }),
    ],
    ['a reaction', [said(1), react(2)], said(1, { reacted: 2, reactions: { x: ['ann'] } })],
    ['a reaction taken back', [said(1), react(2), react(3, false)], said(1, { reacted: 3 })],
    [
      'a deletion',
      [said(1), edit(2, 'b'), react(3), deletion(4)],
      said(1, { content: '', deleted: 4 }),
    ],
    [
      'what came before its deletion',
      [said(1, { content: '', deleted: 4 }), edit(2, 'b'), react(3)],
      said(1, { content: '', deleted: 4 }),
    ],
    ['nothing that is not known', [said(1), change(2, 'pin')], said(1)],
    ['nothing that is named as what every object has', [said(1), change(2, 'toString')], said(1)],
  ])('%s', (_, events, message) => {
    expect(after(...events).messages.get(1)).toEqual(message)
  })
})

it('is the same state where nothing changed', () => {
  const state = after(said(1), edit(2, 'b'))
  expect(foldEvent(state, edit(2, 'b'))).toBe(state)
  expect(foldEvent(state, change(3, 'pin'))).toBe(state)
})

it('forgets what is shown no more, and takes it from a page again', () => {
  const state = messagesFrom(after(said(1), said(2)), 2)
  expect([...state.messages.keys()]).toEqual([2])
  const edited = foldEvent(state, edit(3, 'b'))
  expect(foldEvent(edited, said(1)).messages.get(1)).toMatchObject({ content: 'b', edited: 3 })
})

it('ends as the model does, whatever comes in whatever order', () => {
  const event = fc.oneof(
    fc.integer({ min: 1, max: 4 }).map((seq) => said(seq)),
    fc
      .record({
        seq: fc.integer({ min: 5, max: 30 }),
        type: fc.constantFrom('edit', 'reaction', 'reaction', 'delete'),
        target: fc.integer({ min: 1, max: 4 }),
        sender: fc.constantFrom('ann', 'bob').map(person),
        content: fc.constantFrom('b', 'c'),
        reaction: fc.constantFrom('👍', '2', '__proto__'),
        on: fc.boolean(),
      })
      .map((made): ChatEvent => ({ at, ...made })),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const theirs = (events as unknown as model.Told[]).reduce(model.heard, model.NOTHING)
      const ours = after(...events)
      expect([...ours.messages]).toEqual([...theirs.messages])
      expect(ours.waiting).toEqual(theirs.waiting)
    }),
  )
})
