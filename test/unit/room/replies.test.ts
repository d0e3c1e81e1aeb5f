import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../../src/client/log/events.ts'
import { foldEvent, NO_MESSAGES } from '../../../src/client/log/messages.ts'
import { eventsPage } from '../../../src/room/log/pages.ts'
import { bodies, change, DELETE, EDIT, outcome, REACT } from '../../support/changes.ts'
import { ERRORS, FakeRoom, LOG, person } from '../../support/fake-room.ts'

const SEND = '/pub/send/message'

/** Ann said "one" (seq 1); she and Bob listen to the log. */
function scene() {
  const room = new FakeRoom({ maxSubscriptions: 20 })
  const [a, b] = [room.connect(person('ann')), room.connect(person('bob'))] as const
  for (const socket of [a, b]) room.subscribe(socket, 'errors', ERRORS)
  room.say(a, 'one')
  for (const socket of [a, b]) {
    room.subscribe(socket, 'log', LOG)
    socket.take()
  }
  return { room, a, b }
}

describe('a reply', () => {
  it.each([2, 3, 9, 0, -1, 1.5, '1'])('to %s is refused, and writes nothing', (replyTo) => {
    const { room, a, b } = scene()
    change(room, a, EDIT, { seq: 1, content: 'One' })
    change(room, a, REACT, { seq: 1, reaction: 'x' })
    expect(outcome(room, b, SEND, { content: 'x', replyTo })).toBe('body-invalid')
    expect([room.log.head(), b.closed]).toEqual([3, undefined])
  })

  it('quotes what it answers, live, in a replay and in a page, as it is then', () => {
    const { room, a, b } = scene()
    const sender = { id: 'ann', name: 'ANN' }
    expect(outcome(room, b, SEND, { content: 'yes', replyTo: 1, quote: 'forged' })).toBe('2')
    const live = bodies(a)[0]
    expect(live).toMatchObject({ replyTo: 1, quote: { seq: 1, sender, content: 'one' } })
    const told = () => {
      room.evict()
      a.take()
      room.subscribe(a, String(room.log.head()), LOG, { after: '1' })
      const [replayed] = bodies(a)
      expect(eventsPage(room.log, { after: 1, limit: 1 }).events[0]).toEqual(replayed)
      return replayed.quote
    }
    expect(told()).toEqual(live.quote)
    change(room, a, EDIT, { seq: 1, content: 'x'.repeat(300) })
    expect(told()).toEqual({ seq: 1, sender, content: 'x'.repeat(200), edited: 3 })
    change(room, a, DELETE, { seq: 1 })
    expect(told()).toEqual({ seq: 1, sender, content: '', deleted: 4 })
  })

  it('to a message that was deleted meanwhile is accepted, and says so', () => {
    const { room, a, b } = scene()
    change(room, a, DELETE, { seq: 1 })
    expect(outcome(room, b, SEND, { content: 'yes', replyTo: 1 })).toBe('3')
    expect(bodies(a)[0]).toMatchObject({ quote: { seq: 1, content: '', deleted: 2 } })
  })

  it('[H1] has the same quotes in a client, whatever it heard first', () => {
    const { room, a, b } = scene()
    const heard: ChatEvent[] = eventsPage(room.log, {}).events as never
    outcome(room, b, SEND, { content: 'yes', replyTo: 1 })
    outcome(room, a, SEND, { content: 'so', replyTo: 2 })
    heard.push(...bodies(b).filter(({ seq }) => seq === 3), ...bodies(a))
    const early = eventsPage(room.log, {}).events as never as ChatEvent[]
    const changes: (() => void)[] = [
      () => change(room, a, EDIT, { seq: 1, content: '😀'.repeat(250) }),
      () => change(room, b, EDIT, { seq: 2, content: 'no' }),
      () => change(room, a, EDIT, { seq: 1, content: 'ONE' }),
      () => change(room, b, REACT, { seq: 1, reaction: 'x' }),
      () => change(room, a, DELETE, { seq: 1 }),
    ]
    for (const go of changes) {
      b.take()
      go()
      const page = eventsPage(room.log, {}).events as never as ChatEvent[]
      const late = page.slice(3)
      const wanted = page.filter(({ type }) => type === 'message').map(({ quote }) => quote)
      const mixtures = [
        page,
        page.toReversed(),
        [...early, ...late],
        [...late, ...early],
        [...late, ...early.toReversed()],
        [...page, ...early],
      ]
      for (const events of mixtures) {
        const { messages } = events.reduce(foldEvent, NO_MESSAGES)
        const found = [1, 2, 3].map((seq) => messages.get(seq)?.quote)
        expect(found).toEqual(wanted)
      }
    }
  })
})
