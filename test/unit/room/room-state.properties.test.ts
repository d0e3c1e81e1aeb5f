import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eventsPage, type PageQuery } from '../../../src/room/log/pages.ts'
import { bodies, change, DELETE, EDIT, REACT } from '../../support/changes.ts'
import { ERRORS, FakeRoom, type FakeSocket, LOG, OWNER, person } from '../../support/fake-room.ts'
import { heard, NOTHING, type RoomState, type Told } from '../../support/room-state.ts'

const PEOPLE = ['ann', 'bob', OWNER].map((id) => person(id))
const who = fc.nat(PEOPLE.length - 1)
const seq = fc.integer({ min: 1, max: 8 })

/** What somebody does to the log, or what the latecomer learns of it. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('say' as const), who }) },
  {
    weight: 12,
    arbitrary: fc.record({
      does: fc.constant('change' as const),
      who,
      destination: fc.constantFrom(EDIT, EDIT, REACT, REACT, REACT, DELETE),
      seq,
      content: fc.constantFrom('a', 'b', 'c'),
      reaction: fc.constantFrom('👍', '10', '2', '__proto__'),
      on: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('resume' as const), after: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('page' as const),
      before: fc.integer({ min: 1, max: 40 }),
      /** How many steps later it arrives. */
      late: fc.nat(6),
    }),
  },
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** A client's messages in the order of the log, with the order of their reactions. */
const shown = ({ messages }: RoomState) =>
  [...messages.values()].sort((a, b) => a.seq - b.seq).map((each) => JSON.stringify(sorted(each)))

const sorted = (message: object) => Object.fromEntries(Object.entries(message).sort())

const read = (room: FakeRoom, query: PageQuery) =>
  eventsPage(room.log, { limit: 1000, ...query }).events as unknown as Told[]

/**
 * One who listens from the start, and one who comes later, resumes at will and reads pages that
 * come late.
 */
function run(steps: readonly Step[]) {
  const room = new FakeRoom({ sendPerSecond: 1000, sendBurst: 10_000 })
  const sockets = PEOPLE.map((each) => room.connect(each))
  for (const socket of sockets) room.subscribe(socket, 'errors', ERRORS)
  const [early, late] = [room.connect(person('early')), room.connect(person('late'))]
  room.subscribe(early, 'log', LOG)
  let latecomer = NOTHING
  let following = false
  const pages: { events: Told[]; at: number }[] = []
  const listen = (events: Told[]) => {
    latecomer = events.reduce(heard, latecomer)
  }
  steps.forEach((its, now) => {
    if (its.does === 'say') room.say(sockets[its.who] as FakeSocket, `at ${now}`)
    else if (its.does === 'change') {
      const { destination, seq: target, content, reaction, on } = its
      change(room, sockets[its.who] as FakeSocket, destination, {
        seq: target,
        content,
        reaction,
        on,
      })
    } else if (its.does === 'resume') {
      // L6: from anywhere at or before what is known; the first time from where a page ends.
      if (following) room.send(late, 'UNSUBSCRIBE', { id: 'log' })
      const { events, head } = { events: read(room, {}), head: room.log.head() }
      const after = Math.min(its.after, head)
      if (!following) listen(events.slice(Math.floor(after / 2)))
      room.subscribe(late, 'log', LOG, { after: String(after) })
      following = true
    } else if (following)
      pages.push({ events: read(room, { before: its.before }), at: now + its.late })
    if (following) listen(bodies(late))
    for (const page of pages) if (page.at === now) listen(page.events)
  })
  for (const { events, at } of pages) if (at >= steps.length) listen(events)
  const all = read(room, { after: 0 })
  const live = bodies(early).reduce(heard, NOTHING)
  const fresh = all.filter(({ type }) => type === 'message').reduce(heard, NOTHING)
  return {
    live,
    fresh,
    replayed: all.reduce(heard, NOTHING),
    twice: [...all, ...all].reduce(heard, live),
    latecomer,
  }
}

it('[L6] whoever hears the log, and whoever reads it later, see the same messages', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 50 }), (steps) => {
      const { fresh, live, replayed, twice, latecomer } = run(steps)
      expect(shown(live)).toEqual(shown(fresh))
      expect(shown(replayed)).toEqual(shown(fresh))
      expect(shown(twice)).toEqual(shown(fresh))
      // It need not have read the beginning; what it has is as it is.
      const its = new Set(latecomer.messages.keys())
      const known = new Map([...fresh.messages].filter(([each]) => its.has(each)))
      expect(shown(latecomer)).toEqual(shown({ messages: known, waiting: [] }))
    }),
    { numRuns: 40 },
  )
})
