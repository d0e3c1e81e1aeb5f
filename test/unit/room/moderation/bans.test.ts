import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../../src/auth/principal.ts'
import type { ModerationAct } from '../../../../src/room/moderation/act.ts'
import { askRoom } from '../../../support/ask-room.ts'
import { FakeRoom, LOG, OWNER, person, ROOM_ID } from '../../../support/fake-room.ts'
import { frameOf } from '../../../support/frame-of.ts'

const owner = person(OWNER)
const [ann, bob, mod] = [person('ann'), person('bob'), person('mod')]
const admin = person('root', ['GENERAL', 'ADMIN'])

/** Who a stranger is, as their account says. */
const ANN = { name: 'Ann', guest: true }

type BanAct = Extract<ModerationAct, { type: 'ban' }>
const ban = (room: FakeRoom, by: Principal, personId: string, more: Partial<BanAct> = {}) =>
  askRoom(room, (turn, { moderation }) =>
    Boolean(moderation.act(turn, by, { type: 'ban', personId, introduced: ANN, ...more }).ban),
  )
const unban = (room: FakeRoom, by: Principal, personId: string) =>
  askRoom(room, (turn, { moderation }) =>
    Boolean(moderation.act(turn, by, { type: 'unban', personId })),
  )
const bans = (room: FakeRoom, by: Principal) =>
  askRoom(room, (_turn, { moderation }) => moderation.page(by, { list: 'bans' }).bans)
const members = (room: FakeRoom, by: Principal) =>
  askRoom(room, (_turn, each) =>
    each.members(by, {}).members.map(({ id, role }) => `${id} ${role}`),
  )
const log = (room: FakeRoom, by: Principal, cursor?: string) =>
  askRoom(room, (_turn, { moderation }) => moderation.page(by, { list: 'log', cursor, limit: 2 }))

/** A room with a moderator. */
function roomWithMod(kind: 'public' | 'private' | 'direct' = 'public') {
  const room = new FakeRoom({}, kind)
  const joined = { at: 1, seq: 0 }
  room.members.put({ id: 'mod', name: 'MOD', guest: false, role: 'moderator', joined })
  return room
}

describe('[M3][H1] a ban', () => {
  it('ends the sockets at once with the reason, and lets none in', () => {
    const room = roomWithMod()
    const [opened, connected, other] = [room.open(ann), room.connect(ann), room.connect(bob)]
    expect(ban(room, mod, 'ann', { reason: 'spam' })).toBe(true)
    for (const socket of [opened, connected]) {
      const [error] = socket.take()
      expect(error).toMatchObject({ command: 'ERROR', headers: { code: 'banned' } })
      expect(error?.body).toContain('(spam)')
      expect(socket.closed).toEqual({ code: 4503, reason: 'banned' })
    }
    expect(other.closed).toBeUndefined()
    expect(() => room.open(ann)).toThrow('banned: spam')
    expect(askRoom(room, (_turn, each) => each.demand(ann, 'read'))).toBe('banned')
    const said = { type: 'message', content: 'x' } as const
    expect(askRoom(room, (turn, each) => each.execute(turn, ann, said))).toBe('banned')
    expect(askRoom(room, (turn, each) => each.join(turn, ann))).toBe('banned')
    // The event of the ban itself.
    expect(room.log.head()).toBe(1)
    expect(room.log.find(1)).toMatchObject({ type: 'role', user: { id: 'ann' }, role: 'banned' })
    expect(room.members.get('ann')).toMatchObject({ role: 'banned', joined: { seq: 0 } })
  })

  it.each([false, true])('leaves nothing after its seq, evicted: %s', (evicted) => {
    const room = roomWithMod()
    const [socket, reader] = [room.connect(ann), room.connect(bob)]
    room.subscribe(reader, 'log', LOG)
    room.say(socket, 'before')
    const send = (headers: Record<string, string>) =>
      frameOf('SEND', { destination: '/pub/send/message', ...headers }, 'after')
    room.send(socket, 'BEGIN', { transaction: 't' })
    room.receive(socket, send({ transaction: 't' }))
    if (evicted) room.evict()
    // Frames of the same batch: the ban is the first thing of the turn.
    room.turn((turn) => {
      room.room.moderation.act(turn, mod, { type: 'ban', personId: 'ann' })
      room.receive(socket, send({}))
      room.receive(socket, frameOf('COMMIT', { transaction: 't' }))
    })
    expect(room.log.head()).toBe(2)
    expect(room.transactions.count).toBe(0)
    const bodies = reader.take().map(({ body }) => JSON.parse(body))
    expect(bodies).toMatchObject([{ content: 'before' }, { type: 'role', sender: { id: 'mod' } }])
    const [entry] = room.moderation.page(undefined, 9)
    expect(entry).toMatchObject({ action: 'ban', seq: 2 })
  })

  it('comes after what was said before it in the same turn', () => {
    const room = roomWithMod()
    const [socket, reader] = [room.connect(ann), room.connect(bob)]
    room.subscribe(reader, 'log', LOG)
    room.turn((turn) => {
      room.room.execute(turn, ann, { type: 'message', content: 'before' })
      room.room.moderation.act(turn, mod, { type: 'ban', personId: 'ann' })
    })
    expect(socket.closed?.reason).toBe('banned')
    expect(reader.take()).toMatchObject([{ headers: { seq: '1' } }, { headers: { seq: '2' } }])
    expect(room.moderation.page(undefined, 1)).toMatchObject([{ action: 'ban', seq: 2 }])
  })

  it('binds a stranger who never came', () => {
    const room = roomWithMod()
    expect(ban(room, mod, 'ann', { introduced: undefined })).toBe('user-unknown')
    expect(room.members.get('ann')).toBeUndefined()
    expect(room.moderation.page(undefined, 9)).toEqual([])
    expect(ban(room, mod, 'ann')).toBe(true)
    expect(room.members.get('ann')).toMatchObject({ role: 'banned', ...ANN })
    expect(() => room.open(ann)).toThrow('banned')
    const hidden = roomWithMod('private')
    expect(ban(hidden, mod, 'ann')).toBe(true)
    expect(() => hidden.open(ann)).toThrow('room-unknown')
  })

  it('ends by itself, and whoever was a member is one again', () => {
    const room = roomWithMod('private')
    const joined = { at: 1, seq: 0 }
    for (const id of ['ann', 'rea']) {
      room.members.put({ id, name: id.toUpperCase(), guest: false, role: 'reader', joined })
    }
    const until = room.now + 60_000
    expect(ban(room, mod, 'ann', { until, reason: 'spam' })).toBe(true)
    expect(ban(room, mod, 'bob', { until })).toBe(true)
    expect(() => room.open(ann)).toThrow('banned: spam, until 2026-11-21T08:01:00.000Z')
    expect(bans(room, mod)).toMatchObject([{ id: 'ann', reason: 'spam', until }, { id: 'bob' }])
    room.now = until - 1
    expect(() => room.open(ann)).toThrow('banned')
    expect(members(room, mod)).toEqual(['mod moderator', 'rea reader', 'ann banned', 'bob banned'])
    expect(members(room, person('rea'))).toEqual(['mod moderator', 'rea reader'])
    room.now = until
    expect(bans(room, mod)).toEqual([])
    expect(members(room, mod)).toEqual(['mod moderator', 'ann writer', 'rea reader'])
    expect(members(room, person('rea'))).toEqual(['mod moderator', 'ann writer', 'rea reader'])
    expect(unban(room, mod, 'ann')).toBe('member-unknown')
    room.connect(ann)
    expect(room.members.get('ann')).toEqual({
      ...{ id: 'ann', name: 'ANN', guest: false, role: 'writer', joined },
      bannedUntil: undefined,
      ban: undefined,
    })
    expect(() => room.open(bob)).toThrow('room-unknown')
  })

  it('is lifted, and then made again', () => {
    const room = roomWithMod()
    room.connect(ann)
    ban(room, mod, 'ann')
    expect(unban(room, mod, 'ann')).toBe(true)
    expect(unban(room, mod, 'ann')).toBe('member-unknown')
    expect(room.connect(ann).closed).toBeUndefined()
    expect(ban(room, mod, 'ann', { reason: 'a' })).toBe(true)
    expect(ban(room, mod, 'ann', { reason: 'b' })).toBe(true)
    expect(ban(room, mod, 'ann', { reason: 'b' })).toBe(true)
    expect(room.moderation.page(undefined, 9).map(({ reason }) => reason)).toEqual([
      ...['b', 'a', undefined, undefined],
    ])
  })

  it.each<[what: string, by: Principal, of: string, more: Partial<BanAct>, code: string]>([
    ['of oneself', mod, 'mod', {}, 'not-allowed'],
    ['of oneself, by an administrator', admin, 'root', {}, 'not-allowed'],
    ['of the owner by a moderator', mod, OWNER, {}, 'not-allowed'],
    ['of the owner by an administrator', admin, OWNER, {}, 'not-allowed'],
    ['of the owner by the owner', owner, OWNER, {}, 'not-allowed'],
    ['of an equal', mod, 'other', {}, 'not-allowed'],
    ['by a writer', ann, 'bob', {}, 'not-allowed'],
    ['that has ended', mod, 'ann', { until: Date.UTC(2026, 10, 21, 8) }, 'body-invalid'],
  ])('%s is refused, and nothing is written', (_what, by, of, more, code) => {
    const room = roomWithMod()
    room.roles.set('other', 'moderator')
    expect(ban(room, by, of, more)).toBe(code)
    expect([room.members.size, room.moderation.page(undefined, 9)]).toEqual([2, []])
  })

  it('is not for direct rooms', () => {
    const room = roomWithMod('direct')
    expect(ban(room, owner, 'ann')).toBe('not-allowed')
    expect(ban(room, owner, 'mod')).toBe('not-allowed')
  })

  it('[R5] is refused where the room has no place for a row more', () => {
    const room = new FakeRoom({ members: 1 })
    room.connect(bob)
    expect(ban(room, owner, 'ann')).toBe('too-many-members')
    expect(ban(room, owner, 'bob')).toBe(true)
  })

  it('of two who ban each other at once holds for the first', () => {
    const room = roomWithMod()
    room.roles.set('other', 'moderator')
    expect(askRoom(room, (turn, each) => each.setRole(turn, owner, 'other', 'writer').role)).toBe(
      'writer',
    )
    expect(ban(room, mod, 'other')).toBe(true)
    expect(ban(room, person('other'), 'mod')).toBe('banned')
  })

  it('of somebody who has just left keeps them out; a kick of them is refused', () => {
    const room = roomWithMod()
    room.connect(ann)
    askRoom(room, (turn, each) => each.removeMember(turn, ann, 'ann'))
    expect(askRoom(room, (turn, each) => each.removeMember(turn, mod, 'ann'))).toBe(
      'member-unknown',
    )
    expect(room.moderation.page(undefined, 9)).toEqual([])
    expect(ban(room, mod, 'ann')).toBe(true)
    expect(() => room.open(ann)).toThrow('banned')
  })

  it('binds nobody whose token says otherwise', () => {
    const room = roomWithMod()
    const claiming = { ...ann, rooms: { [ROOM_ID]: 'writer' } }
    const socket = room.connect(claiming)
    ban(room, mod, 'ann')
    expect(socket.closed).toBeUndefined()
    expect(() => room.open(claiming)).not.toThrow()
  })

  it('is all or nothing', () => {
    const room = roomWithMod()
    const socket = room.connect(ann)
    room.moderation.failure = new Error('disk full')
    expect(() => ban(room, mod, 'ann')).toThrow('disk full')
    expect(socket.closed).toBeUndefined()
    room.evict()
    expect(room.members.get('ann')?.role).toBe('writer')
  })
})

describe('[M1] the moderation log', () => {
  it('has every act, the newest first, in pages, for moderators', () => {
    const room = roomWithMod()
    room.connect(ann)
    askRoom(room, (turn, each) => each.removeMember(turn, mod, 'ann', 'rude'))
    const bobs = { name: 'BOB', guest: false }
    askRoom(room, (turn, each) => each.setRole(turn, owner, 'bob', 'moderator', 'helps', bobs))
    askRoom(room, (turn, each) => each.changeRoom(turn, mod, { settings: { frozen: true } }))
    askRoom(room, (turn, each) => each.changeRoom(turn, mod, { settings: { frozen: true } }))
    const by = { id: 'mod', name: 'MOD' }
    expect(log(room, mod)).toEqual({
      entries: [
        { number: 3, at: room.now, action: 'settings', by, seq: 1, detail: { frozen: true } },
        {
          ...{ number: 2, at: room.now, action: 'role', by: { id: OWNER, name: owner.name } },
          ...{ user: { id: 'bob', name: 'BOB' }, reason: 'helps', seq: 1 },
          detail: { role: 'moderator' },
        },
      ],
      next: '2',
    })
    expect(log(room, mod, '2')).toMatchObject({ entries: [{ action: 'kick' }], next: null })
    const hook = { url: 'https://app.example/secret', failOpen: true }
    askRoom(room, (turn, each) => each.changeRoom(turn, owner, { settings: { hook } }))
    expect(log(room, mod)).toMatchObject({ entries: [{ detail: { hook: true } }, { number: 3 }] })
    expect(log(room, ann)).toBe('not-allowed')
    expect(bans(room, ann)).toBe('not-allowed')
    expect(log(room, mod, 'x')).toBe('query-invalid')
  })
})
