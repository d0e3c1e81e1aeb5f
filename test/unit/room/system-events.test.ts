import { describe, expect, it } from 'vitest'
import { foldEvent, NO_MESSAGES } from '../../../src/client/log/messages.ts'
import { appendSystemEvent } from '../../../src/room/commands/system-event.ts'
import { eventsPage } from '../../../src/room/log/pages.ts'
import type { SystemNote } from '../../../src/room/log/system-note.ts'
import { bodies } from '../../support/changes.ts'
import { ERRORS, FakeRoom, LOG, OWNER, person } from '../../support/fake-room.ts'

const EVENT = { at: '2026-11-21T08:00:00.000Z', sender: { id: OWNER, name: 'OWNER' } }
const bob = { id: 'bob', name: 'Bob', guest: true } as const

const NOTES: [note: SystemNote, isSilent: boolean][] = [
  [{ type: 'joined', user: bob, role: 'writer' }, true],
  [{ type: 'left', user: bob }, true],
  [{ type: 'left', user: { id: 'bob' }, why: 'kicked' }, true],
  [{ type: 'role', user: bob, role: 'moderator' }, true],
  [{ type: 'renamed', name: '한강 "\0', description: 'x'.repeat(1001), archived: true }, false],
  [{ type: 'pinned', target: 1 }, true],
  [{ type: 'unpinned', target: 1 }, true],
]

/** Ann said "one" (seq 1) and listens to the log. */
function scene() {
  const room = new FakeRoom()
  const ann = room.connect(person('ann'))
  room.subscribe(ann, 'errors', ERRORS)
  room.say(ann, 'one')
  room.subscribe(ann, 'log', LOG)
  ann.take()
  const note = (what: SystemNote, alsoWrite?: () => void) =>
    room.turn((turn) => void appendSystemEvent(turn, person(OWNER), what, alsoWrite))
  return { room, ann, note }
}

describe.each(NOTES)('the system event %j', (note, isSilent) => {
  const told = { seq: 2, n: 1, ...EVENT, ...note, ...(isSilent && { silent: true }) }

  it('[L1] [L2] is told live, in a replay and in a page, in its place of the log', () => {
    const { room, ann, note: append } = scene()
    append(note)
    room.say(ann, 'two')
    const [live, next] = ann.take()
    expect(live?.headers).toMatchObject({ seq: '2', prev: '1' })
    expect(JSON.parse(live?.body ?? '')).toEqual(told)
    expect(next?.headers).toMatchObject({ seq: '3', prev: '2' })
    room.evict()
    room.subscribe(ann, 'again', LOG, { after: '1' })
    expect(ann.take()[0]?.body).toBe(live?.body)
    expect(eventsPage(room.log, {}).events[1]).toEqual(told)
  })

  it('makes no message of the client, and no gap', () => {
    const { room, ann, note: append } = scene()
    append(note)
    room.say(ann, 'two')
    const state = bodies(ann).reduce(foldEvent, NO_MESSAGES)
    expect([...state.messages.keys()]).toEqual([3])
    expect(state.waiting).toEqual([])
  })

  it('is no message that could be changed', () => {
    const { room, ann, note: append } = scene()
    append(note)
    for (const to of ['edit', 'react', 'delete']) {
      const body = JSON.stringify({ seq: 2, content: 'x', reaction: 'x' })
      room.send(ann, 'SEND', { destination: `/pub/${to}/message` }, body)
      expect(ann.take().at(-1)?.headers.code).toBe('event-unknown')
    }
  })
})

describe('a system event', () => {
  it('[L3] is not told, nor anything written, where the rows beside it fail', () => {
    const { room, ann, note } = scene()
    const fails = () => {
      room.log.append({ type: 'message', at: 1, sender: { id: 'x', name: 'X' }, content: 'x' })
      throw new Error('the disk is full')
    }
    expect(() => note({ type: 'pinned', target: 1 }, fails)).toThrow('the disk is full')
    expect([room.log.head(), ann.takeText()]).toEqual([1, ''])
    note({ type: 'pinned', target: 1 })
    expect(ann.take()[0]?.headers.seq).toBe('2')
  })

  it('[L5] leaves the idempotency-keys around it as they are', () => {
    const { room, ann, note } = scene()
    for (let n = 0; n < 600; n++) {
      if (n % 2 === 0) note({ type: 'role', user: bob, role: 'reader' })
      else room.say(ann, 'x', undefined, `key ${n}`)
      if (n === 300) room.evict()
      room.now += 200
    }
    ann.take()
    room.evict()
    const head = room.log.head()
    for (const n of [1, 255, 257, 301, 599]) room.say(ann, 'x', 'r', `key ${n}`)
    expect(ann.take().map(({ headers }) => headers.seq)).toEqual(
      [1, 255, 257, 301, 599].map((n) => String(n + 2)),
    )
    expect(room.log.head()).toBe(head)
  })
})
