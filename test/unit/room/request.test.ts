// What comes over HTTP: the same rights, refusals and order as what comes over STOMP.

import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { Refusal } from '../../../src/refusals.ts'
import type { RoomRequest } from '../../../src/room/request.ts'
import { DELETE, EDIT, bodies as heard, outcome, REACT } from '../../support/changes.ts'
import { ERRORS, FakeRoom, LOG, OWNER, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const SAY = '/pub/send/message'

/** The seq that a request is answered with, or the code of its refusal. */
function ask(room: FakeRoom, by: Principal, request: RoomRequest): number | string | undefined {
  let seq: number | undefined
  try {
    room.turn((turn) => {
      seq = room.room.execute(turn, by, structuredClone(request)).seq
    })
    return seq
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

const message = (content: string, more = {}): RoomRequest => ({ type: 'message', content, ...more })

const everything = (room: FakeRoom) => JSON.stringify([...room.log.after(0, 99)])

/** The same over both transports. */
const TWINS: readonly [RoomRequest, destination: string, body: Record<string, unknown>][] = [
  [message('one'), SAY, { content: 'one' }],
  [message('one', { replyTo: 1 }), SAY, { content: 'one', replyTo: 1 }],
  [{ type: 'edit', content: 'One', seq: 1 }, EDIT, { seq: 1, content: 'One' }],
  [{ type: 'reaction', on: true, reaction: '\u2764', seq: 1 }, REACT, { seq: 1, reaction: '❤️' }],
  [{ type: 'reaction', reaction: 'x', seq: 1 }, REACT, { seq: 1, reaction: 'x' }],
  [{ type: 'delete', seq: 1 }, DELETE, { seq: 1 }],
]

/** A room with a message of Ann, who listens to her errors, and Bob who listens to everything. */
function setUp() {
  const room = new FakeRoom()
  const [a, b] = [room.connect(ann), room.connect(bob)]
  room.say(a, 'first')
  room.subscribe(a, 'errors', ERRORS)
  room.subscribe(b, 'log', LOG)
  room.subscribe(b, 'who', SIGNALS)
  b.take()
  return { room, a, b }
}

describe.each([false, true])('a request, evicted between: %s', (evicted) => {
  const pause = (room: FakeRoom) => {
    if (evicted) room.evict()
  }

  it.each(TWINS)('[L1] [L4] of %j is told to who listens, as its SEND is', (request, to, body) => {
    const [over, direct] = [setUp(), setUp()]
    pause(over.room)
    expect(ask(over.room, ann, request)).toBe(2)
    expect(outcome(direct.room, direct.a, to, body)).toBe('2')
    expect(everything(over.room)).toBe(everything(direct.room))
    const [event] = heard(over.b)
    expect(heard(direct.b)).toEqual([event])
    expect(event).toMatchObject({ seq: 2, sender: { id: 'ann', name: 'ANN' } })
  })

  it.each(TWINS)('[L5] of %j and its SEND under one key are one event', (request, to, body) => {
    const { room, a, b } = setUp()
    expect(ask(room, ann, { ...request, idempotencyKey: 'k' })).toBe(2)
    pause(room)
    const key = { 'idempotency-key': 'k' }
    expect(outcome(room, a, to, body, key)).toBe('2')
    pause(room)
    expect(ask(room, ann, { ...request, idempotencyKey: 'k' })).toBe(2)
    expect(ask(room, ann, message('another', { idempotencyKey: 'k' }))).toBe('key-reused')
    expect(room.log.head()).toBe(2)
    expect(b.take()).toHaveLength(1)
    // A key is its sender's.
    expect(ask(room, bob, message('mine', { idempotencyKey: 'k' }))).toBe(3)
  })

  it.each(TWINS)('[L5] of %j finds the key of its SEND', (request, to, body) => {
    const { room, a } = setUp()
    expect(outcome(room, a, to, body, { 'idempotency-key': 'k' })).toBe('2')
    pause(room)
    expect(ask(room, ann, { ...request, idempotencyKey: 'k' })).toBe(2)
    expect(room.log.head()).toBe(2)
  })

  it('[L1] [L2] has its place between the messages of others', () => {
    const { room, a, b } = setUp()
    const seqs = [1, 2, 3].flatMap((n) => {
      pause(room)
      room.say(a, `over STOMP ${n}`, 'r')
      const [receipt] = a.take()
      return [Number(receipt?.headers.seq), ask(room, ann, message(`over HTTP ${n}`))]
    })
    expect(seqs).toEqual([2, 3, 4, 5, 6, 7])
    const links = b.take().map(({ headers }) => [headers.prev, headers.seq])
    expect(links).toEqual(seqs.map((seq) => [String(Number(seq) - 1), String(seq)]))
  })

  it('of a read marker is told, stored nowhere, and not told where a connection said so', () => {
    const { room, a, b } = setUp()
    for (const content of ['2', '3']) room.say(a, content)
    b.take()
    expect(ask(room, ann, { type: 'read', seq: 2 })).toBeUndefined()
    const user = { id: 'ann', name: 'ANN' }
    expect(heard(b)).toEqual([{ type: 'read', user, seq: 2 }])
    room.send(a, 'SEND', { destination: '/pub/read' }, '{"seq":3}')
    expect(heard(b)).toEqual([{ type: 'read', user, seq: 3 }])
    pause(room)
    ask(room, ann, { type: 'read', seq: 3 })
    expect(b.take()).toEqual([])
    expect(ask(room, ann, { type: 'read', seq: 4 })).toBe('event-unknown')
    expect(room.log.head()).toBe(3)
  })

  it('[A2] [M1] is refused for the role that its SEND is refused for', () => {
    const { room } = setUp()
    const requests = TWINS.map(([request]) => request)
    const stranger = person('nobody', [])
    room.roles.set('bob', 'reader')
    pause(room)
    for (const request of requests) {
      expect(ask(room, bob, request)).toBe('not-allowed')
      expect(ask(room, stranger, request)).toBe('not-allowed')
    }
    expect(ask(room, bob, { type: 'read', seq: 1 })).toBeUndefined()
    expect(ask(room, stranger, { type: 'read', seq: 1 })).toBe('not-allowed')
    room.roles.set('bob', 'banned')
    pause(room)
    for (const request of [...requests, { type: 'read', seq: 1 } as const]) {
      expect(ask(room, bob, request)).toBe('banned')
    }
    expect(room.log.head()).toBe(1)
  })

  it('[A2] of a guest is refused where the room asks for accounts', () => {
    const { room } = setUp()
    room.set({ entry: 'accounts' })
    pause(room)
    expect(ask(room, { ...bob, guest: true }, message('x'))).toBe('accounts-only')
    expect(ask(room, bob, message('x'))).toBe(2)
  })

  it('changes what is one’s own, and a moderator deletes the others’', () => {
    const { room } = setUp()
    pause(room)
    expect(ask(room, bob, { type: 'edit', seq: 1, content: 'x' })).toBe('not-author')
    expect(ask(room, bob, { type: 'delete', seq: 1 })).toBe('not-author')
    expect(ask(room, person(OWNER), { type: 'delete', seq: 1 })).toBe(2)
    expect(ask(room, person(OWNER), { type: 'delete', seq: 1 })).toBe(2)
    expect(ask(room, ann, { type: 'edit', seq: 1, content: 'x' })).toBe('event-deleted')
    expect(ask(room, ann, { type: 'reaction', seq: 1, reaction: 'x' })).toBe('event-deleted')
  })

  it('[R5] [M1] makes its sender a member, and does not if it is refused', () => {
    const requests: [RoomRequest, answer: number | string][] = [
      [{ type: 'edit', seq: 1, content: 'x' }, 'not-author'],
      [{ type: 'reaction', seq: 9, reaction: 'x' }, 'event-unknown'],
      [{ type: 'pin', seq: 1 }, 'not-allowed'],
      [message('x'.repeat(9999)), 'content-too-large'],
      [message('x', { idempotencyKey: '' }), 'header-invalid'],
      [message('x'), 2],
    ]
    const { room } = setUp()
    const cid = person('cid')
    for (const [request, answer] of requests) {
      pause(room)
      expect(ask(room, cid, request)).toBe(answer)
      expect(room.members.get('cid') !== undefined).toBe(answer === 2)
    }
  })

  it('[R4] counts against the rate of its sender, with the messages over STOMP', () => {
    const room = new FakeRoom()
    const a = room.connect(ann)
    for (let n = 0; n < 25; n++) {
      room.say(a, 'x')
      expect(ask(room, ann, message('x'))).toBe(2 * n + 2)
    }
    expect(ask(room, ann, message('x'))).toBe('too-fast')
    expect(ask(room, bob, message('x'))).toBe(51)
    expect(room.log.head()).toBe(51)
  })

  it('[R5] is refused in a full room, where a deletion is not', () => {
    const { room } = setUp()
    room.storedBytes = 1e7
    pause(room)
    expect(ask(room, ann, message('x'))).toBe('room-full')
    expect(ask(room, ann, { type: 'delete', seq: 1 })).toBe(2)
  })

  it.each<[RoomRequest, string]>([
    [message(''), 'body-invalid'],
    [message('x'.repeat(1001)), 'content-too-large'],
    [message('x', { replyTo: 2 }), 'body-invalid'],
    [message('x', { replyTo: 0.5 }), 'body-invalid'],
    [message('x', { idempotencyKey: '' }), 'header-invalid'],
    [message('x', { idempotencyKey: 'k'.repeat(129) }), 'header-invalid'],
    [message('x', { idempotencyKey: 'k', idempotencySince: 'once' }), 'header-invalid'],
    [{ type: 'edit', seq: 2, content: 'x' }, 'event-unknown'],
    [{ type: 'edit', seq: 0, content: 'x' }, 'body-invalid'],
    [{ type: 'delete', seq: 2 }, 'event-unknown'],
    [{ type: 'reaction', seq: 2, reaction: 'x' }, 'event-unknown'],
    [{ type: 'reaction', seq: 1, reaction: '' }, 'body-invalid'],
    [{ type: 'reaction', seq: 1, reaction: '\u200b' }, 'body-invalid'],
    [{ type: 'reaction', seq: 1, reaction: 'x'.repeat(33) }, 'body-invalid'],
    [{ type: 'read', seq: 0 }, 'body-invalid'],
  ])('[R1] %j is refused with %s, and nothing is done (%#)', (request, code) => {
    const { room, b } = setUp()
    const before = everything(room)
    pause(room)
    expect(ask(room, ann, request)).toBe(code)
    expect(everything(room)).toBe(before)
    expect(b.take()).toEqual([])
    expect(ask(room, ann, message('goes on'))).toBe(2)
  })

  it('[D11] that cannot be stored leaves no trace, and its key is good again', () => {
    const { room, b } = setUp()
    const request = message('x', { idempotencyKey: 'k' })
    room.log.failsAt = 2
    expect(() => ask(room, ann, request)).toThrow('the disk is full')
    expect(b.take()).toEqual([])
    pause(room)
    room.log.failsAt = undefined
    expect(ask(room, ann, request)).toBe(2)
  })
})
