// What the log notes of the members of a room, and of the room itself.

import { describe, expect, it, vi } from 'vitest'
import { addMember } from '../../../src/room/membership/join.ts'
import type { Room } from '../../../src/room/room.ts'
import type { Turn } from '../../../src/room/turn.ts'
import { ROOM_KINDS } from '../../../src/room-settings.ts'
import { FakeRoom, LOG, OWNER, person } from '../../support/fake-room.ts'

const owner = person(OWNER)
const ann = person('ann')
const joined = { at: 1, seq: 0 }

/** Two members, of whom bob listens. */
function scene(kind: (typeof ROOM_KINDS)[number] = 'private') {
  const room = new FakeRoom({}, kind)
  for (const id of ['ann', 'bob'])
    room.members.put({ id, name: id.toUpperCase(), guest: id === 'ann', role: 'writer', joined })
  const bob = room.connect(person('bob'))
  room.subscribe(bob, 'log', LOG)
  room.subscribe(bob, 'signals', '/topic/rooms/theroom')
  bob.take()
  return { room, bob }
}

/** What the log notes after some work, with an eviction before and after it. */
function noted(room: FakeRoom, work: (turn: Turn, room: Room) => unknown) {
  const head = room.log.head()
  room.evict()
  room.turn((turn) => void work(turn, room.room))
  room.evict()
  return [...room.log.after(head, 9)].map(({ seq: _, n: _n, at: _at, sender, ...rest }) => ({
    by: sender.id,
    ...rest,
  }))
}

const silent = true
const user = { id: 'ann', name: 'ANN', guest: true }
const kick = (turn: Turn, room: Room) => room.removeMember(turn, owner, 'ann')
const leave = (turn: Turn, room: Room) => room.removeMember(turn, ann, 'ann')

describe('[L2] [H1] in the log', () => {
  it.each(ROOM_KINDS)('who comes and goes stands there in private rooms alone: %s', (kind) => {
    if (kind === 'direct') return
    const isPrivate = kind === 'private'
    const left = { by: 'ann', type: 'left', user, silent }
    expect(noted(scene(kind).room, leave)).toEqual(isPrivate ? [left] : [])
    const kicked = { by: OWNER, type: 'left', user, why: 'kicked', silent }
    expect(noted(scene(kind).room, kick)).toEqual(isPrivate ? [kicked] : [])
    const { room } = scene(kind)
    expect(
      noted(room, (turn, each) => kind !== 'private' && each.join(turn, person('eve'))),
    ).toEqual([])
  })

  it('a member of a private room sees how they joined', () => {
    const { room } = scene()
    const eve = {
      by: 'eve',
      type: 'joined',
      user: { id: 'eve', name: 'EVE' },
      role: 'reader',
      silent,
    }
    expect(noted(room, (turn) => addMember(turn, person('eve'), 'reader'))).toEqual([eve])
    expect(noted(room, (turn) => addMember(turn, person('eve'), 'reader'))).toEqual([])
    expect(room.members.get('eve')?.joined?.seq).toBe(0)
  })

  it.each(['public', 'private', 'broadcast'] as const)('roles stand in a %s room', (kind) => {
    const { room, bob } = scene(kind)
    const set = (role: 'moderator' | 'banned') => (turn: Turn, each: Room) =>
      each.setRole(turn, owner, 'ann', role)
    const role = { by: OWNER, type: 'role', user, silent }
    expect(noted(room, set('moderator'))).toEqual([{ ...role, role: 'moderator' }])
    const told = bob.take().map(({ body }) => JSON.parse(body).type)
    expect(told.sort()).toEqual(['role', 'standing'])
    expect(noted(room, set('moderator'))).toEqual([])
    expect(noted(room, set('banned'))).toEqual([{ ...role, role: 'banned' }])
  })

  it('a hand-over is two roles', () => {
    const { room } = scene()
    expect(noted(room, (turn, each) => each.setRole(turn, owner, 'bob', 'owner'))).toMatchObject([
      { by: OWNER, type: 'role', user: { id: 'bob' }, role: 'owner' },
      { by: OWNER, type: 'role', user: { id: OWNER }, role: 'moderator' },
    ])
  })

  it.each([
    [{ name: 'new' }, [{ name: 'new' }]],
    [{ description: 'words' }, [{ description: 'words' }]],
    [{ archived: true }, [{ archived: true }]],
    [{ name: 'new', archived: true }, [{ name: 'new', archived: true }]],
    [{ archived: false }, []],
    [{ settings: { frozen: true } }, []],
  ])('a change to %j stands there as %j', (change, words) => {
    const { room } = scene()
    expect(noted(room, (turn, each) => each.changeRoom(turn, owner, change))).toEqual(
      words.map((each) => ({ by: OWNER, type: 'renamed', ...each })),
    )
  })

  it.each([
    ['a role', (turn: Turn, room: Room) => room.setRole(turn, owner, 'ann', 'reader')],
    ['a hand-over', (turn: Turn, room: Room) => room.setRole(turn, owner, 'ann', 'owner')],
    ['a leave', leave],
    ['a name', (turn: Turn, room: Room) => room.changeRoom(turn, owner, { name: 'new' })],
  ])('[L3] %s is not there, nor told, where its rows fail', (_what, work) => {
    const { room, bob } = scene()
    const before = [room.members.get('ann'), room.room.profile]
    for (const [store, method] of [
      [room.members, 'put'],
      [room.members, 'remove'],
      [room.profile, 'set'],
    ] as const) {
      vi.spyOn(store as typeof room.members, method as 'put').mockImplementation(() => {
        throw new Error('the disk is full')
      })
    }
    expect(() => room.turn((turn) => void work(turn, room.room))).toThrow('the disk is full')
    vi.restoreAllMocks()
    expect([room.log.head(), bob.takeText()]).toEqual([0, ''])
    expect([room.members.get('ann'), room.room.profile]).toEqual(before)
  })
})
