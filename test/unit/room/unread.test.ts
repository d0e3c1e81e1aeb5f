// What a member has not read: a subtraction of counts, and the messages that mention them (U1).

import { describe, expect, it, vi } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import {
  MENTIONS_COUNTED,
  READ_MARKER_PERIOD,
  SPOKEN_EVENTS,
} from '../../../src/room/limits/limits.ts'
import type { MemberRow } from '../../../src/room/membership/member.ts'
import type { FinallySpoken } from '../../../src/room/ports.ts'
import type { RoomRequest } from '../../../src/room/request.ts'
import { LastSpoken } from '../../../src/room/unread/last-spoken.ts'
import { askRoom } from '../../support/ask-room.ts'
import { change, DELETE, EDIT, failingAt, PIN, REACT } from '../../support/changes.ts'
import { FakeRoom, type FakeSocket, LOG, OWNER, person } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const FAST = { sendPerSecond: 1e6, sendBurst: 1e6 }

const read = (room: FakeRoom, socket: FakeSocket, seq: number) =>
  room.send(socket, 'SEND', { destination: '/pub/read' }, JSON.stringify({ seq }))
const ask = (room: FakeRoom, by: Principal, request: RoomRequest) =>
  askRoom(room, (turn, each) => each.execute(turn, by, request))
const leave = (room: FakeRoom, by: Principal) =>
  askRoom(room, (turn, each) => each.removeMember(turn, by, by.id))

/** How often the row of somebody is written. */
function rowsOf(room: FakeRoom, personId = 'ann') {
  const put = vi.spyOn(room.members, 'put')
  return () => put.mock.calls.filter(([{ id }]) => id === personId).length
}

/** Ann and bob are members; bob has said five things. `unread` evicts where asked. */
function scene(evicted = false) {
  const room = new FakeRoom(FAST)
  const [a, b] = [room.connect(ann), room.connect(bob)]
  for (const content of ['1', '2', '3', '4', '5']) room.say(b, content)
  const unread = (id = 'ann') => {
    if (evicted) room.evict()
    return room.room.unreadOf(id)
  }
  return { room, a, b, unread }
}

describe.each([false, true])('[U1] [H1] unread, evicted before each question: %s', (evicted) => {
  it('is what came after the marker, for a member alone', () => {
    const { room, a, unread } = scene(evicted)
    const told = { head: 5, messages: 5, unread: 5, mentions: 0, readSeq: 0 }
    expect(unread()).toEqual(told)
    read(room, a, 3)
    expect(unread()).toEqual({ ...told, unread: 2, readSeq: 3 })
    expect(unread('eve')).toBeUndefined()
    room.turn((turn) => void room.room.setRole(turn, person(OWNER), 'ann', 'banned'))
    expect(unread()).toBeUndefined()
  })

  it('counts messages alone', () => {
    const { room, a, b, unread } = scene(evicted)
    read(room, a, 5)
    for (const [to, body] of [
      [EDIT, { seq: 1, content: 'x' }],
      [REACT, { seq: 1, reaction: 'x' }],
      [DELETE, { seq: 2 }],
    ] as const)
      change(room, b, to, body)
    change(room, room.connect(person(OWNER)), PIN, { seq: 1 })
    room.turn((turn) => void room.room.changeRoom(turn, person(OWNER), { name: 'new' }))
    expect(unread()).toMatchObject({ messages: 5, unread: 0, readSeq: 5 })
    room.say(b, '6')
    expect(unread()).toMatchObject({ messages: 6, unread: 1 })
    expect(room.log.find(room.log.head())?.n).toBe(6)
  })

  it('is as of joining for whoever joins, and for whoever joins again', () => {
    const { room, b, unread } = scene(evicted)
    const eve = person('eve')
    room.connect(eve)
    expect(unread('eve')).toMatchObject({ unread: 0, readSeq: 5 })
    room.say(b, '6')
    expect(unread('eve')).toMatchObject({ unread: 1 })
    leave(room, eve)
    expect(unread('eve')).toBeUndefined()
    room.say(b, '7')
    room.connect(eve)
    expect(unread('eve')).toMatchObject({ unread: 0, readSeq: 7 })
  })

  it('goes with what one says, however it is sent', () => {
    const { room, a, b, unread } = scene(evicted)
    room.say(a, '6')
    expect(unread()).toMatchObject({ unread: 0, readSeq: 6 })
    room.say(b, '7')
    ask(room, ann, { type: 'message', content: '8' })
    expect(unread()).toMatchObject({ unread: 0, readSeq: 8 })
    room.say(b, '9')
    room.send(a, 'BEGIN', { transaction: 't' })
    for (const content of ['10', '11'])
      room.send(a, 'SEND', { destination: '/pub/send/message', transaction: 't' }, content)
    expect(unread()).toMatchObject({ unread: 1 })
    room.send(a, 'COMMIT', { transaction: 't' })
    expect(unread()).toMatchObject({ unread: 0, readSeq: 11 })
  })

  it('goes with ACK, which is cumulative, and not with a SUBSCRIBE', () => {
    const { room, a, unread } = scene(evicted)
    a.take()
    room.subscribe(a, 'log', LOG, { ack: 'client', after: '2' })
    expect(unread()).toMatchObject({ unread: 5 })
    room.send(a, 'ACK', { id: a.take()[1]?.headers.ack ?? '' })
    expect(unread()).toMatchObject({ unread: 1, readSeq: 4 })
    room.send(a, 'UNSUBSCRIBE', { id: 'log' })
    expect(unread()).toMatchObject({ unread: 1, readSeq: 4 })
  })

  it('goes with PUT /read, with a connection and without', () => {
    const { room, a, unread } = scene(evicted)
    ask(room, ann, { type: 'read', seq: 2 })
    expect(unread()).toMatchObject({ unread: 3 })
    room.leave(a)
    ask(room, ann, { type: 'read', seq: 4 })
    expect(unread()).toMatchObject({ unread: 1, readSeq: 4 })
    expect(ask(room, ann, { type: 'read', seq: 6 })).toBe('event-unknown')
  })

  it('never goes back: not by a marker from the past, and not when a device goes', () => {
    const { room, a, unread } = scene(evicted)
    const other = room.connect(ann)
    read(room, a, 4)
    read(room, other, 2)
    ask(room, ann, { type: 'read', seq: 1 })
    expect(unread()).toMatchObject({ readSeq: 4 })
    // What it has read must not depend on whether the room still lists a connection that goes.
    room.evict()
    room.leave(a)
    expect(unread()).toMatchObject({ readSeq: 4 })
    room.leave(other)
    expect(unread()).toMatchObject({ unread: 1, readSeq: 4 })
  })

  it('[P1] says nothing of what was said before a newcomer came', () => {
    const { room, b, unread } = scene(evicted)
    room.set({ history: 'joined' })
    room.say(b, '@room')
    room.connect(person('eve'))
    change(room, b, EDIT, { seq: 1, content: 'hello @eve' })
    expect(unread('eve')).toMatchObject({ unread: 0, mentions: 0, readSeq: 6 })
  })

  it.each<[what: string, mentions: number, does: (room: FakeRoom, b: FakeSocket) => void]>([
    ['a message', 1, (room, b) => room.say(b, 'hello @ann')],
    ['a message that mentions twice', 1, (room, b) => room.say(b, '@ann @ann')],
    ['one of somebody else', 0, (room, b) => room.say(b, '@bob')],
    ['everybody', 1, (room, b) => room.say(b, '@room')],
    ['an edit', 1, (room, b) => change(room, b, EDIT, { seq: 5, content: '@ann' })],
    [
      'an edit of what was read',
      0,
      (room, b) => change(room, b, EDIT, { seq: 1, content: '@ann' }),
    ],
    [
      'an edit that takes it back',
      0,
      (room, b) => {
        room.say(b, '@ann')
        change(room, b, EDIT, { seq: 7, content: 'nobody' })
      },
    ],
    [
      'edits of a message',
      2,
      (room, b) => {
        room.say(b, '@ann')
        for (const seq of [7, 5, 7, 5]) change(room, b, EDIT, { seq, content: `@ann ${seq}` })
      },
    ],
    [
      'a message that is deleted',
      1,
      (room, b) => {
        for (const content of ['@ann 1', '@ann 2']) room.say(b, content)
        change(room, b, EDIT, { seq: 8, content: '@ann 3' })
        change(room, b, DELETE, { seq: 8 })
      },
    ],
  ])('mentions: %s comes to %i', (_what, mentions, does) => {
    const { room, a, b, unread } = scene(evicted)
    room.turn((turn) => void room.room.setRole(turn, person(OWNER), 'bob', 'moderator'))
    read(room, a, 4)
    does(room, b)
    expect(unread()).toMatchObject({ mentions })
    expect(unread()).not.toHaveProperty('moreMentions')
    read(room, a, room.log.head())
    expect(unread()).toMatchObject({ unread: 0, mentions: 0 })
  })

  it('[R4] mentions: looks at the newest alone, and says so', () => {
    const { room, unread } = scene(evicted)
    const draft = {
      type: 'message',
      at: 1,
      sender: bob,
      content: '@ann',
      mentions: ['ann'],
    } as const
    for (let n = 0; n < MENTIONS_COUNTED; n++) room.log.append(draft)
    expect(unread()).toMatchObject({ mentions: MENTIONS_COUNTED })
    expect(unread()).not.toHaveProperty('moreMentions')
    room.log.append(draft)
    expect(unread()).toMatchObject({ mentions: MENTIONS_COUNTED, moreMentions: true })
  })
})

describe('[U1] [C1] the row of a member', () => {
  it('is written once for 1,000 messages read in a minute, whatever says so', () => {
    const { room, a, b, unread } = scene()
    room.now += READ_MARKER_PERIOD
    const rows = rowsOf(room)
    room.subscribe(a, 'log', LOG, { ack: 'client' })
    for (let n = 0; n < 500; n++) {
      room.say(b, 'x')
      room.send(a, 'ACK', { id: a.take()[0]?.headers.ack ?? '' })
      room.say(a, 'y')
      read(room, a, room.log.head())
      a.take()
      room.now += READ_MARKER_PERIOD / 501
    }
    expect([rows(), unread()?.unread]).toEqual([1, 0])
    room.now += READ_MARKER_PERIOD / 501
    room.say(b, 'x')
    expect(rows()).toBe(1)
    read(room, a, room.log.head())
    expect(rows()).toBe(2)
  })

  it('[H1] is written for what its member says where many events have come since', () => {
    const { room, unread } = scene()
    const said = () => {
      ask(room, ann, { type: 'message', content: 'y' })
      room.evict()
      return unread()?.unread
    }
    const others = (count: number) => {
      const draft = { type: 'message', at: 1, sender: bob, content: 'x' } as const
      for (let n = 0; n < count; n++) room.log.append(draft)
    }
    const rows = rowsOf(room)
    for (let n = 0; n < 10; n++) {
      room.now += 3_600_000
      expect([said(), rows()]).toEqual([0, 0])
    }
    const head = room.log.head()
    others(SPOKEN_EVENTS - head - 1)
    expect([said(), rows()]).toEqual([0, 0])
    expect([said(), rows()]).toEqual([0, 1])
    others(SPOKEN_EVENTS)
    expect([said(), rows()]).toEqual([0, 2])
  })

  it('is written once when the last connection goes, and not where nothing has moved', () => {
    const { room, a } = scene()
    const rows = rowsOf(room)
    const other = room.connect(ann)
    read(room, a, 3)
    room.leave(a)
    expect(rows()).toBe(0)
    room.leave(other)
    expect(rows()).toBe(1)
    room.leave(room.connect(ann))
    const again = room.connect(ann)
    read(room, again, 2)
    room.leave(again)
    expect(rows()).toBe(1)
  })

  it('is written at once over HTTP, and not where nothing has moved', () => {
    const { room } = scene()
    const rows = rowsOf(room)
    for (const seq of [3, 3, 2, 4]) ask(room, ann, { type: 'read', seq })
    expect(rows()).toBe(2)
  })

  it('loses a minute at most when the process dies with all sockets, and nothing that was said', () => {
    const { room, a, b, unread } = scene()
    room.now += READ_MARKER_PERIOD
    read(room, a, 2)
    room.now += READ_MARKER_PERIOD - 1
    read(room, a, 4)
    room.say(b, 'x')
    room.sockets.clear()
    room.evict()
    expect(unread()).toMatchObject({ readSeq: 2 })
    const again = room.connect(ann)
    room.say(again, 'y')
    room.sockets.clear()
    room.evict()
    expect(unread()).toMatchObject({ readSeq: 7, unread: 0 })
  })

  it('[R3] that cannot be written keeps nobody from reading or leaving', () => {
    const { room, a, unread } = scene()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    room.now += READ_MARKER_PERIOD
    const put = vi.spyOn(room.members, 'put').mockImplementation(() => {
      throw new Error('the disk is full')
    })
    read(room, a, 3)
    expect([a.closed, unread()?.readSeq]).toEqual([undefined, 3])
    put.mockRestore()
    read(room, a, 4)
    expect(room.members.get('ann')?.read).toMatchObject({ seq: 4, n: 4 })
    expect(logged).toHaveBeenCalledOnce()
    logged.mockRestore()
  })

  it('is not written for a room that is deleted', () => {
    const { room, a } = scene()
    read(room, a, 3)
    const rows = rowsOf(room)
    room.turn((turn) => room.room.delete(turn, person(OWNER), () => {}))
    expect([a.closed?.reason, rows()]).toEqual(['room-deleted', 0])
  })

  it('[R3] a message that fails moves nothing', () => {
    const { room, a, unread } = scene()
    failingAt(room, 6)
    room.say(a, 'x')
    expect(unread()).toMatchObject({ readSeq: 0, unread: 5 })
  })
})

describe('[U1] [R4] what somebody said last', () => {
  /** A log of so many messages of others, and the row of somebody who has read so far. */
  function scene(messages: number) {
    const room = new FakeRoom(FAST)
    const sender = { id: 'bob', name: 'Bob' }
    for (let n = 0; n < messages; n++) {
      room.log.append({ type: 'message', at: 1, sender, content: 'x' })
    }
    const rowOf = (id: string, seq: number): MemberRow => ({
      ...{ id, name: id, guest: false, role: 'writer', joined: { at: 1, seq: 0 } },
      read: { seq, n: seq, at: 1 },
    })
    const kept = new Map<string, FinallySpoken>()
    const memory = {
      recall: (id: string) => kept.get(id),
      remember: (id: string, found: FinallySpoken) => void kept.set(id, found),
    }
    const near = vi.spyOn(room.log, 'lastMessagesAfter')
    const far = vi.spyOn(room.log, 'lastMessageOf')
    const spoken = new LastSpoken(memory)
    return { log: room.log, rowOf, kept, near, far, spoken, again: () => new LastSpoken(memory) }
  }

  it('is read once for all whose markers are near, however they come', () => {
    const { log, rowOf, near, far, spoken } = scene(SPOKEN_EVENTS)
    for (let n = 1; n <= 200; n++) {
      expect(spoken.of(log, rowOf(`p${n}`, SPOKEN_EVENTS - 10 * n + 9))).toBe(0)
    }
    expect(spoken.of(log, rowOf('bob', 0))).toBe(SPOKEN_EVENTS)
    expect(near.mock.calls.length).toBeLessThan(15)
    const read = near.mock.calls.reduce((sum, [after]) => sum + SPOKEN_EVENTS - after, 0)
    expect(read).toBeLessThan(3 * SPOKEN_EVENTS)
    expect(far).not.toHaveBeenCalled()
    spoken.note('p1', SPOKEN_EVENTS + 1)
    expect(spoken.of(log, rowOf('p1', 5))).toBe(SPOKEN_EVENTS + 1)
  })

  it('[H1] is looked for once where a marker is far behind, and anew when it has moved', () => {
    const { log, rowOf, kept, far, spoken, again } = scene(SPOKEN_EVENTS + 100)
    expect(spoken.of(log, rowOf('ann', 3))).toBe(0)
    expect(spoken.of(log, rowOf('bob', 3))).toBe(SPOKEN_EVENTS + 3)
    expect(Object.fromEntries(kept)).toEqual({
      ann: { after: 3, seq: 0 },
      bob: { after: 3, seq: SPOKEN_EVENTS + 3 },
    })
    expect(again().of(log, rowOf('bob', 3))).toBe(SPOKEN_EVENTS + 3)
    expect(far).toHaveBeenCalledTimes(2)
    expect(again().of(log, rowOf('bob', 9))).toBe(SPOKEN_EVENTS + 9)
    expect(far).toHaveBeenCalledTimes(3)
  })
})
