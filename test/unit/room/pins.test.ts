import { describe, expect, it } from 'vitest'
import { foldEvent, NO_MESSAGES, pinnedMessages } from '../../../src/client/log/messages.ts'
import { pinsPage } from '../../../src/room/log/pins.ts'
import type { Role } from '../../../src/room/permissions.ts'
import {
  bodies,
  change,
  DELETE,
  EDIT,
  failingAt,
  outcome,
  PIN,
  UNPIN,
} from '../../support/changes.ts'
import { ERRORS, FakeRoom, LOG, OWNER, person } from '../../support/fake-room.ts'

const ann = person('ann')

/** Ann said "one" (seq 1) and "two" (seq 2). She and the owner listen to the log. */
function scene() {
  const room = new FakeRoom({ sendBurst: 1000, sendPerSecond: 1000 })
  const [a, owner] = [room.connect(ann), room.connect(person(OWNER))] as const
  for (const socket of [a, owner]) room.subscribe(socket, 'errors', ERRORS)
  room.say(a, 'one')
  room.say(a, 'two')
  for (const socket of [a, owner]) {
    room.subscribe(socket, 'log', LOG)
    socket.take()
  }
  const pinned = () => pinsPage(room.log, room.pins).pins.map(({ target }) => target)
  return { room, a, owner, pinned }
}

describe('what is not to be pinned', () => {
  it.each<[seq: unknown, code: string]>([
    [9, 'event-unknown'],
    [3, 'event-unknown'],
    [0, 'body-invalid'],
    [-1, 'body-invalid'],
    [1.5, 'body-invalid'],
    ['1', 'body-invalid'],
    [undefined, 'body-invalid'],
    [4, 'event-deleted'],
  ])('seq %s is refused with %s, and nothing is written', (seq, code) => {
    const { room, a, owner, pinned } = scene()
    change(room, a, EDIT, { seq: 1, content: 'One' })
    room.say(a, 'gone')
    change(room, a, DELETE, { seq: 4 })
    owner.take()
    expect(outcome(room, owner, PIN, { seq })).toBe(code)
    if (code !== 'event-deleted') expect(outcome(room, owner, UNPIN, { seq })).toBe(code)
    expect([room.log.head(), pinned(), owner.closed]).toEqual([5, [], undefined])
  })

  it('[M1] is everything in an archived room, even for the owner', () => {
    const { room, owner, pinned } = scene()
    room.turn((turn) => void room.room.changeRoom(turn, person(OWNER), { archived: true }))
    room.evict()
    owner.take()
    for (const to of [PIN, UNPIN]) {
      expect(outcome(room, owner, to, { seq: 1 })).toBe('room-archived')
    }
    expect(pinned()).toEqual([])
  })

  it('[R5] is the 51st message, until another is unpinned or deleted', () => {
    const { room, a, owner, pinned } = scene()
    for (let n = 0; n < 51; n++) room.say(a, 'x')
    for (let seq = 3; seq < 53; seq++) change(room, owner, PIN, { seq })
    const head = room.log.head()
    expect(outcome(room, owner, PIN, { seq: 1 })).toBe('too-many-pins')
    expect(outcome(room, owner, PIN, { seq: 3 })).toBe('54')
    expect([room.log.head(), pinned().length]).toEqual([head, 50])
    change(room, owner, UNPIN, { seq: 3 })
    expect(outcome(room, owner, PIN, { seq: 1 })).toBe(String(head + 2))
    change(room, a, DELETE, { seq: 4 })
    expect(outcome(room, owner, PIN, { seq: 2 })).toBe(String(head + 4))
    expect(outcome(room, owner, PIN, { seq: 53 })).toBe('too-many-pins')
  })

  it.each<[role: Role, may: boolean]>([
    ['reader', false],
    ['writer', false],
    ['moderator', true],
  ])('[M1] by a %s: %s', (role, may) => {
    const { room, a, owner } = scene()
    room.roles.set('ann', role)
    expect(outcome(room, a, PIN, { seq: 1 })).toBe(may ? '3' : 'not-allowed')
    change(room, owner, PIN, { seq: 1 })
    expect(outcome(room, a, UNPIN, { seq: 1 })).toBe(may ? '4' : 'not-allowed')
    expect(a.closed).toBeUndefined()
  })
})

describe('a pin', () => {
  const EVENT = { at: '2026-11-21T08:00:00.000Z', sender: { id: OWNER, name: 'OWNER' } }

  it('[L1] [A1] is a silent event, told to everybody, before its RECEIPT with its seq', () => {
    const { room, a, owner } = scene()
    expect(change(room, owner, PIN, { seq: 1, sender: 'x', target: 2 })).toEqual([
      ['MESSAGE', '3'],
      ['RECEIPT', '3'],
    ])
    expect(bodies(a)).toEqual([{ seq: 3, n: 2, ...EVENT, type: 'pinned', silent: true, target: 1 }])
    change(room, owner, UNPIN, { seq: 1 })
    expect(bodies(a)).toEqual([
      { seq: 4, n: 2, ...EVENT, type: 'unpinned', silent: true, target: 1 },
    ])
  })

  it('[H1] is listed with its message as it is now, the newest first', () => {
    const { room, a, owner } = scene()
    change(room, owner, PIN, { seq: 2 })
    change(room, owner, PIN, { seq: 1 })
    change(room, a, EDIT, { seq: 2, content: 'Two' })
    room.evict()
    expect(pinsPage(room.log, room.pins)).toMatchObject({
      pins: [
        { seq: 4, type: 'pinned', target: 1, message: { seq: 1, content: 'one' } },
        { seq: 3, type: 'pinned', target: 2, message: { seq: 2, content: 'Two', edited: 5 } },
      ],
      head: 5,
    })
  })

  it('twice changes nothing, and neither does an unpin of what is not pinned', () => {
    const { room, owner, pinned } = scene()
    expect(outcome(room, owner, UNPIN, { seq: 1 })).toBe('2')
    change(room, owner, PIN, { seq: 1 })
    change(room, owner, PIN, { seq: 2 })
    expect(outcome(room, owner, PIN, { seq: 1 })).toBe('3')
    expect([room.log.head(), pinned()]).toEqual([4, [2, 1]])
  })

  it.each([false, true])('[L5] [H1] happens once for a key (evicted: %s)', (evicted) => {
    const { room, owner, pinned } = scene()
    const key = { 'idempotency-key': 'k' }
    expect(outcome(room, owner, PIN, { seq: 1 }, key)).toBe('3')
    change(room, owner, UNPIN, { seq: 1 })
    if (evicted) room.evict()
    expect(outcome(room, owner, PIN, { seq: 1 }, key)).toBe('3')
    expect([room.log.head(), pinned()]).toEqual([4, []])
    expect(outcome(room, owner, UNPIN, { seq: 1 }, key)).toBe('key-reused')
  })

  it('[R3] is not done by halves', () => {
    const { room, a, owner, pinned } = scene()
    failingAt(room, 3)
    expect(outcome(room, owner, PIN, { seq: 1 })).toBe('internal')
    expect([room.log.head(), pinned(), a.takeText()]).toEqual([2, [], ''])
  })

  it('[R3] of a message that went meanwhile takes its transaction with it', () => {
    const { room, a, owner, pinned } = scene()
    room.send(owner, 'BEGIN', { transaction: 't' })
    change(room, owner, PIN, { seq: 2 }, { transaction: 't' })
    change(room, owner, PIN, { seq: 1 }, { transaction: 't' })
    change(room, a, DELETE, { seq: 1 })
    room.send(owner, 'COMMIT', { transaction: 't' })
    expect([owner.closed?.reason, room.log.head(), pinned()]).toEqual(['event-deleted', 3, []])
  })

  it('ends with the deletion of its message, without an event of its own', () => {
    const { room, a, owner, pinned } = scene()
    change(room, owner, PIN, { seq: 1 })
    change(room, a, DELETE, { seq: 1 })
    expect([room.log.head(), pinned(), room.pins.all()]).toEqual([4, [], []])
    expect(outcome(room, owner, UNPIN, { seq: 1 })).toBe('4')
    // As a version before pins leaves it.
    room.pins.add(1, 3)
    expect(pinned()).toEqual([])
  })
})

describe('the pins that a client knows', () => {
  it('are those of the room, from any mixture of its events and its list', () => {
    const { room, a, owner, pinned } = scene()
    room.say(a, 'three')
    for (const [destination, seq] of [
      [PIN, 1],
      [PIN, 2],
      [UNPIN, 1],
      [PIN, 3],
      [PIN, 1],
      [DELETE, 3],
    ] as const) {
      change(room, owner, destination, { seq })
      const events = [...room.log.after(0, 99)].map((event) => JSON.parse(JSON.stringify(event)))
      const live = events.reduce(foldEvent, NO_MESSAGES)
      const backwards = events.toReversed().reduce(foldEvent, NO_MESSAGES)
      const list = JSON.parse(JSON.stringify(pinsPage(room.log, room.pins).pins))
      const listed = list.reduce(foldEvent, NO_MESSAGES)
      const late = events.reduce(foldEvent, listed)
      for (const state of [live, backwards, listed, late]) {
        expect(pinnedMessages(state)).toEqual(pinned())
      }
    }
    expect(pinned()).toEqual([1, 2])
  })
})
