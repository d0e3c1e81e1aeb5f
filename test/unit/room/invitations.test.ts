import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import type { InvitationWish } from '../../../src/room/membership/invitation.ts'
import type { Role } from '../../../src/room/permissions.ts'
import { askRoom } from '../../support/ask-room.ts'
import { FakeRoom, OWNER, person, ROOM_ID } from '../../support/fake-room.ts'

const owner = person(OWNER)
const [ann, bob, cid] = [person('ann'), person('bob'), person('cid')]
const guest: Principal = { ...person('gus'), guest: true }

const invite = (room: FakeRoom, by: Principal, wish: Partial<InvitationWish> = {}) =>
  askRoom(room, (turn, each) => {
    const digest = wish.digest ?? 'd'
    const { id, role } = each.invitations.add(turn, by, {
      ...{ expiresIn: 60, uses: 0, ...wish, digest },
    })
    return [id, role]
  })
const use = (room: FakeRoom, who: Principal, digest = 'd') =>
  askRoom(room, (turn, each) => each.invitations.use(turn, who, digest)) ??
  room.members.get(who.id)?.role
const show = (room: FakeRoom, digest = 'd') =>
  askRoom(room, (_turn, each) => each.invitations.show(digest, room.now))
const list = (room: FakeRoom, by: Principal, query = {}) =>
  askRoom(room, (_turn, each) => {
    const { invitations, next } = each.invitations.page(by, query, room.now)
    return [invitations.map(({ id }) => id), next]
  })
const revoke = (room: FakeRoom, by: Principal, id: string) =>
  askRoom(room, (turn, each) => each.invitations.revoke(turn, by, id)) ?? 'done'

/** A room with its owner, a moderator `mod`, a writer `ann`, and a reader `rea`. */
function roomOf(kind: 'public' | 'private' | 'broadcast' | 'direct' = 'private') {
  const room = new FakeRoom({}, kind)
  const put = (id: string, role: Role) =>
    room.members.put({
      ...{ id, name: id.toUpperCase(), guest: false, role, joined: { at: 1, seq: 0 } },
    })
  put(OWNER, 'owner')
  put('mod', 'moderator')
  put('ann', 'writer')
  put('rea', 'reader')
  return room
}

describe('[M1] an invitation', () => {
  it.each([
    ['owner', 'moderator', true],
    ['owner', 'writer', true],
    ['mod', 'moderator', 'not-allowed'],
    ['mod', 'writer', true],
    ['ann', 'writer', true],
    ['ann', 'reader', true],
    ['ann', 'moderator', 'not-allowed'],
    ['rea', 'reader', 'not-allowed'],
    ['bob', 'reader', 'room-unknown'],
  ] as const)('of %s, as a %s, to a private room: %s', (who, role, said) => {
    const room = roomOf()
    const answer = invite(room, person(who), { role })
    expect(answer).toEqual(said === true ? ['id1', role] : said)
    expect(use(room, cid)).toBe(said === true ? role : 'invitation-unknown')
  })

  it('is for those whom the setting names, and gives what the kind of room usually gives', () => {
    const room = roomOf('public')
    expect(invite(room, ann)).toBe('not-allowed')
    room.set({ invite: 'member' })
    expect(invite(room, person('rea'))).toEqual(['id1', 'reader'])
    expect(invite(room, ann, { digest: 'e' })).toEqual(['id2', 'writer'])
    expect(invite(roomOf('broadcast'), owner)).toEqual(['id1', 'reader'])
    expect(invite(roomOf('direct'), ann)).toBe('not-allowed')
  })

  it('tells what it is to, and who made it', () => {
    const room = roomOf()
    invite(room, ann)
    expect(show(room)).toEqual({
      room: { id: ROOM_ID, name: 'a room', kind: 'private' },
      ...{ invitedBy: { name: 'ANN' }, role: 'writer', expiresAt: room.now + 60_000 },
    })
    expect(show(room, 'x')).toBe('invitation-unknown')
    expect(use(room, bob, 'x')).toBe('invitation-unknown')
  })

  it('is over when its time is, or it was used up; a member uses up nothing', () => {
    const room = roomOf()
    invite(room, ann, { uses: 1 })
    expect(use(room, ann)).toBe('writer')
    expect([use(room, bob), use(room, bob), use(room, cid)]).toEqual([
      ...['writer', 'writer', 'invitation-used'],
    ])
    expect(show(room)).toBe('invitation-used')
    invite(room, ann, { digest: 'e' })
    room.now += 59_999
    expect(use(room, cid, 'e')).toBe('writer')
    room.now++
    expect(use(room, person('dee'), 'e')).toBe('invitation-expired')
    // Whoever lost the answer asks again.
    expect([use(room, cid, 'e'), use(room, bob)]).toEqual(['writer', 'writer'])
  })

  it('lets nobody in who is banned, is a guest among accounts, or comes to a full room', () => {
    const room = roomOf('public')
    invite(room, owner)
    room.members.put({ id: 'eve', name: 'EVE', guest: false, role: 'banned' })
    expect(use(room, person('eve'))).toBe('banned')
    expect(use(room, { ...bob, rooms: { [ROOM_ID]: 'banned' } })).toBe('banned')
    room.set({ entry: 'accounts' })
    expect(use(room, guest)).toBe('accounts-only')
    room.set({ entry: 'members' })
    expect(use(room, guest)).toBe('writer')
    const full = new FakeRoom({ members: 1 })
    full.members.put({
      id: OWNER,
      name: 'O',
      guest: false,
      role: 'owner',
      joined: { at: 1, seq: 0 },
    })
    invite(full, owner, { uses: 1 })
    expect(use(full, bob)).toBe('too-many-members')
    expect(full.invitations.find('d')?.used).toBe(0)
  })

  it('to an archived room is neither made nor used', () => {
    const room = roomOf()
    invite(room, owner)
    room.profile.set({ ...room.profile.get(), archivedAt: 1 })
    expect(invite(room, owner, { digest: 'e' })).toBe('room-archived')
    expect([use(room, bob), use(room, ann)]).toEqual(['room-archived', 'writer'])
    expect(room.invitations.find('d')?.used).toBe(0)
  })

  it('is listed and taken back by moderators, and by whoever made it', () => {
    const room = roomOf()
    for (const [who, digest] of [
      [owner, 'a'],
      [ann, 'b'],
      [person('mod'), 'c'],
    ] as const) {
      invite(room, who, { digest })
      room.now++
    }
    expect(list(room, owner)).toEqual([['id3', 'id2', 'id1'], null])
    expect(list(room, owner, { limit: 2 })).toEqual([['id3', 'id2'], 'id2'])
    expect(list(room, owner, { limit: 2, cursor: 'id2' })).toEqual([['id1'], null])
    expect(list(room, owner, { cursor: 'id9' })).toBe('query-invalid')
    expect(list(room, ann)).toEqual([['id2'], null])
    expect(list(room, person('rea'))).toBe('not-allowed')
    expect(revoke(room, ann, 'id1')).toBe('invitation-unknown')
    expect([revoke(room, ann, 'id2'), revoke(room, ann, 'id2')]).toEqual([
      ...['done', 'invitation-unknown'],
    ])
    expect(use(room, bob, 'b')).toBe('invitation-unknown')
    expect(revoke(room, person('mod'), 'id1')).toBe('done')
    room.now += 60_000
    expect(list(room, owner)).toEqual([[], null])
  })

  it('[R5] is one of at most 100 that are open', () => {
    const room = roomOf()
    for (let n = 0; n < 100; n++) {
      expect(invite(room, ann, { digest: `d${n}`, expiresIn: n < 2 ? 30 : 60 })).toHaveLength(2)
      room.now++
    }
    expect(invite(room, owner, { digest: 'more' })).toBe('too-many-invitations')
    room.now += 30_000
    expect(show(room, 'd0')).toBe('invitation-expired')
    // Those that are over give up their place, the oldest first.
    expect(invite(room, owner, { digest: 'more' })).toHaveLength(2)
    expect([show(room, 'd0'), show(room, 'd1')]).toEqual([
      ...['invitation-unknown', 'invitation-expired'],
    ])
    expect(room.invitations.all()).toHaveLength(100)
  })
})

describe('[M1] an invitation ends with what let somebody make it', () => {
  const leave = (room: FakeRoom, who: Principal) =>
    askRoom(room, (turn, each) => each.removeMember(turn, who, who.id))
  const give = (room: FakeRoom, role: Role) =>
    askRoom(room, (turn, each) => each.setRole(turn, owner, 'mod', role).role)

  it('when they leave, also when they come back', () => {
    const room = roomOf('public')
    room.set({ invite: 'member' })
    invite(room, ann)
    expect(show(room)).not.toBeTypeOf('string')
    leave(room, ann)
    expect([show(room), use(room, bob)]).toEqual(['invitation-unknown', 'invitation-unknown'])
    room.now++
    expect(askRoom(room, (turn, each) => each.join(turn, ann).role)).toBe('writer')
    expect(show(room)).toBe('invitation-unknown')
    expect(list(room, owner)).toEqual([[], null])
  })

  it('when they are banned, or may give that role no more', () => {
    const room = roomOf('public')
    invite(room, person('mod'))
    give(room, 'writer')
    expect(use(room, bob)).toBe('invitation-unknown')
    give(room, 'moderator')
    expect(use(room, bob)).toBe('writer')
    give(room, 'banned')
    expect(use(room, cid)).toBe('invitation-unknown')
  })

  it.each<Role>(['writer', 'moderator'])(
    'for good when they are banned, also after the ban; as a %s',
    (role) => {
      const room = roomOf('public')
      invite(room, person('mod'))
      invite(room, ann, { digest: 'e' })
      room.set({ invite: 'member' })
      invite(room, ann, { digest: 'f' })
      give(room, 'banned')
      give(room, role)
      expect([show(room), use(room, bob)]).toEqual(Array(2).fill('invitation-unknown'))
      expect(room.invitations.all()).toMatchObject([{ digest: 'f' }])
    },
  )

  it('but not where an administrator or a claim let them make it', () => {
    const room = roomOf()
    const root = person('root', ['GENERAL', 'ADMIN'])
    invite(room, root, { role: 'moderator' })
    const app: Principal = { ...person('app'), rooms: { [ROOM_ID]: 'owner' } }
    invite(room, app, { digest: 'e' })
    expect([use(room, bob), use(room, cid, 'e')]).toEqual(['moderator', 'writer'])
    room.members.put({ id: 'app', name: 'APP', guest: false, role: 'banned' })
    expect(show(room, 'e')).toBe('invitation-unknown')
  })
})
