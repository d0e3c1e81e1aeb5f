import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPresence } from '../../../src/client/presence.ts'
import { CROWD_PEOPLE } from '../../../src/room/limits/limits.ts'
import { FakeRoom, type FakeSocket, person, SIGNALS } from '../../support/fake-room.ts'
import { scaled } from '../../support/scaled.ts'

const named = (n: number) => person(`p${String(n).padStart(5, '0')}`)

const told = (socket: FakeSocket) =>
  socket
    .take()
    .filter(({ command }) => command === 'MESSAGE')
    .map(({ body }) => JSON.parse(body))

/** Who listens, and a room with so many people beside. */
function crowd(people: number) {
  const room = new FakeRoom()
  for (let n = 0; n < people; n++) room.connect(named(n))
  const listener = room.connect(person('zoe'))
  room.tellPresence()
  return { room, listener }
}

describe('[R6] what a page counts', () => {
  const WHO = 8
  const step = fc.record({
    does: fc.constantFrom('come', 'come', 'leave', 'vanish', 'tell', 'evict'),
    who: fc.nat(WHO - 1),
  })

  it('is how many are here, whatever happens around the limit', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(WHO), (steps, beyond) => {
        const { room, listener } = crowd(CROWD_PEOPLE - WHO + beyond)
        let count = 0
        const presence = createPresence((people: { count: number }) => {
          count = people.count
        })
        const hear = () => {
          for (const signal of told(listener)) presence.hear(signal)
        }
        room.subscribe(listener, 'who', SIGNALS)
        hear()
        const tabs = new Map<FakeSocket, number>()
        for (const { does, who } of steps) {
          const [tab] = [...tabs].find(([, of]) => of === who) ?? []
          if (does === 'come' && [...tabs.values()].filter((of) => of === who).length < 3) {
            tabs.set(room.connect(named(1000 + who), { 'heart-beat': '45000,45000' }), who)
          }
          if (does === 'leave' && tab) {
            tabs.delete(tab)
            room.leave(tab)
          }
          // It is found out when something is about to reach it.
          if (does === 'vanish' && tab) {
            tabs.delete(tab)
            tab.session = { ...tab.session, seenAt: 0 }
          }
          if (does === 'tell') room.tellPresence()
          if (does === 'evict') room.evict()
          hear()
        }
        // Something that reaches everybody, and a change: what an eviction took is made good by it.
        room.say(listener, 'hello')
        room.leave(room.connect(named(5000)))
        while (room.tellPresence());
        hear()
        expect(count).toBe(CROWD_PEOPLE - WHO + beyond + 1 + new Set(tabs.values()).size)
      }),
      { numRuns: scaled(15, 60) },
    )
  })
})
