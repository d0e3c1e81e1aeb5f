// One idempotency-key with two different bodies (IETF Idempotency-Key: 422): the second is told,
// and nothing is done of it.

import { describe, expect, it } from 'vitest'
import { DELETE, EDIT, outcome, REACT } from '../../support/changes.ts'
import { ERRORS, FakeRoom, person } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const SAY = '/pub/send/message'
const KEY = { 'idempotency-key': 'k' }

type Said = readonly [destination: string, body: Record<string, unknown>]

const FIRST: readonly Said[] = [
  [SAY, { content: 'one' }],
  [SAY, { content: 'one', replyTo: 1 }],
  [EDIT, { seq: 1, content: 'One' }],
  [REACT, { seq: 1, reaction: 'x' }],
  [DELETE, { seq: 1 }],
]

const OTHERS: readonly Said[] = [
  [SAY, { content: 'two' }],
  [SAY, { content: 'one', replyTo: 2 }],
  [EDIT, { seq: 1, content: 'Two' }],
  [EDIT, { seq: 2, content: 'One' }],
  [REACT, { seq: 1, reaction: 'y' }],
  [REACT, { seq: 2, reaction: 'x' }],
  [REACT, { seq: 1, reaction: 'x', on: false }],
  [DELETE, { seq: 2 }],
]

/** A room with two messages of Ann, who listens to her errors. */
function setUp() {
  const room = new FakeRoom()
  const a = room.connect(ann)
  for (const content of ['first', 'second']) room.say(a, content)
  room.subscribe(a, 'errors', ERRORS)
  return { room, a }
}

describe.each([false, true])('a known idempotency-key, evicted between: %s', (evicted) => {
  describe.each(FIRST)('of %s %j', (destination, body) => {
    const others = [...FIRST, ...OTHERS].filter(
      (said) => JSON.stringify(said) !== JSON.stringify([destination, body]),
    )
    it.each(others)('[L5] is refused for %s %j, and still good for its own', (to, other) => {
      const { room, a } = setUp()
      expect(outcome(room, a, destination, body, KEY)).toBe('3')
      const before = JSON.stringify(room.log.after(0, 99))
      if (evicted) room.evict()
      expect(outcome(room, a, to, other, KEY)).toBe('key-reused')
      expect(JSON.stringify(room.log.after(0, 99))).toBe(before)
      expect(a.closed).toBeUndefined()
      expect(outcome(room, a, destination, body, KEY)).toBe('3')
      expect(outcome(room, room.connect(bob), SAY, { content: 'mine' }, KEY)).toBe('4')
    })
  })

  it('[L5] stands for what the room understood, however it was written', () => {
    const { room, a } = setUp()
    expect(outcome(room, a, SAY, { content: 'one' }, KEY)).toBe('3')
    if (evicted) room.evict()
    room.send(a, 'SEND', { destination: '/app/send', receipt: 'r', ...KEY }, 'one')
    expect(a.take()).toMatchObject([{ command: 'RECEIPT', headers: { seq: '3' } }])
    expect(outcome(room, a, SAY, { content: 'one', 'another field': 1 }, KEY)).toBe('3')

    const emoji = { 'idempotency-key': 'emoji' }
    expect(outcome(room, a, REACT, { seq: 1, reaction: '\u2764' }, emoji)).toBe('4')
    expect(outcome(room, a, REACT, { seq: 1, reaction: '\u2764\ufe0f', on: true }, emoji)).toBe('4')
  })

  it('[L5] stands for the first body, whatever became of the message', () => {
    const { room, a } = setUp()
    expect(outcome(room, a, SAY, { content: 'one' }, KEY)).toBe('3')
    outcome(room, a, EDIT, { seq: 3, content: 'One' })
    if (evicted) room.evict()
    expect(outcome(room, a, SAY, { content: 'one' }, KEY)).toBe('3')
    expect(outcome(room, a, SAY, { content: 'One' }, KEY)).toBe('key-reused')
    outcome(room, a, DELETE, { seq: 3 })
    expect(outcome(room, a, SAY, { content: 'one' }, KEY)).toBe('3')
  })

  it('[L5] of an event that an earlier version wrote is not compared', () => {
    const { room, a } = setUp()
    expect(outcome(room, a, SAY, { content: 'one' }, KEY)).toBe('3')
    room.log.forgetRequests()
    if (evicted) room.evict()
    expect(outcome(room, a, SAY, { content: 'two' }, KEY)).toBe('3')
  })

  it('[R3] in a transaction ends the connection, and nothing of it is done', () => {
    const { room, a } = setUp()
    room.send(a, 'BEGIN', { transaction: 't' })
    for (const content of ['one', 'two']) {
      if (evicted) room.evict()
      const headers = { destination: SAY, transaction: 't', ...KEY }
      room.send(a, 'SEND', headers, JSON.stringify({ content }))
    }
    expect(a.closed).toBeUndefined()
    a.take()
    room.send(a, 'COMMIT', { transaction: 't', receipt: 'c' })
    expect(a.take()).toMatchObject([{ command: 'ERROR', headers: { code: 'key-reused' } }])
    expect(room.log.head()).toBe(2)
  })

  it('[R3] ends the connection of who does not listen to its errors', () => {
    const { room } = setUp()
    const a = room.connect(ann)
    outcome(room, a, SAY, { content: 'one' }, KEY)
    if (evicted) room.evict()
    expect(outcome(room, a, SAY, { content: 'two' }, KEY)).toBe('key-reused')
    expect(a.closed?.code).toBe(1008)
  })
})
