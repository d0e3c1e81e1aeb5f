import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../../src/auth/principal.ts'
import { Refusal } from '../../../../src/refusals.ts'
import type { ModerationAct } from '../../../../src/room/moderation/act.ts'
import { FakeRoom, LOG, OWNER, person } from '../../../support/fake-room.ts'

const owner = person(OWNER)
const [ann, bob, mod] = [person('ann'), person('bob'), person('mod')]

/** The code of the refusal, or '' once it is done. */
function act(room: FakeRoom, by: Principal, what: ModerationAct): string {
  let code = ''
  room.turn((turn) => {
    try {
      room.room.moderation.act(turn, by, what)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      code = error.code
    }
  })
  return code
}

const clear = (room: FakeRoom, by: Principal, personId: string, last: number) =>
  act(room, by, { type: 'clear', personId, last })

/** Does what is left. Gives in how many turns. */
function finish(room: FakeRoom, evicted: boolean): number {
  let turns = 0
  for (; room.clearings.all().length > 0 || room.backlog; turns++) {
    if (evicted) room.evict()
    const before = room.log.head()
    room.catchUp()
    expect(room.log.head() - before).toBeLessThanOrEqual(50)
    if (turns > 99) throw new Error('it never ends')
  }
  return turns
}

/** The contents of the messages of somebody. */
const left = (room: FakeRoom, id: string) =>
  [...room.log.after(0, 9999)].flatMap((event) =>
    event.type === 'message' && event.sender.id === id && event.content ? [event.content] : [],
  )

/** A room with a moderator, where ann and bob have said so many messages in turn. */
function scene(messages: number) {
  const room = new FakeRoom({ sendBurst: 9999, sendPerSecond: 9999 })
  room.roles.set('mod', 'moderator')
  const [socket, other] = [room.connect(ann), room.connect(bob)]
  for (let n = 1; n <= messages; n++) {
    room.now += 1000
    room.say(socket, `a${n}`)
    room.say(other, `b${n}`)
  }
  return { room, socket, other }
}

describe('[H1][R4] clearing', () => {
  it.each([false, true])('takes the last messages, a few in a turn; evicted: %s', (evicted) => {
    const { room, other } = scene(150)
    room.subscribe(other, 'log', LOG)
    expect(clear(room, mod, 'ann', 120)).toBe('')
    expect(left(room, 'ann')).toHaveLength(100)
    finish(room, evicted)
    expect(left(room, 'ann')).toEqual(Array.from({ length: 30 }, (_, n) => `a${n + 1}`))
    expect(left(room, 'bob')).toHaveLength(150)
    const told = other.take().map(({ body }) => JSON.parse(body))
    expect(told).toHaveLength(120)
    expect(told[0]).toMatchObject({ type: 'delete', target: 299, sender: { id: 'mod' } })
    expect(room.moderation.page(undefined, 9)).toMatchObject([
      { action: 'clear', user: { id: 'ann', name: 'ANN' }, detail: { last: 120 }, seq: 300 },
    ])
  })

  it.each([false, true])('by a guest says so in each deletion; evicted: %s', (evicted) => {
    const { room, other } = scene(60)
    room.subscribe(other, 'log', LOG)
    expect(clear(room, { ...mod, guest: true }, 'ann', 55)).toBe('')
    finish(room, evicted)
    const told = other.take().map(({ body }) => JSON.parse(body))
    const sender = { id: 'mod', name: 'MOD', guest: true }
    expect(told.map((event) => event.sender)).toEqual(Array(55).fill(sender))
  })

  it('of somebody with few messages, or none, is done at once', () => {
    const { room } = scene(3)
    expect(clear(room, mod, 'ann', 500)).toBe('')
    expect(clear(room, mod, 'nobody', 500)).toBe('')
    expect([left(room, 'ann'), room.clearings.all(), room.backlog]).toEqual([[], [], undefined])
    expect(clear(room, mod, 'ann', 500)).toBe('')
    expect(room.log.head()).toBe(9)
  })

  it('leaves what they say after it', () => {
    const { room, socket } = scene(80)
    clear(room, mod, 'ann', 500)
    room.say(socket, 'new')
    finish(room, true)
    expect(left(room, 'ann')).toEqual(['new'])
  })

  it('reaches messages far back, over many turns', () => {
    const { room } = scene(1)
    const sender = { id: 'bob', name: 'BOB' }
    for (let n = 0; n < 45_000; n++) {
      room.log.append({ type: 'message', at: room.now, sender, content: 'x' })
    }
    clear(room, mod, 'ann', 1)
    expect(finish(room, false)).toBe(2)
    expect(left(room, 'ann')).toEqual([])
  })

  it.each<[by: Principal, of: string]>([
    [bob, 'ann'],
    [ann, 'ann'],
    [mod, 'mod'],
    [mod, OWNER],
    [mod, 'other'],
    [owner, OWNER],
  ])('by $id of %s is refused', (by, of) => {
    const { room } = scene(1)
    room.roles.set('other', 'moderator')
    expect(clear(room, by, of, 5)).toBe('not-allowed')
    expect([room.log.head(), room.clearings.all()]).toEqual([2, []])
  })

  it('[R5] is refused where much is being cleared already', () => {
    const { room } = scene(60)
    const all = Array.from({ length: 20 }, () => ({
      ...{ personId: 'eve', by: { id: 'mod', name: '' }, before: 1, left: 1 },
    }))
    room.clearings.set(all)
    expect(clear(room, mod, 'ann', 5)).toBe('too-fast')
    expect(act(room, mod, { type: 'ban', personId: 'ann', deleteSince: room.now })).toBe('too-fast')
    expect(room.members.get('ann')?.role).toBe('writer')
    expect(room.moderation.page(undefined, 9)).toEqual([])
  })
})

describe('[M3] a ban with deleteSince', () => {
  it.each([false, true])('takes their messages since then; evicted: %s', (evicted) => {
    const { room, socket } = scene(200)
    const deleteSince = room.now - 149_000
    const ban = { type: 'ban', personId: 'ann', deleteSince } as const
    expect(act(room, mod, ban)).toBe('')
    expect(socket.closed?.reason).toBe('banned')
    finish(room, evicted)
    expect(left(room, 'ann')).toEqual(Array.from({ length: 50 }, (_, n) => `a${n + 1}`))
    expect(left(room, 'bob')).toHaveLength(200)
    // They may go on a day after, too.
    expect(act(room, mod, { ...ban, deleteSince: room.now - 7 * 86_400_000 })).toBe('')
    finish(room, evicted)
    expect(left(room, 'ann')).toEqual([])
  })

  it('is refused for a time to come, and for more than 7 days back', () => {
    const { room } = scene(1)
    for (const deleteSince of [room.now + 1, room.now - 7 * 86_400_000 - 1]) {
      expect(act(room, mod, { type: 'ban', personId: 'ann', deleteSince })).toBe('body-invalid')
    }
    expect(room.members.get('ann')?.role).toBe('writer')
  })
})
