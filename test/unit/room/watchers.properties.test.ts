// Whatever happens in a room, and however often it is evicted: once it is quiet, each account that
// watches was told last what is true, of a large room what concerns its person (U1, H1).

import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { PUSHED_MEMBERS, WATCHER_PERIOD } from '../../../src/room/limits/glance-limits.ts'
import type { Room } from '../../../src/room/room.ts'
import type { Turn } from '../../../src/room/turn.ts'
import type { RoomGlance } from '../../../src/room/unread/glance.ts'
import { DELETE, EDIT, REACT } from '../../support/changes.ts'
import { FakeRoom, OWNER, person } from '../../support/fake-room.ts'
import { scaled } from '../../support/scaled.ts'

const PEOPLE = ['ann', 'bob', 'cyd']
const owner = person(OWNER)

/** Accounts that watch a room, and what each was told last. */
class World {
  readonly room = new FakeRoom({ sendPerSecond: 1e6, sendBurst: 1e6, socketsPerPrincipal: 99 })
  readonly told = new Map<string, RoomGlance | undefined>()
  readonly #sockets = PEOPLE.map((id) => this.room.connect(person(id)))

  constructor(others: number) {
    const joined = { at: 1, seq: 0 }
    for (let n = 0; n < others; n++) {
      const { id, name } = person(`p${n}`)
      this.room.members.put({ id, name, guest: false, role: 'writer', joined })
    }
  }

  say = (who: number, content: string) => this.#send(who, '/pub/send/message', { content })
  change = (who: number, to: string, body: object) => this.#send(who, to, body)

  ask(work: (turn: Turn, room: Room) => unknown): void {
    try {
      this.room.turn((turn) => void work(turn, this.room.room))
    } catch {
      // It was refused.
    }
  }

  watch(id: string, isWatching: boolean): void {
    const { room } = this.room
    const glance = room.glanceOf(id)
    if (isWatching && glance) {
      room.watchers.add(id)
      this.told.set(id, glance)
    } else {
      room.watchers.remove(id)
      this.told.delete(id)
    }
  }

  /** An account hears otherwise that its person is no member any more. */
  forgetGone(): void {
    for (const id of this.told.keys()) if (!this.room.room.glanceOf(id)) this.told.delete(id)
  }

  /** Lets time pass, and gives the notices that are due. */
  pass(ms: number): void {
    this.room.now += ms
    const { watchers } = this.room.room
    for (const watcher of watchers.take(this.room.now, 20)) {
      const { personId } = watcher
      const glance = this.room.room.glanceOf(personId)
      if (glance) this.told.set(personId, glance)
      else watchers.remove(personId, watcher)
    }
  }

  /** A room is evicted only where nobody waits: it has a timer until then. */
  evict(): void {
    if (this.room.room.watchers.nextAt(this.room.now) !== undefined) return
    this.room.rest()
    this.room.evict()
  }

  #send(who: number, destination: string, body: object): void {
    const socket = this.#sockets[who]
    if (socket && !socket.closed) {
      this.room.send(socket, 'SEND', { destination }, JSON.stringify(body))
    }
  }
}

const person3 = fc.nat({ max: 2 })
const seq = fc.integer({ min: 1, max: 6 })
const text = fc.constantFrom('x', '@ann', '@bob and @cyd', '@room')
type Step = (world: World) => void

const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(person3, text).map(
    ([who, content]): Step =>
      (world) =>
        world.say(who, content),
  ),
  fc.tuple(person3, seq, text).map(
    ([who, target, content]): Step =>
      (world) =>
        world.change(who, EDIT, { seq: target, content }),
  ),
  fc.tuple(person3, seq).map(
    ([who, target]): Step =>
      (world) =>
        world.change(who, DELETE, { seq: target }),
  ),
  fc.tuple(person3, seq).map(
    ([who, at]): Step =>
      (world) =>
        world.change(who, REACT, { seq: at, reaction: 'x' }),
  ),
  fc.tuple(person3, seq).map(
    ([who, at]): Step =>
      (world) =>
        world.change(who, '/pub/read', { seq: at }),
  ),
  fc.tuple(person3, seq).map(
    ([who, at]): Step =>
      (world) =>
        world.ask((turn, room) =>
          room.execute(turn, person(PEOPLE[who] ?? ''), { type: 'read', seq: at }),
        ),
  ),
  fc.tuple(person3, fc.boolean()).map(
    ([who, is]): Step =>
      (world) =>
        world.watch(PEOPLE[who] ?? '', is),
  ),
  fc.constantFrom('a', 'b').map(
    (name): Step =>
      (world) =>
        world.ask((turn, room) => room.changeRoom(turn, owner, { name })),
  ),
  fc.tuple(person3, fc.constantFrom('writer', 'moderator', 'reader', 'banned')).map(
    ([who, role]): Step =>
      (world) =>
        world.ask((turn, room) => room.setRole(turn, owner, PEOPLE[who] ?? '', role)),
  ),
  fc.tuple(person3, fc.boolean()).map(
    ([who, is]): Step =>
      (world) =>
        world.ask((turn, { moderation }) =>
          moderation.act(turn, owner, {
            ...{ type: 'mute', personId: PEOPLE[who] ?? '' },
            until: is ? 4e12 : null,
          }),
        ),
  ),
  fc.nat({ max: 2 * WATCHER_PERIOD }).map(
    (ms): Step =>
      (world) =>
        world.pass(ms),
  ),
  fc.constant<Step>((world) => world.evict()),
)

/** What a large room tells at once: the rest comes with it, or later. */
const own = ({ name, role, mutedUntil, mentions, readSeq }: Partial<RoomGlance> = {}) => ({
  ...{ name, role, mutedUntil, mentions, readSeq },
})

it.each([
  // The head moves with reactions too, which are told to nobody.
  ['small', 0, (glance: RoomGlance | undefined) => ({ ...glance, head: 0 })],
  ['large', PUSHED_MEMBERS, own],
] as const)('[U1] [H1] accounts that watch a %s room know it in the end', (_, others, part) => {
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 30 }), (steps) => {
      const world = new World(others)
      for (const who of [0, 1, 2, 1]) world.say(who, '@ann')
      for (const id of PEOPLE) world.watch(id, true)
      for (const step of steps) {
        step(world)
        world.forgetGone()
      }
      for (let n = 0; n < 3; n++) world.pass(WATCHER_PERIOD)
      const { room } = world.room
      expect(room.watchers.nextAt(world.room.now)).toBeUndefined()
      expect(room.watchers.size).toBe(world.told.size)
      for (const [id, told] of world.told) expect(part(told)).toEqual(part(room.glanceOf(id)))
    }),
    { numRuns: scaled(300, 1500) },
  )
})
