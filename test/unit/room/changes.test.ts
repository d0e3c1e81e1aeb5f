import { describe, expect, it } from 'vitest'
import { eventsPage } from '../../../src/room/log/pages.ts'
import type { Role } from '../../../src/room/permissions.ts'
import { bodies, change, DELETE, EDIT, failingAt, outcome, REACT } from '../../support/changes.ts'
import { ERRORS, FakeRoom, LOG, OWNER, person } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

/** Ann said "one" (seq 1) and "two" (seq 2); all listen to the log, and to their errors. */
function scene() {
  const room = new FakeRoom()
  const sockets = [ann, bob, person(OWNER)].map((each) => room.connect(each))
  const [a, b, owner] = sockets as [(typeof sockets)[0], (typeof sockets)[0], (typeof sockets)[0]]
  for (const socket of sockets) room.subscribe(socket, 'errors', ERRORS)
  room.say(a, 'one')
  room.say(a, 'two')
  for (const socket of sockets) {
    room.subscribe(socket, 'log', LOG)
    socket.take()
  }
  return { room, a, b, owner }
}

/** The message of seq 1 as it is told now. */
const first = (room: FakeRoom) => eventsPage(room.log, { after: 0, limit: 1 }).events[0]

const EVENT = { at: '2026-11-21T08:00:00.000Z', sender: { id: 'ann', name: 'ANN' } }
const SAID = { seq: 1, n: 1, type: 'message', ...EVENT, content: 'one' }

/** What each change is told as, and what it makes of the message of seq 1. */
const CHANGES: [destination: string, body: Record<string, unknown>, told: object, then: object][] =
  [
    [
      EDIT,
      { seq: 1, content: '안녕' },
      { type: 'edit', target: 1, content: '안녕' },
      { content: '안녕', edited: 3 },
    ],
    [DELETE, { seq: 1 }, { type: 'delete', target: 1 }, { content: '', deleted: 3 }],
    [
      REACT,
      { seq: 1, reaction: '👍' },
      { type: 'reaction', target: 1, reaction: '👍', on: true },
      { reacted: 3, reactions: { '👍': ['ann'] } },
    ],
  ]

describe.each(CHANGES)('%s', (destination, body, told, then) => {
  it('[L1] [A1] is an event of the log, told to everybody, before its RECEIPT with its seq', () => {
    const { room, a, b } = scene()
    const forged = { ...body, sender: { id: 'bob' }, target: 2, type: 'message' }
    expect(change(room, a, destination, forged)).toEqual([
      ['MESSAGE', '3'],
      ['RECEIPT', '3'],
    ])
    expect(bodies(b)).toEqual([{ seq: 3, n: 2, ...EVENT, ...told }])
    expect(room.log.head()).toBe(3)
  })

  it('changes what a page and a replay tell of the message', () => {
    const { room, a, b } = scene()
    change(room, a, destination, body)
    expect(first(room)).toEqual({ ...SAID, ...then })
    b.take()
    room.subscribe(b, 'again', LOG, { after: '0' })
    const { events } = eventsPage(room.log, { after: 0 })
    expect(bodies(b)).toEqual(events)
    expect(events).toMatchObject([then, { content: 'two' }, told])
  })

  it('[A2] has an alias', () => {
    const { room, a } = scene()
    expect(outcome(room, a, destination.replace('/pub/', '/app/'), body)).toBe('3')
  })

  it.each([false, true])('[L5] [H1] happens once for a key (evicted: %s)', (evicted) => {
    const { room, a, b } = scene()
    const key = { 'idempotency-key': 'k' }
    expect(outcome(room, a, destination, body, key)).toBe('3')
    expect(bodies(b)).toEqual([{ seq: 3, n: 2, ...EVENT, ...told, idempotencyKey: 'k' }])
    room.say(a, 'between')
    // What would be refused now: it is not looked at again.
    change(room, a, DELETE, { seq: 1 })
    if (evicted) room.evict()
    const head = room.log.head()
    expect(outcome(room, a, destination, body, key)).toBe('3')
    expect(room.log.head()).toBe(head)
  })

  it('[R3] is not done by halves', () => {
    const { room, a, b } = scene()
    change(room, a, EDIT, { seq: 2, content: 'two!' })
    b.take()
    const before = room.log.after(0, 9)
    failingAt(room, 1)
    expect(outcome(room, a, destination, body, { 'idempotency-key': 'k' })).toBe('internal')
    expect(room.log.after(0, 9)).toEqual(before)
    expect(b.takeText()).toBe('')
    room.log.failsAt = undefined
    const again = room.connect(ann)
    expect(outcome(room, again, destination, body, { 'idempotency-key': 'k' })).toBe('4')
  })

  it.each<[role: Role, may: boolean]>([
    ['reader', false],
    ['writer', true],
    ['moderator', true],
  ])('[A2] by a %s: %s', (role, may) => {
    const { room, a } = scene()
    room.roles.set('ann', role)
    expect(outcome(room, a, destination, body)).toBe(may ? '3' : 'not-allowed')
    expect(a.closed).toBeUndefined()
  })

  it('in a transaction is checked at once, and done at COMMIT with the rest', () => {
    const { room, a, b } = scene()
    room.send(a, 'BEGIN', { transaction: 't' })
    const within = { transaction: 't' }
    expect(outcome(room, a, destination, body, within)).toBe('t')
    room.send(a, 'SEND', { destination: '/pub/send/message', ...within }, 'three')
    expect([b.takeText(), room.log.head()]).toEqual(['', 2])
    room.evict()
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(bodies(b)).toMatchObject([told, { content: 'three' }])
    expect(first(room)).toEqual({ ...SAID, ...then })
    room.send(a, 'BEGIN', { transaction: 't' })
    expect(outcome(room, a, destination, { ...body, seq: 9 }, within)).toBe('event-unknown')
    expect(a.closed?.reason).toBe('event-unknown')
  })

  it('[R3] of a message that went meanwhile takes its transaction with it', () => {
    const { room, a, b } = scene()
    room.send(a, 'BEGIN', { transaction: 't' })
    change(room, a, destination, body, { transaction: 't' })
    change(room, a, EDIT, { seq: 2, content: 'two!' }, { transaction: 't' })
    room.turn((turn) => room.room.setRole(turn, person(OWNER), 'bob', 'moderator'))
    change(room, b, DELETE, { seq: 2 })
    b.take()
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(a.closed?.reason).toBe('event-deleted')
    expect(first(room)).toEqual(SAID)
    expect([b.takeText(), room.log.head(), room.transactions.count]).toEqual(['', 4, 0])
  })
})

describe('UTS 51: an emoji with and without U+FE0F', () => {
  it('[A1] is one entry of the message, and one reaction in the log', () => {
    const { room, a, b, owner } = scene()
    change(room, a, REACT, { seq: 1, reaction: '\u2764' })
    change(room, b, REACT, { seq: 1, reaction: '\u2764\ufe0f' })
    expect(first(room)).toMatchObject({ reactions: { '\u2764\ufe0f': ['ann', 'bob'] } })
    const told = bodies(owner).map(({ reaction }) => reaction)
    expect(told).toEqual(['\u2764\ufe0f', '\u2764\ufe0f'])
    change(room, b, REACT, { seq: 1, reaction: '\u2764', on: false })
    expect(first(room)).toMatchObject({ reactions: { '\u2764\ufe0f': ['ann'] } })
  })
})
