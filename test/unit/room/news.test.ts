// What is new for whom, of those who watch a room in their list of rooms (U1).

import { describe, expect, it, vi } from 'vitest'
import { PUSHED_MEMBERS, WATCHER_PERIOD } from '../../../src/room/limits/glance-limits.ts'
import { setBlock } from '../../../src/room/membership/direct-room.ts'
import { setHidden } from '../../../src/room/membership/own-lists.ts'
import type { ModerationAct } from '../../../src/room/moderation/act.ts'
import type { Room } from '../../../src/room/room.ts'
import type { Turn } from '../../../src/room/turn.ts'
import type { RoomKind } from '../../../src/room-settings.ts'
import { change, DELETE, EDIT, PIN, REACT } from '../../support/changes.ts'
import { FakeRoom, LOG, OWNER, person } from '../../support/fake-room.ts'

const [ann, bob, cyd, owner] = [person('ann'), person('bob'), person('cyd'), person(OWNER)]
const EVERYBODY = ['ann', 'bob', 'cyd']

/** Ann, bob and cyd are members, and watch. In a large room there are many others. */
function scene(isLarge = false, kind: RoomKind = 'public') {
  const room = new FakeRoom({ sendPerSecond: 1e6, sendBurst: 1e6 }, kind)
  const joined = { at: 1, seq: 0 }
  const many = Array.from({ length: isLarge ? PUSHED_MEMBERS : 0 }, (_, n) => person(`p${n}`))
  for (const { id, name } of kind === 'direct' ? [ann, bob] : [ann, bob, cyd, ...many]) {
    room.members.put({ id, name, guest: false, role: 'writer', joined })
  }
  const [a, b] = [room.connect(ann), room.connect(bob)]
  for (const personId of EVERYBODY) room.room.watchers.add(personId)
  room.rest()
  /** For whom something is new since this was asked last. */
  const news = () => {
    room.now += WATCHER_PERIOD
    return room.room.watchers
      .take(room.now, 99)
      .map(({ personId }) => personId)
      .sort()
  }
  const as = (work: (turn: Turn, room: Room) => unknown) => {
    room.turn((turn) => void work(turn, room.room))
    return news()
  }
  const act = (wish: ModerationAct) =>
    as((turn, { moderation }) => moderation.act(turn, owner, wish))
  news()
  return { room, a, b, news, as, act }
}

describe('[U1] in a small room', () => {
  it('messages, edits and deletions are news for everybody, and nothing else in the log', () => {
    const { room, b, news, as } = scene()
    room.say(b, 'one')
    expect(news()).toEqual(EVERYBODY)
    change(room, b, EDIT, { seq: 1, content: 'two' })
    expect(news()).toEqual(EVERYBODY)
    change(room, b, REACT, { seq: 1, reaction: 'x' })
    change(room, room.connect(owner), PIN, { seq: 1 })
    expect(news()).toEqual([])
    change(room, b, DELETE, { seq: 1 })
    expect(news()).toEqual(EVERYBODY)
    const request = { type: 'message', content: 'over HTTP' } as const
    expect(as((turn, each) => each.execute(turn, ann, request))).toEqual(EVERYBODY)
  })

  it('what is refused, or done already, is no news', () => {
    const { room, b, news } = scene()
    room.say(b, 'one', undefined, 'key')
    news()
    room.say(b, 'one', undefined, 'key')
    room.say(b, 'x'.repeat(2000))
    change(room, b, EDIT, { seq: 1, content: 'one' })
    expect(news()).toEqual([])
  })

  it('messages of a transaction are news with the COMMIT', () => {
    const { room, b, news } = scene()
    room.send(b, 'BEGIN', { transaction: 't' })
    room.send(b, 'SEND', { destination: '/pub/send/message', transaction: 't' }, 'one')
    expect(news()).toEqual([])
    room.send(b, 'COMMIT', { transaction: 't' })
    expect(news()).toEqual(EVERYBODY)
  })

  it('a cleared message is news for everybody', () => {
    const { room, b, news, act } = scene()
    room.say(b, 'one')
    news()
    expect(act({ type: 'clear', personId: 'bob', last: 1 })).toEqual(EVERYBODY)
  })
})

describe.each([false, true])('[U1] in a room, large: %s', (isLarge) => {
  it('a new name is news for everybody, and a new description for nobody', () => {
    const { as } = scene(isLarge)
    const changed = (what: object) => as((turn, room) => room.changeRoom(turn, owner, what))
    expect(changed({ description: 'new' })).toEqual([])
    expect(changed({ name: 'new' })).toEqual(EVERYBODY)
  })

  it('what somebody has read is news for them alone, by each way of reading', () => {
    const { room, a, b, news, as } = scene(isLarge)
    for (const content of ['1', '2', '3', '4']) room.say(b, content)
    room.subscribe(a, 'log', LOG, { ack: 'client' })
    room.catchUp()
    room.say(b, '5')
    news()
    const read = (seq: number) =>
      room.send(a, 'SEND', { destination: '/pub/read' }, JSON.stringify({ seq }))
    read(2)
    expect(news()).toEqual(['ann'])
    read(1)
    expect(news()).toEqual([])
    expect(as((turn, each) => each.execute(turn, ann, { type: 'read', seq: 3 }))).toEqual(['ann'])
    expect(as((turn, each) => each.execute(turn, ann, { type: 'read', seq: 3 }))).toEqual([])
    const ack = a.take().findLast(({ headers }) => headers.ack)?.headers.ack ?? ''
    room.send(a, 'ACK', { id: ack })
    expect(news()).toEqual(['ann'])
  })

  it('a mute, its end and a role are news for the one alone', () => {
    const { room, act, as } = scene(isLarge)
    const mute = { type: 'mute', personId: 'ann', until: room.now + 1e9 } as const
    expect(act(mute)).toEqual(['ann'])
    expect(act(mute)).toEqual([])
    expect(act({ ...mute, until: null })).toEqual(['ann'])
    expect(as((turn, each) => each.setRole(turn, owner, 'ann', 'moderator'))).toEqual(['ann'])
  })

  it('whoever is no member any more watches no more', () => {
    const { room, as, act } = scene(isLarge)
    const size = () => room.room.watchers.size
    expect([act({ type: 'ban', personId: 'ann' }), size()]).toEqual([[], 2])
    expect(as((turn, each) => each.removeMember(turn, owner, 'bob'))).toEqual([])
    expect(as((turn, each) => each.removeMember(turn, cyd, 'cyd'))).toEqual([])
    expect(size()).toBe(0)
    room.rest()
    expect(room.watchers).toEqual([])
  })

  it('[H1] those who watch are the same after an eviction', () => {
    const { room, b, news } = scene(isLarge)
    room.evict()
    expect(room.room.watchers.size).toBe(3)
    room.say(b, '@ann @bob @cyd')
    expect(news()).toEqual(EVERYBODY)
  })
})

describe('[U1] [R4] in a large room', () => {
  it('messages are news for their sender and those whom they mention', () => {
    const { room, b, news } = scene(true)
    room.say(b, 'one')
    expect(news()).toEqual(['bob'])
    room.say(b, 'hello @ann')
    expect(news()).toEqual(['ann', 'bob'])
    room.say(room.connect(owner), '@room')
    expect(news()).toEqual(EVERYBODY)
  })

  it('edits and deletions are news for those whom they mention, or mentioned', () => {
    const { room, b, news } = scene(true)
    room.say(b, 'hello @ann')
    room.say(b, 'hello')
    news()
    change(room, b, EDIT, { seq: 1, content: 'hello @cyd' })
    expect(news()).toEqual(['ann', 'cyd'])
    change(room, b, EDIT, { seq: 2, content: 'hi' })
    change(room, b, DELETE, { seq: 2 })
    expect(news()).toEqual([])
    change(room, b, DELETE, { seq: 1 })
    expect(news()).toEqual(['cyd'])
  })

  it('[R3] a message stands where the members cannot be counted', () => {
    const { room, b, news } = scene(true)
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const count = vi.spyOn(room.members, 'hasMoreThan').mockImplementation(() => {
      throw new Error('disk I/O error')
    })
    room.say(b, 'one', 'r')
    expect(b.take()).toMatchObject([{ command: 'RECEIPT', headers: { seq: '1' } }])
    expect(news()).toEqual(EVERYBODY)
    expect(logged).toHaveBeenCalledWith(new Error('disk I/O error'))
    count.mockRestore()
    logged.mockRestore()
  })
})

describe('[U1] in a direct room', () => {
  it('what somebody hides or blocks is news for them, and a new name for both', () => {
    const { room, b, news, as } = scene(false, 'direct')
    expect(as((turn) => setHidden(turn, ann, true))).toEqual(['ann'])
    room.say(b, 'hello')
    expect(news()).toEqual(EVERYBODY)
    expect(room.room.glanceOf('ann')).not.toHaveProperty('hidden')
    expect(as((turn) => setBlock(turn, ann, true))).toEqual(['ann'])
    room.connect(bob)
    expect(news()).toEqual([])
    room.connect({ ...bob, name: 'Robert' })
    expect(news()).toEqual(EVERYBODY)
    expect(room.room.glanceOf('ann')).toMatchObject({ name: 'Robert' })
  })
})
