import { describe, expect, it } from 'vitest'
import { eventsPage } from '../../../src/room/log/pages.ts'
import { change, DELETE, EDIT, REACT } from '../../support/changes.ts'
import { FakeRoom, LOG, person } from '../../support/fake-room.ts'
import { MemoryLog } from '../../support/memory-log.ts'

function logOf(count: number): MemoryLog {
  const log = new MemoryLog()
  for (let n = 0; n < count; n++) {
    log.append({ type: 'message', at: 0, sender: { id: 'a', name: 'A' }, content: 'x' })
  }
  return log
}

describe('a page of events', () => {
  it.each([
    [{}, 120, 71, 120, 71],
    [{}, 3, 1, 3, null],
    [{ limit: 3 }, 3, 1, 3, null],
    [{ before: 71 }, 120, 21, 70, 21],
    [{ before: 21 }, 120, 1, 20, null],
    [{ after: 0, limit: 100 }, 120, 1, 100, 100],
    [{ after: 100, limit: 100 }, 120, 101, 120, null],
    [{ after: 20, limit: 100 }, 120, 21, 120, null],
  ])('%j of %i events is %i to %i, and next is %s', (query, count, first, last, next) => {
    const page = eventsPage(logOf(count), query)
    const seqs = page.events.map(({ seq }) => seq)
    expect([seqs[0], seqs.at(-1), seqs.length]).toEqual([first, last, last - first + 1])
    expect([page.head, page.next]).toEqual([count, next])
  })

  it.each([{}, { after: 0 }, { before: 1 }, { after: 99 }, { before: 0 }])(
    '%j of an empty log is empty',
    (query) => {
      expect(eventsPage(logOf(0), query)).toEqual({ events: [], head: 0, next: null })
    },
  )

  it('tells each event as its MESSAGE does, whatever it is', () => {
    const room = new FakeRoom()
    const socket = room.connect(person('ann'))
    room.say(socket, 'one', undefined, 'k')
    change(room, socket, EDIT, { seq: 1, content: 'One' })
    change(room, socket, EDIT, { seq: 1, content: 'ONE' })
    change(room, socket, REACT, { seq: 1, reaction: '__proto__' })
    change(room, socket, REACT, { seq: 1, reaction: '10' })
    change(room, socket, REACT, { seq: 1, reaction: '10', on: false })
    room.say(socket, 'two')
    change(room, socket, DELETE, { seq: 7 }, { 'idempotency-key': 'l' })
    room.subscribe(socket, 'log', LOG, { after: '0' })
    const told = socket.take().map(({ body }) => body)
    const page = eventsPage(room.log, {}).events.map((event) => JSON.stringify(event))
    expect(page).toEqual(told)
    expect(page[0]).toContain('"edited":3,"reacted":6,"reactions":{"__proto__":["ann"]}')
    expect(page[2]).toMatch(/"target":1,"content":"ONE"}$/)
    expect(page[6]).toMatch(/"content":"","deleted":8}$/)
    expect(page[7]).toMatch(/"target":7,"idempotencyKey":"l"}$/)
  })

  it('walks the whole log backwards, each event once', () => {
    const log = logOf(95)
    const seen: unknown[] = []
    let before: number | undefined
    do {
      const page = eventsPage(log, { before, limit: 10 })
      seen.unshift(...page.events.map(({ seq }) => seq))
      before = page.next ?? undefined
    } while (before !== undefined)
    expect(seen).toEqual(Array.from({ length: 95 }, (_, index) => index + 1))
  })
})
