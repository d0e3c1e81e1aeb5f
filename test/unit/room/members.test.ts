import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import { askRoom } from '../../support/ask-room.ts'
import { FakeRoom, LOG, OWNER, person, ROOM_ID } from '../../support/fake-room.ts'

const owner = person(OWNER)
const ann = person('ann')
const bob = person('bob')
const admin = person('root', ['GENERAL', 'ADMIN'])
const claiming = (id: string, role: string): Principal => ({
  ...person(id),
  rooms: { [ROOM_ID]: role, other: 'owner' },
})

const join = (room: FakeRoom, who: Principal) =>
  askRoom(room, (turn, each) => each.join(turn, who).role)
const leave = (room: FakeRoom, who: Principal) =>
  askRoom(room, (turn, each) => each.removeMember(turn, who, who.id)) ?? 'done'
const kick = (room: FakeRoom, by: Principal, id: string) =>
  askRoom(room, (turn, each) => each.removeMember(turn, by, id, 'spam')) ?? 'done'
const give = (room: FakeRoom, by: Principal, id: string, role: 'owner' | 'moderator' | 'reader') =>
  askRoom(room, (turn, each) => each.setRole(turn, by, id, role).role)
/** What somebody is after an invitation as a writer. */
const invited = (room: FakeRoom, who: Principal) =>
  askRoom(room, (turn, each) => {
    const digest = `d${room.now++}`
    each.invitations.add(turn, owner, { digest, role: 'writer', expiresIn: 60, uses: 0 })
    each.invitations.use(turn, who, digest)
    return room.members.get(who.id)?.role
  })
const ids = (room: FakeRoom, by: Principal, q = '') =>
  askRoom(room, (_turn, each) => each.members(by, { q }).members.map(({ id }) => id))

/** A private room with ann in it. */
function privateRoom() {
  const room = new FakeRoom({}, 'private')
  const joined = { at: 1, seq: 0 }
  room.members.put({ id: 'ann', name: 'ANN', guest: false, role: 'writer', joined })
  return room
}

describe('[H1] who enters', () => {
  it('is a member from CONNECT on, and again only where the name is new', () => {
    const room = new FakeRoom()
    room.open(bob)
    expect(room.members.get('bob')).toBeUndefined()
    room.connect(ann)
    const row = room.members.get('ann')
    expect(row).toMatchObject({ role: 'writer', name: 'ANN', joined: { at: room.now, seq: 0 } })
    room.now += 1000
    room.evict()
    room.connect(ann)
    expect(room.members.get('ann')).toBe(row)
    room.connect({ ...ann, name: '앤' })
    expect(room.members.get('ann')).toEqual({ ...row, name: '앤' })
    expect(room.log.head()).toBe(0)
  })

  it('is a reader of a broadcast room', () => {
    const room = new FakeRoom({}, 'broadcast')
    room.connect(ann)
    expect(room.members.get('ann')?.role).toBe('reader')
  })

  it('joins without a socket, once', () => {
    const room = new FakeRoom()
    expect([join(room, ann), join(room, ann)]).toEqual(['writer', 'writer'])
    expect(ids(room, bob)).toEqual(['ann'])
    expect(ids(room, bob, 'AN')).toEqual(['ann'])
    expect(ids(room, bob, 'bo')).toEqual([])
  })

  it('[R5] is refused where the room has as many as it takes', () => {
    const room = new FakeRoom({ members: 1 })
    expect(join(room, ann)).toBe('writer')
    expect(join(room, bob)).toBe('too-many-members')
    expect(ids(room, ann)).toEqual(['ann'])
  })

  it('[M1] is nobody new where the room is for its members', () => {
    const room = new FakeRoom()
    join(room, ann)
    room.set({ entry: 'members' })
    expect(join(room, bob)).toBe('members-only')
    expect(() => room.open(bob)).toThrow('members-only')
    expect(ids(room, bob)).toBe('members-only')
    room.connect(ann)
    room.connect(admin)
  })

  it('[M2] is no member by a claim where the room is for its members', () => {
    const room = new FakeRoom()
    room.set({ entry: 'members' })
    room.connect(claiming('bob', 'reader'))
    expect(join(room, claiming('bob', 'writer'))).toBe('members-only')
    const said = askRoom(room, (turn, each) =>
      each.execute(turn, claiming('bob', 'writer'), { type: 'message', content: 'x' }),
    )
    expect(said).toEqual({ seq: 1 })
    room.connect(admin)
    expect(room.members.size).toBe(0)
    expect(join(room, bob)).toBe('members-only')
    expect(join(room, owner)).toBe('owner')
  })
})

describe('[M2] a private room', () => {
  it('does not exist for others', () => {
    const room = privateRoom()
    expect([join(room, bob), leave(room, bob), ids(room, bob)]).toEqual(
      Array(3).fill('room-unknown'),
    )
    expect(() => room.open(bob)).toThrow('room-unknown')
    expect(kick(room, bob, 'ann')).toBe('room-unknown')
    expect(give(room, bob, 'ann', 'reader')).toBe('room-unknown')
    expect(room.members.size).toBe(1)
  })

  it('is there for its members, its owner and administrators', () => {
    const room = privateRoom()
    for (const who of [ann, owner, admin]) room.connect(who)
    expect(room.members.size).toBe(1)
  })

  it('is closed to whom a role is set without an invitation', () => {
    const room = privateRoom()
    expect(give(room, owner, 'bob', 'reader')).toBe('member-unknown')
    expect(() => room.open(bob)).toThrow('room-unknown')
  })

  it('does not exist any more for who has left, at once', () => {
    const room = privateRoom()
    const socket = room.connect(ann)
    expect(leave(room, ann)).toBe('done')
    expect(socket.closed).toEqual({ code: 4503, reason: 'left' })
    expect(() => room.open(ann)).toThrow('room-unknown')
    expect(join(room, ann)).toBe('room-unknown')
  })

  it('[A2] opens by the claim of a token, while it lasts, with that role', () => {
    const room = privateRoom()
    const socket = room.connect(claiming('bob', 'reader'))
    room.subscribe(socket, 'log', LOG)
    room.say(socket, 'text')
    expect(socket.closed?.reason).toBe('not-allowed')
    const writer = room.connect(claiming('bob', 'writer'))
    room.say(writer, 'text')
    expect(room.log.head()).toBe(1)
    const { session } = writer
    const kept = session.phase === 'connected' && session.principal.rooms
    expect(kept).toEqual({ [ROOM_ID]: 'writer' })
    expect(() => room.open(bob)).toThrow('room-unknown')
    expect(() => room.open(claiming('bob', 'king'))).toThrow('room-unknown')
    const other = { ...bob, rooms: { other: 'owner', __proto__: 'owner' } }
    expect(() => room.open(other)).toThrow('room-unknown')
  })
})

describe('[A2] a claim wins', () => {
  it.each([
    ['banned', 'reader', 'reader'],
    ['moderator', 'banned', 'banned'],
    ['writer', 'owner', 'owner'],
  ] as const)('over a stored %s: %s', (stored, claimed, role) => {
    const room = new FakeRoom()
    room.roles.set('bob', stored)
    const answer = askRoom(room, (_turn, each) => each.demand(claiming('bob', claimed), 'read'))
    expect(answer).toBe(role)
    expect(room.roles.get('bob')).toBe(stored)
  })
})

describe('[M1] who leaves', () => {
  it('is the owner never, before the room is handed over', () => {
    const room = new FakeRoom()
    room.connect(owner)
    room.connect(ann)
    expect(leave(room, owner)).toBe('heir-needed')
    expect(kick(room, ann, OWNER)).toBe('not-allowed')
    expect(kick(room, admin, OWNER)).toBe('not-allowed')
    expect(give(room, owner, 'nobody', 'owner')).toBe('member-unknown')
    expect(give(room, owner, 'ann', 'owner')).toBe('owner')
    expect(leave(room, owner)).toBe('done')
    expect(ids(room, ann)).toEqual(['ann'])
  })

  it('keeps what was set against them', () => {
    const room = new FakeRoom()
    room.connect(ann)
    give(room, owner, 'ann', 'reader')
    expect(leave(room, ann)).toBe('done')
    expect(ids(room, bob)).toEqual([])
    room.connect(ann)
    expect(room.members.get('ann')?.role).toBe('reader')
  })

  it('keeps what was set against them in a private room, also by an invitation', () => {
    const room = privateRoom()
    give(room, owner, 'ann', 'reader')
    expect(leave(room, ann)).toBe('done')
    expect(() => room.open(ann)).toThrow('room-unknown')
    expect(invited(room, ann)).toBe('reader')
    expect(kick(room, owner, 'ann')).toBe('done')
    expect(invited(room, ann)).toBe('reader')
    give(room, owner, 'ann', 'moderator')
    expect([leave(room, ann), invited(room, ann)]).toEqual(['done', 'writer'])
  })

  it.each(['public', 'private', 'broadcast'] as const)(
    'gives up being a moderator, also while muted: %s',
    (kind) => {
      const room = new FakeRoom({}, kind)
      const until = room.now + 60_000
      const usual = kind === 'broadcast' ? 'reader' : 'writer'
      for (const go of [() => leave(room, ann), () => kick(room, owner, 'ann')]) {
        room.members.put({ ...row('ann'), role: 'moderator', mutedUntil: until })
        expect(go()).toBe('done')
        expect(kick(room, ann, 'bob')).not.toBe('member-unknown')
        expect(invited(room, ann)).toBe(usual)
        expect(room.members.get('ann')).toMatchObject({ role: usual, mutedUntil: until })
      }
    },
  )

  it('gives up being a moderator', () => {
    const room = new FakeRoom()
    room.connect(ann)
    give(room, owner, 'ann', 'moderator')
    leave(room, ann)
    expect(room.looks.holders('ann')).toEqual([])
    expect(join(room, ann)).toBe('writer')
  })

  it('twice, or without having come, is told so', () => {
    const room = new FakeRoom()
    join(room, ann)
    expect([leave(room, ann), leave(room, ann), leave(room, bob)]).toEqual([
      'done',
      'member-unknown',
      'member-unknown',
    ])
  })

  it('a direct room is nobody', () => {
    const room = new FakeRoom({}, 'direct')
    room.members.put({ ...row('ann'), role: 'writer' })
    expect(leave(room, ann)).toBe('not-allowed')
    expect(kick(room, owner, 'ann')).toBe('not-allowed')
  })

  it('a direct room is none of its two people, whatever the token says (M2)', () => {
    const room = new FakeRoom({}, 'direct')
    for (const id of ['ann', 'bob']) room.members.put({ ...row(id), role: 'writer' })
    expect(ids(room, ann)).toEqual(['ann', 'bob'])
    for (const role of ['owner', 'writer', 'banned']) {
      expect(ids(room, claiming('cleo', role))).toBe('room-unknown')
    }
    expect(ids(room, claiming('ann', 'banned'))).toEqual(['ann', 'bob'])
  })
})

const row = (id: string) => ({ id, name: id, guest: false, joined: { at: 1, seq: 0 } })

describe('[M1] a kick', () => {
  it('ends the sockets with the reason, and who was kicked may come back', () => {
    const room = new FakeRoom()
    const sockets = [room.connect(ann), room.connect(ann), room.open(ann)]
    expect(kick(room, owner, 'ann')).toBe('done')
    for (const socket of sockets) {
      expect(socket.closed).toEqual({ code: 4503, reason: 'kicked' })
      expect(socket.take().at(-1)?.body).toContain('spam')
    }
    expect(ids(room, bob)).toEqual([])
    room.connect(ann)
  })

  it('is refused where nobody is there, or not below', () => {
    const room = new FakeRoom()
    room.connect(ann)
    room.connect(bob)
    expect(kick(room, ann, 'bob')).toBe('not-allowed')
    give(room, owner, 'ann', 'moderator')
    expect(kick(room, ann, 'bob')).toBe('done')
    expect(kick(room, ann, 'bob')).toBe('member-unknown')
    room.connect(bob)
    give(room, owner, 'bob', 'moderator')
    expect(kick(room, ann, 'bob')).toBe('not-allowed')
  })
})

describe('[M1] a room that is handed over', () => {
  it('has one owner, whoever acts at the same time', () => {
    const room = new FakeRoom()
    for (const who of [owner, ann, bob]) room.connect(who)
    expect(give(room, owner, 'ann', 'owner')).toBe('owner')
    expect(give(room, owner, 'bob', 'owner')).toBe('not-allowed')
    expect(give(room, owner, 'ann', 'reader')).toBe('not-allowed')
    expect(room.roles.get(OWNER)).toBe('moderator')
    expect(room.profile.get().owner).toEqual({ id: 'ann', name: 'ANN' })
    expect(give(room, ann, OWNER, 'reader')).toBe('reader')
    expect(ids(room, bob)).toEqual(['ann', 'bob', OWNER])
  })

  it('is handed over by its owner or an administrator, to a member', () => {
    const room = new FakeRoom()
    room.connect(ann)
    room.roles.set('bob', 'moderator')
    expect(give(room, bob, 'ann', 'owner')).toBe('not-allowed')
    expect(give(room, owner, 'bob', 'owner')).toBe('member-unknown')
    expect(give(room, owner, OWNER, 'owner')).toBe('not-allowed')
    expect(give(room, admin, 'ann', 'owner')).toBe('owner')
    expect(room.roles.get(OWNER)).toBe('moderator')
  })

  it('is handed over with the reason, in the moderation log and a notice', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.subscribe(socket, 'notices', '/user/queue/notices')
    socket.take()
    askRoom(room, (turn, each) => each.setRole(turn, owner, 'ann', 'owner', 'your turn'))
    const [notice] = socket.take()
    const told = { type: 'role', role: 'owner', reason: 'your turn' }
    expect(JSON.parse(notice?.body ?? '')).toMatchObject(told)
    expect(room.moderation.page(undefined, 9)).toMatchObject([{ reason: 'your turn' }])
  })
})

describe('[P1] where newcomers do not read the past', () => {
  function roomWithPast() {
    const room = new FakeRoom()
    room.set({ history: 'joined' })
    const first = room.connect(ann)
    for (const text of ['1', '2', '3']) room.say(first, text)
    const second = room.connect(bob)
    room.say(first, '4')
    room.evict()
    return { room, first, second }
  }

  it('a subscription begins after the seq of joining, without a hole', () => {
    const { room, second } = roomWithPast()
    for (const after of ['0', '2', '3']) {
      room.subscribe(second, `from ${after}`, LOG, { after })
      const heard = second.take().map(({ headers }) => [headers.prev, headers.seq])
      expect(heard).toEqual([[after, '4']])
    }
    room.subscribe(second, 'end', LOG, { after: '4' })
    expect(second.take()).toEqual([])
  })

  it('a subscription to nothing but the past is at the head', () => {
    const { room } = roomWithPast()
    const third = room.connect(person('cid'))
    room.subscribe(third, 'log', LOG, { after: '0' })
    expect(third.take()).toEqual([])
    expect(room.backlog).toBeUndefined()
    room.say(third, '5')
    expect(third.take().map(({ headers }) => headers.seq)).toEqual(['5'])
  })

  it('everybody reads from their own beginning', () => {
    const { room } = roomWithPast()
    const after = (who: Principal) => room.room.readableAfter(who)
    const everybody = [ann, bob, owner, admin, person('visitor'), claiming('eve', 'reader')]
    expect(everybody.map(after)).toEqual([0, 3, 0, 0, 4, 0])
    room.set({ history: 'all' })
    expect(everybody.map(after)).toEqual([0, 0, 0, 0, 0, 0])
  })
})
