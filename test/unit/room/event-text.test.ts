import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Event } from '../../../src/room/log/event.ts'
import { eventJson, eventText } from '../../../src/room/log/event-json.ts'

const seq = fc.integer({ min: 1, max: 2 ** 53 - 1 })
const text = fc.string({ unit: 'binary' })
const optional = { requiredKeys: ['seq', 'at', 'sender'] } as const

const common = {
  seq,
  n: seq,
  at: fc.integer({ min: 0, max: 4e12 }),
  sender: fc.record(
    {
      id: fc.constantFrom('a', '한'),
      name: text,
      guest: fc.constant(true),
      lookalike: fc.constant(true),
    },
    { requiredKeys: ['id', 'name'] },
  ),
  idempotencyKey: text,
}

const event = fc.oneof(
  fc.record(
    {
      ...common,
      type: fc.constant('message'),
      content: text,
      replyTo: seq,
      edited: seq,
      deleted: seq,
      mentions: fc.array(text, { minLength: 1 }),
      mentionsRoom: fc.constant(true),
    },
    { requiredKeys: [...optional.requiredKeys, 'type', 'content'] },
  ),
  fc.record(
    { ...common, type: fc.constant('edit'), target: seq, content: text, earlier: seq },
    { requiredKeys: [...optional.requiredKeys, 'type', 'target', 'content'] },
  ),
) as fc.Arbitrary<Event>

it('the text of an event is its JSON', () => {
  fc.assert(
    fc.property(event, (each) => {
      expect(JSON.parse(eventText(each).text)).toEqual(JSON.parse(JSON.stringify(eventJson(each))))
    }),
    { numRuns: 500 },
  )
})

it('tells each mark of a sender, whatever was told of them before', () => {
  const sender = { id: 'gil', name: 'Gil' }
  const marked = [{}, { lookalike: true }, { guest: true, lookalike: true }, { guest: true }, {}]
  for (const marks of marked as Partial<Event['sender']>[]) {
    const said = { seq: 1, type: 'message', at: 0, content: 'x' } as const
    const { text } = eventText({ ...said, sender: { ...sender, ...marks } })
    expect(JSON.parse(text).sender).toEqual({ ...sender, ...marks })
  }
})
