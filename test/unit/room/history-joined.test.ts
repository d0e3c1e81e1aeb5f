// Where newcomers do not read the past, nothing tells them of it either.

import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import type { Refusal } from '../../../src/refusals.ts'
import { eventsPage } from '../../../src/room/log/pages.ts'
import { ERRORS, FakeRoom, LOG, person } from '../../support/fake-room.ts'

type Socket = ReturnType<FakeRoom['connect']>

const ann = person('ann')
const bob = person('bob')
const SECRET = 'secret'

/** Ann said the secret before bob joined; both listen. `evict` before each frame where asked. */
function scene(evicts: boolean) {
  const room = new FakeRoom()
  room.set({ history: 'joined' })
  room.roles.set('ann', 'moderator')
  const first = room.connect(ann)
  room.say(first, SECRET)
  room.say(first, 'two')
  const second = room.connect(bob)
  room.say(first, 'three')
  for (const socket of [first, second]) {
    room.subscribe(socket, 'errors', ERRORS)
    room.subscribe(socket, 'log', LOG)
  }
  first.take()
  second.take()
  const send = (socket: Socket, to: string, body: object) => {
    if (evicts) room.evict()
    room.now += 1000
    room.send(socket, 'SEND', { destination: `/pub/${to}` }, JSON.stringify(body))
  }
  return { room, first, second, send }
}

const bodies = (socket: Socket) => socket.take().map(({ body }) => JSON.parse(body))

describe.each([false, true])('[P1] [H1] the past, with evictions: %s', (evicts) => {
  it.each([
    ['edit/message', { seq: 1, content: 'x' }],
    ['react/message', { seq: 1, reaction: 'x' }],
    ['delete/message', { seq: 1 }],
    ['pin/message', { seq: 1 }],
    ['unpin/message', { seq: 1 }],
  ])('is not there for %s', (to, body) => {
    const { room, second, send } = scene(evicts)
    // A moderator who came late, too.
    room.roles.set('bob', 'moderator')
    const head = room.log.head()
    send(second, to, body)
    expect(second.take().at(-1)?.headers.code).toBe('event-unknown')
    expect(room.log.head()).toBe(head)
  })

  it('is answered by nobody who may not read it', () => {
    const { room, second, send } = scene(evicts)
    const head = room.log.head()
    send(second, 'send/message', { content: 'what?', replyTo: 1 })
    expect(second.takeText()).toContain('replyTo names no message')
    expect(room.log.head()).toBe(head)
  })

  it('is told to those alone who may read it: live, replayed, and in a page', () => {
    const { room, first, second, send } = scene(evicts)
    send(first, 'send/message', { content: 'I said', replyTo: 1 })
    send(first, 'edit/message', { seq: 1, content: `${SECRET}!` })
    send(first, 'send/message', { content: 'and', replyTo: 3 })
    const [mine, theirs] = [bodies(first), bodies(second)]
    expect(mine[0].quote).toMatchObject({ seq: 1, content: SECRET })
    expect(mine[1].content).toBe(`${SECRET}!`)
    const { quote: _, ...reply } = mine[0]
    expect(theirs).toEqual([reply, { ...mine[1], content: '' }, mine[2]])
    expect(theirs[2].quote).toMatchObject({ seq: 3, content: 'three' })

    if (evicts) room.evict()
    for (const [socket, told] of [
      [first, bodiesNow(room, ann)],
      [second, bodiesNow(room, bob)],
    ] as const) {
      room.subscribe(socket, 'again', LOG, { after: '3' })
      expect(bodies(socket)).toEqual(told.filter(({ seq }) => seq > 3))
    }
    expect(JSON.stringify(bodiesNow(room, bob))).not.toContain(SECRET)
    expect(JSON.stringify(bodiesNow(room, ann))).toContain(`${SECRET}!`)
  })

  it('has the same `prev` for all', () => {
    const { first, second, send } = scene(evicts)
    send(first, 'edit/message', { seq: 1, content: 'x' })
    send(first, 'send/message', { content: 'y', replyTo: 1 })
    const places = (socket: Socket) =>
      socket.take().map(({ headers }) => [headers.prev, headers.seq])
    expect(places(second)).toEqual(places(first))
  })

  it('is in no pin, and in no report that a moderator reads who came late', () => {
    const { room, first, second, send } = scene(evicts)
    send(first, 'pin/message', { seq: 1 })
    room.turn((turn) => void room.room.reports.add(turn, ann, { seq: 1, reason: 'x' }))
    room.roles.set('bob', 'moderator')
    if (evicts) room.evict()
    expect(room.room.pins(bob).pins).toEqual([])
    expect(room.room.pins(ann).pins).toHaveLength(1)
    const [report] = room.room.reports.page(bob, { limit: 9 }).reports
    expect([report?.seq, report?.message]).toEqual([1, null])
    let refused: unknown
    room.turn((turn) => {
      try {
        room.room.reports.add(turn, bob, { seq: 1, reason: 'x' })
      } catch (error) {
        refused = error
      }
    })
    expect((refused as Refusal).code).toBe('event-unknown')
    expect(second.takeText()).not.toContain(SECRET)
  })
})

const bodiesNow = (room: FakeRoom, who: Principal) =>
  eventsPage(room.log, {}, room.room.readableAfter(who)).events as { seq: number }[]
