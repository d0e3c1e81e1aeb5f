// A direct room in the own list of rooms of each of the two: hidden until a message comes.

import { beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { setBlock } from '../../../src/room/membership/direct-room.ts'
import { setHidden } from '../../../src/room/membership/own-lists.ts'
import type { RoomRequest } from '../../../src/room/request.ts'
import { askRoom } from '../../support/ask-room.ts'
import { FakeRoom, person, ROOM_ID } from '../../support/fake-room.ts'

const [ann, bob, eve] = [person('ann'), person('bob'), person('eve')]

let room: FakeRoom

beforeEach(() => {
  room = new FakeRoom({}, 'direct')
  for (const { id, name } of [ann, bob]) {
    room.members.put({ id, name, guest: false, role: 'writer', joined: { at: 1, seq: 0 } })
  }
})

/** Whose accounts hear of it, or why it was refused. */
const hide = (by: Principal, isHidden = true) =>
  askRoom(room, (turn) => {
    setHidden(turn, by, isHidden)
    return turn.membership.map(({ type, member }) => `${type} ${member.id}`)
  })

const ask = (by: Principal, request: RoomRequest) =>
  askRoom(room, (turn, each) => {
    each.execute(turn, by, request)
    return turn.membership.map(({ type, member }) => `${type} ${member.id}`)
  })

const say = (by: Principal, more: object = {}) =>
  ask(by, { type: 'message', content: 'x', ...more })

const states = () => Object.fromEntries(room.ownLists.all())

describe('[M1][H1] a direct room', () => {
  it('is hidden for one of the two, and shown again', () => {
    expect(hide(ann)).toEqual(['listed ann'])
    expect(states()).toEqual({ ann: 'hidden' })
    expect(hide(ann)).toEqual(['listed ann'])
    expect(hide(bob)).toEqual(['listed bob'])
    expect(hide(ann, false)).toEqual(['listed ann'])
    expect(states()).toEqual({ ann: 'untold', bob: 'hidden' })
    expect(hide(ann, false)).toEqual(['listed ann'])
    expect(room.log.head()).toBe(0)
  })

  it.each([
    ['the other', bob],
    ['whoever has hidden it', ann],
  ])('is listed again with a message of %s, until their account has heard of it', (_who, by) => {
    hide(ann)
    expect(say(by)).toEqual(['listed ann'])
    expect(states()).toEqual({ ann: 'untold' })
    expect(say(bob)).toEqual(['listed ann'])
    room.ownLists.set('ann', undefined)
    expect(say(bob)).toEqual([])
  })

  it('stays hidden with anything but a message', () => {
    say(bob)
    hide(ann)
    for (const request of [
      { type: 'edit', seq: 1, content: 'y' },
      { type: 'reaction', seq: 1, reaction: '👍', on: true },
      { type: 'read', seq: 1 },
      { type: 'delete', seq: 1 },
    ] as const) {
      expect(ask(bob, request)).toEqual([])
    }
    const socket = room.connect(bob)
    room.send(socket, 'SEND', { destination: '/pub/typing' })
    for (const more of [{ content: 'x'.repeat(9000) }, { replyTo: 99 }]) {
      expect(say(bob, more)).toEqual(expect.any(String))
    }
    expect(states()).toEqual({ ann: 'hidden' })
  })

  it('[L5] stays hidden with a message of before that is sent again under its key', () => {
    const more = { idempotencyKey: 'k' }
    say(bob, more)
    hide(ann)
    expect(say(bob, more)).toEqual([])
    expect(states()).toEqual({ ann: 'hidden' })
  })

  it('stays hidden for whoever blocks the other, also by a block that comes later', () => {
    hide(ann)
    askRoom(room, (turn) => setBlock(turn, ann, true))
    expect(say(bob)).toEqual([])
    expect(hide(ann, false)).toEqual(['listed ann'])
    expect(hide(ann)).toEqual(['listed ann'])
    expect(say(bob)).toEqual([])
    askRoom(room, (turn) => setBlock(turn, ann, false))
    expect(states()).toEqual({ ann: 'hidden' })
    expect(say(bob)).toEqual(['listed ann'])
  })

  it('is listed again at COMMIT, and not by a transaction that is aborted', () => {
    hide(ann)
    const socket = room.connect(bob)
    const headers = { destination: '/pub/send/message', transaction: 't' }
    for (const end of ['ABORT', 'COMMIT'] as const) {
      room.send(socket, 'BEGIN', { transaction: 't' })
      room.send(socket, 'SEND', headers, 'one')
      room.send(socket, 'SEND', headers, 'two')
      room.evict()
      expect(states()).toEqual({ ann: 'hidden' })
      room.send(socket, end, { transaction: 't' })
    }
    expect([room.log.head(), states()]).toEqual([2, { ann: 'untold' }])
  })

  it('[R3] is listed again together with the message, or neither is', () => {
    hide(ann)
    const { set } = room.ownLists
    room.ownLists.set = () => {
      throw new Error('full')
    }
    expect(() => say(bob)).toThrow('full')
    expect([room.log.head(), states()]).toEqual([0, { ann: 'hidden' }])
    room.ownLists.set = set
    expect(say(bob)).toEqual(['listed ann'])
    expect([room.log.head(), states()]).toEqual([1, { ann: 'untold' }])
  })

  it('[M2] is not there for others, and is nobody’s to hide for them', () => {
    expect(hide(eve)).toBe('room-unknown')
    expect(hide({ ...eve, rooms: { [ROOM_ID]: 'owner' } })).toBe('room-unknown')
    expect(hide(person('root', ['GENERAL', 'ADMIN']))).toBe('not-allowed')
    expect(states()).toEqual({})
  })

  it.each(['public', 'unlisted', 'private', 'broadcast'] as const)(
    'is the only kind that is hidden: a %s room is not',
    (kind) => {
      room = new FakeRoom({}, kind)
      room.members.put({
        ...{ id: 'ann', name: 'ANN', guest: false, role: 'writer' },
        joined: { at: 1, seq: 0 },
      })
      expect(hide(ann)).toBe('not-allowed')
      expect(hide(eve)).toBe(kind === 'private' ? 'room-unknown' : 'not-allowed')
      expect(states()).toEqual({})
    },
  )
})
