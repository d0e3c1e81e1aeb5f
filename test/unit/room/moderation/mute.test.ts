import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../../src/auth/principal.ts'
import { askRoom } from '../../../support/ask-room.ts'
import { CHANNEL, ERRORS, FakeRoom, LOG, OWNER, person } from '../../../support/fake-room.ts'

const owner = person(OWNER)
const [ann, bob, mod] = [person('ann'), person('bob'), person('mod')]
const admin = person('root', ['GENERAL', 'ADMIN'])
const NOTICES = '/user/queue/notices'

const mute = (room: FakeRoom, by: Principal, personId: string, until: number | null) =>
  askRoom(room, (turn, { moderation }) => {
    const act = { type: 'mute', personId, until, reason: 'loud' } as const
    return moderation.act(turn, by, act).member?.mutedUntil ?? null
  })
const say = (room: FakeRoom, by: Principal) =>
  askRoom(room, (turn, each) => each.execute(turn, by, { type: 'message', content: 'x' }).seq)

/** A room with a moderator, and ann on a socket that listens. */
function scene() {
  const room = new FakeRoom()
  room.roles.set('mod', 'moderator')
  const socket = room.connect(ann)
  room.subscribe(socket, 'log', LOG)
  room.subscribe(socket, 'errors', ERRORS)
  room.subscribe(socket, 'notices', NOTICES)
  socket.take()
  return { room, socket, until: room.now + 60_000 }
}

describe('[M1][H1] a mute', () => {
  it('refuses every write mildly, says until when, and reading goes on', () => {
    const { room, socket, until } = scene()
    expect(mute(room, mod, 'ann', until)).toBe(until)
    const [notice] = socket.take()
    expect(notice?.headers).toMatchObject({ destination: NOTICES, subscription: 'notices' })
    expect(JSON.parse(notice?.body ?? '')).toEqual({
      ...{ type: 'muted', reason: 'loud', until: '2026-11-21T08:01:00.000Z' },
      ...{ by: { id: 'mod', name: 'MOD' }, seq: 0 },
    })
    for (const destination of ['/pub/send/message', '/pub/react/message', '/pub/typing', CHANNEL]) {
      room.evict()
      room.send(socket, 'SEND', { destination, receipt: 'r' }, '{"seq":1,"reaction":"x","on":true}')
      const [error] = socket.take()
      expect(error?.headers).toMatchObject({ code: 'muted', 'receipt-id': 'r' })
      expect(error?.body).toContain('until 2026-11-21T08:01:00.000Z')
    }
    expect(say(room, ann)).toBe('muted')
    expect(say(room, bob)).toBe(1)
    expect(socket.take()).toMatchObject([{ headers: { subscription: 'log', seq: '1' } }])
    expect(askRoom(room, (_turn, each) => each.members(bob, {}).members)).toMatchObject([
      { id: 'ann', mutedUntil: until },
      { id: 'bob' },
    ])
  })

  it('ends by itself', () => {
    const { room, until } = scene()
    mute(room, mod, 'ann', until)
    room.now = until - 1
    expect(say(room, ann)).toBe('muted')
    room.now = until
    expect(say(room, ann)).toBe(1)
    expect(askRoom(room, (_turn, each) => each.members(ann, {}).members[0])).not.toHaveProperty(
      'mutedUntil',
    )
  })

  it('is lifted, and says so once', () => {
    const { room, socket, until } = scene()
    mute(room, mod, 'ann', until)
    expect([mute(room, mod, 'ann', null), mute(room, mod, 'ann', null)]).toEqual([null, null])
    expect(say(room, ann)).toBe(1)
    const types = socket.take().map(({ body }) => JSON.parse(body).type)
    expect(types).toEqual(['muted', 'unmuted', 'message'])
    expect(room.moderation.page(undefined, 9)).toMatchObject([
      { action: 'unmute', user: { id: 'ann', name: 'ANN' } },
      { action: 'mute', until, reason: 'loud', by: { id: 'mod' }, seq: 0 },
    ])
  })

  it('is not got rid of by leaving', () => {
    const { room, until } = scene()
    mute(room, mod, 'ann', until)
    askRoom(room, (turn, each) => each.removeMember(turn, ann, 'ann'))
    room.connect(ann)
    expect(say(room, ann)).toBe('muted')
  })

  it.each<[what: string, by: Principal, of: string, until: number, code: string]>([
    ['of oneself', mod, 'mod', 1e13, 'not-allowed'],
    ['of oneself, by an administrator', admin, 'root', 1e13, 'not-allowed'],
    ['of the owner', mod, OWNER, 1e13, 'not-allowed'],
    ['of an equal', mod, 'other', 1e13, 'not-allowed'],
    ['by a writer', bob, 'ann', 1e13, 'not-allowed'],
    ['that has ended', mod, 'ann', 5, 'body-invalid'],
    ['of a stranger', mod, 'nobody', 1e13, 'member-unknown'],
  ])('%s is refused, and nothing is written', (_what, by, of, until, code) => {
    const { room } = scene()
    room.roles.set('other', 'moderator')
    expect(mute(room, by, of, until)).toBe(code)
    expect(room.moderation.page(undefined, 9)).toEqual([])
  })

  it('of somebody who has just left is refused', () => {
    const { room, until } = scene()
    askRoom(room, (turn, each) => each.removeMember(turn, ann, 'ann'))
    expect(mute(room, mod, 'ann', until)).toBe('member-unknown')
  })

  it('binds moderators, and not who becomes the owner', () => {
    const { room, until } = scene()
    expect(mute(room, owner, 'mod', until)).toBe(until)
    expect(say(room, mod)).toBe('muted')
    room.connect(mod)
    askRoom(room, (turn, each) => each.setRole(turn, owner, 'mod', 'owner'))
    expect(say(room, mod)).toBe(3)
    // Nobody could lift it, and it does not come back after another hand-over.
    expect(room.members.get('mod')?.mutedUntil).toBeUndefined()
  })
})

describe('[H1] slow mode', () => {
  const slow = (seconds = 30) => {
    const { room, socket } = scene()
    expect(
      askRoom(room, (turn, each) => {
        each.changeRoom(turn, mod, { settings: { slowMode: seconds } })
        return 'done'
      }),
    ).toBe('done')
    return { room, socket }
  }

  it('refuses the next message with the seconds left, also after an eviction', () => {
    const { room, socket } = slow()
    room.say(socket, 'one')
    room.now += 10_500
    for (const evicted of [false, true]) {
      if (evicted) room.evict()
      socket.take()
      room.say(socket, 'two', 'r')
      const [error] = socket.take()
      expect(error?.headers).toMatchObject({ code: 'slow-mode', 'retry-after': '20' })
      expect(error?.headers['receipt-id']).toBe('r')
    }
    room.now += 19_500
    room.say(socket, 'two')
    expect(room.log.head()).toBe(2)
  })

  it('tells a client that hears no errors in the ERROR', () => {
    const { room } = slow()
    const socket = room.connect(bob)
    room.say(socket, 'one')
    room.say(socket, 'two')
    expect(socket.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'slow-mode', 'retry-after': '30' } },
    ])
    expect(socket.closed?.code).toBe(4429)
  })

  it('is for each person by themselves, and not for moderators', () => {
    const { room } = slow()
    expect([say(room, ann), say(room, bob), say(room, ann)]).toEqual([1, 2, 'slow-mode'])
    expect([say(room, mod), say(room, mod), say(room, owner), say(room, owner)]).toEqual([
      ...[3, 4, 5, 6],
    ])
  })

  it('does not limit edits, reactions and repeated keys', () => {
    const { room, socket } = slow()
    room.say(socket, 'one', undefined, 'key')
    room.say(socket, 'one', 'r', 'key')
    const edit = { type: 'edit', seq: 1, content: 'y' } as const
    expect(askRoom(room, (turn, each) => each.execute(turn, ann, edit).seq)).toBe(2)
    const react = { type: 'reaction', seq: 1, reaction: 'x', on: true } as const
    expect(askRoom(room, (turn, each) => each.execute(turn, ann, react).seq)).toBe(3)
  })

  it('counts the messages of a transaction', () => {
    const { room, socket } = slow()
    room.send(socket, 'BEGIN', { transaction: 't' })
    for (const text of ['a', 'b']) {
      room.send(socket, 'SEND', { transaction: 't', destination: '/pub/send/message' }, text)
    }
    room.send(socket, 'COMMIT', { transaction: 't' })
    expect(socket.closed?.reason).toBe('slow-mode')
    expect(room.log.head()).toBe(0)
    expect(say(room, ann)).toBe(1)
  })

  it('that grows longer asks the log again', () => {
    const { room } = slow(10)
    expect(say(room, ann)).toBe(1)
    room.now += 60_000
    room.turn((turn) => {
      room.room.execute(turn, bob, { type: 'message', content: 'x' })
      room.room.changeRoom(turn, mod, { settings: { slowMode: 21_600 } })
    })
    expect([say(room, ann), say(room, bob)]).toEqual(['slow-mode', 'slow-mode'])
  })

  it('is set by moderators, and frozen refuses before it', () => {
    const { room } = slow()
    const set = (by: Principal) =>
      askRoom(room, (turn, each) => each.changeRoom(turn, by, { settings: { frozen: true } }).id)
    expect(set(ann)).toBe('not-allowed')
    set(mod)
    expect([say(room, ann), say(room, mod)]).toEqual(['room-frozen', 1])
    expect(room.moderation.page(undefined, 9)).toMatchObject([
      { action: 'settings', detail: { frozen: true } },
      { action: 'settings', detail: { slowMode: 30 } },
    ])
  })
})

describe('a notice', () => {
  it('tells a role, and a message that a moderator deleted, which the log keeps', () => {
    const { room, socket } = scene()
    room.say(socket, 'rude')
    socket.take()
    expect(
      askRoom(room, (turn, each) => each.execute(turn, mod, { type: 'delete', seq: 1 }).seq),
    ).toBe(2)
    askRoom(room, (turn, each) => each.setRole(turn, mod, 'ann', 'reader', 'rude').role)
    const told = socket.take().filter(({ headers }) => headers.subscription === 'notices')
    expect(told.map(({ body }) => JSON.parse(body))).toEqual([
      { type: 'message-deleted', target: 1, by: { id: 'mod', name: 'MOD' }, seq: 2 },
      ...[{ type: 'role', role: 'reader', reason: 'rude', by: { id: 'mod', name: 'MOD' }, seq: 3 }],
    ])
    expect(room.moderation.page(undefined, 9)).toMatchObject([
      { action: 'role', seq: 3 },
      { action: 'delete', user: { id: 'ann', name: 'ANN' }, detail: { seq: 1 }, seq: 2 },
    ])
  })

  it('[M1] tells the reason of a deletion, over STOMP and HTTP alike, and so does the log', () => {
    const { room, socket } = scene()
    const moderator = room.connect(mod)
    for (const content of ['rude', 'ruder', 'mine']) room.say(socket, content)
    const destination = '/pub/delete/message'
    room.send(moderator, 'SEND', { destination }, '{"seq":1,"reason":" off topic "}')
    const deletion = { type: 'delete', seq: 2, reason: 'spam' } as const
    expect(askRoom(room, (turn, each) => each.execute(turn, mod, deletion).seq)).toBe(5)
    // Nobody is told why people take back what they said themselves.
    room.send(socket, 'SEND', { destination }, '{"seq":3,"reason":"typo"}')
    const told = socket.take().filter(({ headers }) => headers.subscription === 'notices')
    expect(told.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'message-deleted', target: 1, reason: 'off topic', seq: 4 },
      { type: 'message-deleted', target: 2, reason: 'spam', seq: 5 },
    ])
    expect(room.moderation.page(undefined, 9)).toMatchObject([
      { action: 'delete', reason: 'spam', detail: { seq: 2 } },
      { action: 'delete', reason: 'off topic', detail: { seq: 1 } },
    ])
    const events = JSON.stringify([...room.log.after(0, 9)])
    expect(events).not.toMatch(/spam|off topic|typo/)
  })

  it.each(['', ' ', 'x'.repeat(201), 'a\u202eb', 7, null])(
    '[R3] refuses %j as the reason of a deletion, and deletes nothing',
    (reason) => {
      const { room, socket } = scene()
      room.say(socket, 'rude')
      const deletion = { type: 'delete', seq: 1, reason: reason as string } as const
      expect(askRoom(room, (turn, each) => each.execute(turn, mod, deletion).seq)).toBe(
        'body-invalid',
      )
      expect([room.log.head(), room.moderation.page(undefined, 9)]).toEqual([1, []])
    },
  )

  it('[L5] a deletion has another reason under the same key: it is another request', () => {
    const { room, socket } = scene()
    room.say(socket, 'rude')
    const execute = (more: object) =>
      askRoom(room, (turn, each) => {
        const deletion = { type: 'delete', seq: 1, idempotencyKey: 'k', ...more } as const
        return each.execute(turn, mod, deletion).seq
      })
    const spam = { reason: 'spam' }
    expect([execute(spam), execute(spam), execute({ reason: 'ham' }), execute({})]).toEqual([
      ...[2, 2, 'key-reused', 'key-reused'],
    ])
    expect(room.moderation.page(undefined, 9)).toHaveLength(1)
  })

  it('is for nobody else, and not for what people do themselves', () => {
    const { room, socket, until } = scene()
    const other = room.connect(bob)
    room.subscribe(other, 'notices', NOTICES)
    room.say(socket, 'mine')
    room.send(socket, 'SEND', { destination: '/pub/delete/message' }, '{"seq":1}')
    mute(room, mod, 'ann', until)
    expect(other.take()).toEqual([])
    expect(room.moderation.page(undefined, 9)).toMatchObject([{ action: 'mute' }])
  })
})
