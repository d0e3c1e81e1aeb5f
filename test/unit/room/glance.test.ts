// A room in the list of a member: what they have not read, and the newest message (U1).

import { describe, expect, it } from 'vitest'
import { GLANCED_EVENTS } from '../../../src/room/limits/glance-limits.ts'
import { setBlock } from '../../../src/room/membership/direct-room.ts'
import { setHidden } from '../../../src/room/membership/own-lists.ts'
import { previewOf } from '../../../src/room/unread/glance.ts'
import type { RoomKind } from '../../../src/room-settings.ts'
import { askRoom } from '../../support/ask-room.ts'
import { change, DELETE, EDIT, REACT } from '../../support/changes.ts'
import { FakeRoom, OWNER, person, ROOM_ID } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')
const owner = person(OWNER)

/** Ann and bob are members. `glance` evicts where asked. */
function scene(evicted = false, kind: RoomKind = 'public') {
  const room = new FakeRoom({ sendPerSecond: 1e6, sendBurst: 1e6 }, kind)
  if (kind === 'direct') {
    for (const { id, name } of [ann, bob]) {
      room.members.put({ id, name, guest: false, role: 'writer', joined: { at: 1, seq: 0 } })
    }
  }
  const [a, b] = [room.connect(ann), room.connect(bob)]
  const glance = (id = 'ann') => {
    if (evicted) room.evict()
    return room.room.glanceOf(id)
  }
  return { room, a, b, glance }
}

describe.each([false, true])('[U1] [H1] a glance, evicted before each look: %s', (evicted) => {
  it('is what the room is to a member, with what they have not read and the last message', () => {
    const { room, b, glance } = scene(evicted)
    const { now } = room
    const empty = {
      ...{ id: ROOM_ID, name: 'a room', kind: 'public', role: 'writer', joinedAt: now },
      ...{ head: 0, messages: 0, unread: 0, mentions: 0, readSeq: 0 },
    }
    expect(glance()).toEqual(empty)
    room.now += 5
    room.say(b, 'hello @ann')
    const told = { ...empty, head: 1, messages: 1, unread: 1, mentions: 1 }
    const { id, name } = bob
    const last = { seq: 1, at: now + 5, sender: { id, name }, preview: 'hello @ann' }
    expect(glance()).toEqual({ ...told, last })
    expect(glance('bob')).toEqual({ ...told, unread: 0, mentions: 0, readSeq: 1, last })
  })

  it('[M2] is nothing for whoever is no member, banned, or gone, and of a deleted room', () => {
    const { room, glance } = scene(evicted)
    expect(glance('eve')).toBeUndefined()
    askRoom(room, (turn, each) => each.setRole(turn, owner, 'ann', 'banned'))
    expect(glance('ann')).toBeUndefined()
    askRoom(room, (turn, each) => each.removeMember(turn, bob, 'bob'))
    expect(glance('bob')).toBeUndefined()
    room.turn((turn) => {
      room.room.delete(turn, owner, () => {})
      expect(room.room.glanceOf(OWNER)).toBeUndefined()
    })
  })

  it('shows the last message as it is now, and the one before where it is deleted', () => {
    const { room, b, glance } = scene(evicted)
    const seen = () => [glance()?.last?.seq, glance()?.last?.preview]
    room.say(b, 'one')
    room.say(b, 'two')
    change(room, b, EDIT, { seq: 2, content: 'deux' })
    change(room, b, REACT, { seq: 1, reaction: 'x' })
    expect(seen()).toEqual([2, 'deux'])
    change(room, b, DELETE, { seq: 2 })
    expect(seen()).toEqual([1, 'one'])
    change(room, b, DELETE, { seq: 1 })
    expect(seen()).toEqual([undefined, undefined])
    expect(glance()).toMatchObject({ head: 6, messages: 2, unread: 2 })
  })

  it('counts no events of the system, and no messages of one’s own', () => {
    const { room, a, b, glance } = scene(evicted)
    room.say(b, 'one')
    askRoom(room, (turn, each) => each.changeRoom(turn, owner, { name: 'new' }))
    expect(glance()).toMatchObject({ name: 'new', head: 2, unread: 1, last: { seq: 1 } })
    room.say(a, 'mine')
    expect(glance()).toMatchObject({ head: 3, unread: 0, readSeq: 3, last: { preview: 'mine' } })
  })

  it('[P1] shows no message of before they came, where the past is hidden', () => {
    const { room, b, glance } = scene(evicted)
    room.set({ history: 'joined' })
    room.say(b, 'secret @eve')
    room.connect(person('eve'))
    expect(glance('eve')).toMatchObject({ unread: 0, mentions: 0 })
    expect(glance('eve')).not.toHaveProperty('last')
    change(room, b, EDIT, { seq: 1, content: 'secret' })
    expect(glance('eve')).not.toHaveProperty('last')
    expect(glance('ann')).toMatchObject({ last: { preview: 'secret' } })
    room.say(b, 'for all')
    expect(glance('eve')).toMatchObject({ unread: 1, last: { preview: 'for all' } })
    room.set({ history: 'all' })
    change(room, b, DELETE, { seq: 3 })
    expect(glance('eve')).toMatchObject({ last: { preview: 'secret' } })
  })

  it('[M1] shows no message to a member who may not come in now', () => {
    const { room, b, glance } = scene(evicted)
    room.members.put({
      ...{ id: 'guest', name: 'Gus', guest: true, role: 'writer', joined: { at: 1, seq: 0 } },
    })
    room.say(b, 'hello')
    expect(glance('guest')).toMatchObject({ unread: 1, last: { seq: 1 } })
    room.set({ entry: 'accounts' })
    expect(glance('guest')).toMatchObject({ unread: 1 })
    expect(glance('guest')).not.toHaveProperty('last')
    expect(glance('ann')).toHaveProperty('last')
  })

  it('says until when they are muted, while they are', () => {
    const { room, glance } = scene(evicted)
    const until = room.now + 60_000
    const act = { type: 'mute', personId: 'ann', until } as const
    askRoom(room, (turn, { moderation }) => moderation.act(turn, owner, act))
    expect(glance()).toMatchObject({ mutedUntil: until })
    expect(glance('bob')).not.toHaveProperty('mutedUntil')
    room.now = until
    expect(glance()).not.toHaveProperty('mutedUntil')
  })

  it('of a direct room has the name of the other, and says that it is hidden', () => {
    const { room, b, glance } = scene(evicted, 'direct')
    room.say(b, 'hello')
    expect(glance()).toMatchObject({ name: bob.name, unread: 1, last: { preview: 'hello' } })
    expect(glance('bob')).toMatchObject({ name: ann.name })
    askRoom(room, (turn) => setHidden(turn, ann, true))
    expect(glance()).toMatchObject({ hidden: true })
    expect(glance('bob')).not.toHaveProperty('hidden')
    askRoom(room, (turn) => setBlock(turn, ann, true))
    expect(glance()).not.toHaveProperty('last')
    expect(glance('bob')).toHaveProperty('last')
  })
})

describe('[R4] a glance', () => {
  it('looks at few events to find a message', () => {
    const { room, b, glance } = scene()
    room.say(b, 'old')
    const note = { type: 'renamed', name: 'x', at: 1, sender: bob } as const
    for (let n = 1; n < GLANCED_EVENTS; n++) room.log.append(note)
    expect(glance()).toHaveProperty('last')
    room.log.append(note)
    expect(glance()).not.toHaveProperty('last')
  })

  it.each([
    ['a text of 100 characters', 'x'.repeat(100), 'x'.repeat(100)],
    ['a longer text', 'x'.repeat(101), 'x'.repeat(100)],
    ['one of two UTF-16 units a character', '😀'.repeat(101), '😀'.repeat(100)],
    ['a family at the end', `${'x'.repeat(97)}👩‍👩‍👧`, 'x'.repeat(97)],
    ['a flag at the end', `${'x'.repeat(99)}🇰🇷`, 'x'.repeat(99)],
    ['a Hangul syllable in parts', `${'x'.repeat(99)}${'한'.normalize('NFD')}`, 'x'.repeat(99)],
    ['a letter under a pile of marks', `a${'\u0301'.repeat(200)}`, `a${'\u0301'.repeat(99)}`],
    ['a NUL', 'one\0two', 'one'],
    ['an empty text', '', ''],
  ])('previews %s', (_, content, preview) => {
    expect(previewOf(content)).toBe(preview)
  })
})
