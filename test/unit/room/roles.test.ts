import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { Refusal } from '../../../src/refusals.ts'
import type { Introduction, Member } from '../../../src/room/membership/member.ts'
import type { Role } from '../../../src/room/permissions.ts'
import {
  CHANNEL,
  ERRORS,
  FakeRoom,
  LOG,
  OWNER,
  person,
  QUEUE,
  SIGNALS,
} from '../../support/fake-room.ts'

const owner = person(OWNER)
const admin = person('root', ['GENERAL', 'ADMIN'])
const ann = person('ann')
const bob = person('bob')

const INTRODUCED = { name: 'Somebody', guest: false }

/** What a room answers, or the code of its refusal. */
function set(
  room: FakeRoom,
  by: Principal,
  id: string,
  role: Role,
  introduced: Introduction | undefined = INTRODUCED,
) {
  let answer: Pick<Member, 'id' | 'role'> | string = ''
  room.turn((turn) => {
    try {
      const member = room.room.setRole(turn, by, id, role, undefined, introduced)
      answer = { id: member.id, role: member.role }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answer = error.code
    }
  })
  return answer
}

describe('who may set a role', () => {
  it.each<[by: Principal, is: Role | '', of: string, was: Role | '', next: Role, may: boolean]>([
    [owner, '', 'bob', '', 'moderator', true],
    [owner, '', 'bob', 'moderator', 'banned', true],
    [owner, '', OWNER, '', 'reader', false],
    [admin, '', 'bob', 'moderator', 'banned', true],
    [admin, 'banned', 'bob', '', 'reader', true],
    [admin, '', OWNER, '', 'banned', false],
    [ann, 'moderator', 'bob', '', 'reader', true],
    [ann, 'moderator', 'bob', 'banned', 'writer', true],
    [ann, 'moderator', 'bob', '', 'moderator', false],
    [ann, 'moderator', 'bob', 'moderator', 'reader', false],
    [ann, 'moderator', 'ann', 'moderator', 'writer', false],
    [ann, 'moderator', OWNER, '', 'banned', false],
    [ann, '', 'bob', '', 'banned', false],
    [ann, 'reader', 'bob', '', 'reader', false],
  ])('$0.id, $1: $2, $3 to $4: $5', (by, is, id, was, next, may) => {
    const room = new FakeRoom()
    if (is) room.roles.set(by.id, is)
    if (was) room.roles.set(id, was)
    expect(set(room, by, id, next)).toEqual(may ? { id, role: next } : 'not-allowed')
    const row = next === 'writer' ? undefined : next
    const kept = may ? row : was || undefined
    expect(room.roles.get(id)).toBe(id === by.id ? is || undefined : kept)
  })

  it('is nobody who is banned', () => {
    const room = new FakeRoom()
    room.roles.set('ann', 'banned')
    expect(set(room, ann, 'bob', 'reader')).toBe('banned')
  })
})

describe('a ban', () => {
  it('ends every connection of the person at once, and lets none in', () => {
    const room = new FakeRoom()
    const [opened, connected, other] = [room.open(ann), room.connect(ann), room.connect(bob)]
    room.evict()
    set(room, owner, 'ann', 'banned')
    for (const socket of [opened, connected]) {
      expect(socket.take()[0]).toMatchObject({ command: 'ERROR', headers: { code: 'banned' } })
      expect(socket.closed).toEqual({ code: 4503, reason: 'banned' })
    }
    expect(other.closed).toBeUndefined()
    expect(() => room.open(ann)).toThrow('banned')
    expect(() => room.room.demand(ann, 'read')).toThrow('banned')
    expect(() => room.room.members(ann, {})).toThrow('banned')
  })

  it('ends when it is lifted', () => {
    const room = new FakeRoom()
    set(room, owner, 'ann', 'banned')
    set(room, owner, 'ann', 'writer')
    expect(() => room.connect(ann)).not.toThrow()
  })
})

describe('a reader', () => {
  it.each([
    ['SEND', '/pub/send/message'],
    ['SEND', CHANNEL],
    ['SEND', QUEUE],
    ['SUBSCRIBE', QUEUE],
  ] as const)('may not %s %s', (command, destination) => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    set(room, owner, 'ann', 'reader')
    room.send(socket, command, { destination, id: 'x' }, 'text')
    expect(socket.closed).toEqual({ code: 4503, reason: 'not-allowed' })
  })

  it.each(['/pub/send/message', '/pub/react/message', '/pub/typing', CHANNEL, QUEUE])(
    'that listens to its errors is told so, and goes on reading: SEND %s',
    (destination) => {
      const room = new FakeRoom()
      const [socket, writer] = [room.connect(ann), room.connect(bob)]
      room.subscribe(socket, 'log', LOG)
      room.subscribe(socket, 'errors', ERRORS)
      set(room, owner, 'ann', 'reader')
      socket.take()
      room.send(socket, 'SEND', { destination, receipt: 'r' }, 'text')
      expect(socket.take()).toMatchObject([
        {
          command: 'MESSAGE',
          headers: { subscription: 'errors', code: 'not-allowed', 'receipt-id': 'r' },
        },
      ])
      room.say(writer, 'news')
      expect(socket.take()).toMatchObject([{ headers: { seq: '2' } }])
    },
  )

  it.each([
    ['SEND', '/pub/send/massage', '', bob],
    ['SUBSCRIBE', QUEUE, '', ann],
    ['SEND', '/pub/auth', 'NEWS', bob],
  ] as const)(
    '[A2] nor is more than that told mildly: %s %s %s',
    (command, destination, role, who) => {
      const room = new FakeRoom()
      const socket = room.connect(who)
      room.subscribe(socket, 'errors', ERRORS)
      set(room, owner, 'ann', 'reader')
      const token = role ? room.token(person(who.id, [role])) : undefined
      room.send(socket, command, { destination, id: 'x' }, command === 'SEND' ? 'x' : '', token)
      expect(socket.closed).toEqual({ code: 4503, reason: 'not-allowed' })
    },
  )

  it('goes on reading without a break', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.subscribe(socket, 'log', LOG)
    room.subscribe(socket, 'cursors', CHANNEL)
    set(room, owner, 'ann', 'reader')
    expect(socket.closed).toBeUndefined()
  })

  it('that consumed a queue is told to come back', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.subscribe(socket, 'jobs', QUEUE)
    room.evict()
    set(room, owner, 'ann', 'reader')
    expect(socket.closed).toEqual({ code: 4000, reason: 'standing-changed' })
  })

  it('cannot commit what was begun as a writer', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'BEGIN', { transaction: 't' })
    room.send(socket, 'SEND', { destination: '/pub/send/message', transaction: 't' }, 'text')
    set(room, owner, 'ann', 'reader')
    room.send(socket, 'COMMIT', { transaction: 't' })
    expect(socket.closed?.reason).toBe('not-allowed')
    expect([...room.log.after(0, 9)].map(({ type }) => type)).toEqual(['role'])
  })
})

describe('the people of whom a room keeps a row', () => {
  it('[R5] are so many: one more is refused, and nothing of it is done', () => {
    const room = new FakeRoom({ members: 3 })
    const listener = room.connect(ann)
    room.subscribe(listener, 'signals', SIGNALS)
    for (const id of ['x', 'y']) set(room, owner, id, 'banned')
    listener.take()
    expect(set(room, owner, 'bob', 'banned')).toBe('too-many-members')
    expect(listener.take()).toEqual([])
    expect(room.members.size).toBe(3)
    const late = room.open(bob)
    room.send(late, 'CONNECT', { 'accept-version': '1.2' }, '', room.token(bob))
    expect(late.closed).toEqual({ code: 4503, reason: 'too-many-members' })
    // Those who are there can be changed, and whoever is as all are makes room.
    expect(set(room, owner, 'x', 'reader')).toEqual({ id: 'x', role: 'reader' })
    expect(set(room, owner, 'x', 'writer')).toEqual({ id: 'x', role: 'writer' })
    room.connect(bob)
    expect(set(room, owner, 'bob', 'reader')).toEqual({ id: 'bob', role: 'reader' })
    expect(room.members.size).toBe(3)
  })

  it('[R5] leave no row behind, also where a version before kept one', () => {
    const room = new FakeRoom({ members: 1 })
    room.roles.set('x', 'writer')
    expect(set(room, owner, 'bob', 'reader')).toBe('too-many-members')
    expect(set(room, owner, 'x', 'writer')).toEqual({ id: 'x', role: 'writer' })
    expect(set(room, owner, 'bob', 'reader')).toEqual({ id: 'bob', role: 'reader' })
  })
})

describe('a consumer of a work queue', () => {
  const RANKS = ['reader', 'writer', 'moderator', 'owner'] as const

  it.each(RANKS.slice(1).flatMap((least) => RANKS.map((role) => [least, role] as const)))(
    '[A2] is at least a %s where that is asked for: %s',
    (least, role) => {
      const room = new FakeRoom({ queueConsumers: least })
      if (role !== 'owner') room.roles.set('ann', role)
      const socket = room.connect(role === 'owner' ? owner : ann)
      room.subscribe(socket, 'errors', ERRORS)
      room.subscribe(socket, 'jobs', QUEUE)
      const may = RANKS.indexOf(role) >= RANKS.indexOf(least)
      expect(socket.closed?.reason).toBe(may ? undefined : 'not-allowed')
    },
  )

  it('[A2] needs no more than a writer to be sent something', () => {
    const room = new FakeRoom({ queueConsumers: 'moderator' })
    room.send(room.connect(ann), 'SEND', { destination: QUEUE }, 'job')
    const worker = room.connect(owner)
    room.subscribe(worker, 'jobs', QUEUE)
    expect(worker.take()).toMatchObject([{ command: 'MESSAGE', body: 'job' }])
  })

  it('[A2] that is a moderator no more is told to come back, and what it had is given to others', () => {
    const room = new FakeRoom({ queueConsumers: 'moderator' })
    room.roles.set('ann', 'moderator')
    const [socket, other] = [room.connect(ann), room.connect(owner)]
    room.subscribe(socket, 'jobs', QUEUE, { ack: 'client' })
    room.send(other, 'SEND', { destination: QUEUE }, 'job')
    room.subscribe(other, 'jobs', QUEUE)
    room.evict()
    set(room, owner, 'ann', 'writer')
    expect(socket.closed).toEqual({ code: 4000, reason: 'standing-changed' })
    expect(other.take()).toMatchObject([{ headers: { redelivered: 'true' }, body: 'job' }])
  })
})

describe('a role', () => {
  it('is told to those who listen to the signals, once', () => {
    const room = new FakeRoom()
    const socket = room.connect(bob)
    room.subscribe(socket, 'signals', SIGNALS)
    socket.take()
    set(room, owner, 'ann', 'moderator')
    set(room, owner, 'ann', 'moderator')
    const bodies = socket.take().map(({ body }) => JSON.parse(body))
    const told = { type: 'standing', user: { id: 'ann' }, role: 'moderator', standing: 'moderator' }
    expect(bodies).toEqual([told])
  })

  it('of an administrator is the owner’s, in every room', () => {
    const room = new FakeRoom()
    room.turn((turn) => room.room.delete(turn, admin, () => {}))
    expect(() => room.turn((turn) => room.room.delete(turn, ann, () => {}))).toThrow('not-allowed')
  })
})
