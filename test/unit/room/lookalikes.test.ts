import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/auth/principal.ts'
import type { Person } from '../../../src/room/log/event.ts'
import { FakeRoom, type FakeSocket, OWNER, person, SIGNALS } from '../../support/fake-room.ts'

/** The second name is of Cyrillic letters. */
const [ANN, ANN_TOO] = ['Ann', '\u0410nn']

const called = (id: string, name: string, more: Partial<Principal> = {}): Principal => ({
  ...person(id),
  name,
  ...more,
})
const GUEST = { guest: true } as const

/** A room where a moment passes, and an eviction, between any two things (H1). */
class Scene extends FakeRoom {
  #witness: FakeSocket | undefined

  come(who: Principal): FakeSocket {
    this.now += 1000
    const socket = this.connect(who)
    this.evict()
    return socket
  }

  /** Whether what somebody says now is marked, in the log. */
  marked(socket: FakeSocket): boolean {
    this.say(socket, 'hello')
    this.evict()
    return this.log.find(this.log.head())?.sender.lookalike === true
  }

  /** Who is marked in a snapshot. */
  snapshot(): string[] {
    this.#witness ??= this.come(person('witness'))
    this.subscribe(this.#witness, `signals${this.now++}`, SIGNALS)
    const here: Person[] = this.#witness
      .take()
      .filter(({ body }) => body.includes('"here"'))
      .flatMap(({ body }) => JSON.parse(body).here)
    this.evict()
    return here.filter(({ lookalike }) => lookalike).map(({ id }) => id)
  }

  promote(id: string, role: 'moderator' | 'writer'): void {
    this.turn((turn) => this.room.setRole(turn, person(OWNER), id, role))
    this.evict()
  }
}

describe('a name that looks like another person’s here', () => {
  it('[H1] is marked where the other came first, and while the other is here', () => {
    const scene = new Scene()
    const ann = scene.come(called('a', ANN))
    const other = scene.come(called('b', ANN_TOO))
    expect([scene.marked(ann), scene.marked(other)]).toEqual([false, true])
    expect(scene.snapshot()).toEqual(['b'])
    scene.leave(ann)
    expect(scene.marked(other)).toBe(false)
    // Who comes back is the later one.
    expect(scene.marked(scene.come(called('a', ANN)))).toBe(true)
  })

  it('[H1] is a guest’s where an account has it, whoever came first', () => {
    const scene = new Scene()
    const guest = scene.come(called('g', ANN_TOO, GUEST))
    expect(scene.marked(guest)).toBe(false)
    const ann = scene.come(called('a', ANN))
    expect([scene.marked(ann), scene.marked(guest)]).toEqual([false, true])
    expect(scene.snapshot()).toEqual(['g'])
  })

  it('[H1] is marked where it is the owner’s, who may be away', () => {
    const scene = new Scene()
    const first = scene.come(called('g', 'O1ivia', GUEST))
    expect(scene.marked(first)).toBe(true)
    // The owner may have another name by now.
    const owner = scene.come(called(OWNER, 'Anna'))
    expect(scene.marked(owner)).toBe(false)
    scene.leave(owner)
    expect(scene.marked(scene.come(called('b', '\u0410nn\u0430')))).toBe(true)
    expect(scene.marked(first)).toBe(true)
  })

  it('[H1] is marked where the owner goes on by it in the same connection', () => {
    const scene = new Scene()
    const owner = scene.come(called(OWNER, 'Olivia'))
    const token = scene.token(called(OWNER, 'Anna'), 900, { id: 's2', version: 2 })
    scene.send(owner, 'SEND', { destination: '/pub/auth' }, '', token)
    scene.leave(owner)
    expect(scene.marked(scene.come(called('b', '\u0410nn\u0430')))).toBe(true)
  })

  it('[H1] is marked where it is a moderator’s, who may be away', () => {
    const scene = new Scene()
    const ann = scene.come(called('a', ANN))
    const other = scene.come(called('b', ANN_TOO))
    scene.promote('b', 'moderator')
    expect([scene.marked(ann), scene.marked(other)]).toEqual([true, false])
    scene.leave(other)
    expect(scene.marked(ann)).toBe(true)
    scene.promote('b', 'writer')
    expect(scene.marked(ann)).toBe(false)
    expect(scene.looks.holders('ann')).toEqual([])
  })

  it('is not marked where all that look so are one person’s', () => {
    const scene = new Scene()
    const [one, two] = [scene.come(called('a', ANN)), scene.come(called('a', ANN_TOO))]
    expect([scene.marked(one), scene.marked(two)]).toEqual([false, false])
  })

  it('is marked by the name of the token that the message came under', () => {
    const scene = new Scene()
    scene.come(called('a', ANN))
    const [one, two] = [scene.come(called('b', ANN_TOO)), scene.come(called('b', 'Ben'))]
    expect([scene.marked(one), scene.marked(two)]).toEqual([true, false])
  })

  it('is told with who joins, and the log keeps it', () => {
    const scene = new Scene()
    const ann = scene.come(called('a', ANN))
    scene.subscribe(ann, 's', SIGNALS)
    ann.takeText()
    const other = scene.come(called('b', ANN_TOO, GUEST))
    const user = { id: 'b', name: ANN_TOO, guest: true, lookalike: true }
    expect(ann.take().map(({ body }) => JSON.parse(body))).toEqual([{ type: 'joined', user }])
    scene.say(other, 'one')
    scene.leave(ann)
    scene.say(other, 'two')
    expect([...scene.log.after(0, 9)].map(({ sender }) => sender.lookalike)).toEqual([
      true,
      undefined,
    ])
  })
})

it('[H1] an eviction changes nothing in who is marked', () => {
  const step = fc.record({
    who: fc.constantFrom('a', 'b', 'c', OWNER),
    name: fc.constantFrom(ANN, ANN_TOO, 'Ben'),
    guest: fc.boolean(),
    does: fc.constantFrom('come', 'come', 'leave', 'say', 'say', 'promote', 'demote'),
    evicted: fc.boolean(),
  })
  const play = (
    steps: (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
    evicts: boolean,
  ) => {
    const room = new FakeRoom({ socketsPerPrincipal: 100 })
    const sockets = new Map<string, FakeSocket[]>()
    for (const { who, name, guest, does, evicted } of steps) {
      room.now += 10
      const own = sockets.get(who) ?? []
      if (does === 'come') own.push(room.connect(called(who, name, guest ? GUEST : {})))
      else if (does === 'promote' || does === 'demote') {
        const role = does === 'promote' ? 'moderator' : 'writer'
        if (who !== OWNER) {
          const introduced = { name: who, guest: false }
          room.turn((turn) =>
            room.room.setRole(turn, person(OWNER), who, role, undefined, introduced),
          )
        }
      } else {
        const socket = does === 'leave' ? own.shift() : own[0]
        if (socket && does === 'leave') room.leave(socket)
        else if (socket) room.say(socket, 'x')
      }
      sockets.set(who, own)
      if (evicts && evicted) room.evict()
    }
    return [...room.log.after(0, 1000)].map(({ sender }) => sender)
  }
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      expect(play(steps, true)).toEqual(play(steps, false))
    }),
    { numRuns: 300 },
  )
})
