// Where schedules are played: one server, one proxy, and the visitors of one room at a time.

import { setTimeout as pause } from 'node:timers/promises'
import type { FaultProxy } from '../../support/fault-proxy.ts'
import { newRoom, type Person } from '../../support/people.ts'
import { randomFrom } from '../../support/random.ts'
import { connect } from '../../support/stomp-socket.ts'
import { check } from './checks.ts'
import { type LogEvent, type Saying, said } from './evidence.ts'
import { wholeLog } from './pages.ts'
import { sayAll } from './say-all.ts'
import type { Schedule, VisitorPlan } from './schedule.ts'
import type { Faults, StormServer } from './storm-server.ts'
import { Changes } from './until.ts'
import { Visitor } from './visitor.ts'
import { WireRecord } from './wire.ts'

export interface World {
  readonly server: StormServer
  readonly proxy: FaultProxy
  readonly people: readonly Person[]
}

/** Milliseconds in which everything must have come to rest after the last fault. */
const TIMEOUT = 60_000

/** Milliseconds that a fault is waited for. */
const SOON = 500

/** Milliseconds that one side of a connection outlives the other, at most. */
const LINGER = 300

export class Stage {
  readonly visitors: Visitor[] = []
  readonly sayings = new Map<string, Saying>()
  readonly #world: World
  readonly #schedule: Schedule
  readonly #roomId: string
  readonly #wire = new WireRecord()
  readonly #changes = new Changes()
  /** Faults that have not ended: what ends each. */
  readonly #lasting = new Map<ReturnType<typeof setTimeout>, () => unknown>()
  readonly #problems: string[] = []

  private constructor(world: World, schedule: Schedule, roomId: string) {
    this.#world = world
    this.#schedule = schedule
    this.#roomId = roomId
    for (const plan of schedule.visitors) this.join(plan)
  }

  static async set(world: World, schedule: Schedule): Promise<Stage> {
    const [owner] = world.people as [Person]
    return new Stage(world, schedule, await newRoom(world.server.url, owner))
  }

  join({ person, weather, lossless, begins }: VisitorPlan): void {
    const { server, proxy, people } = this.#world
    const index = this.visitors.length
    const name = `visitor ${index}`
    const seed = this.#schedule.seed * 64 + index
    const who = people[person] as Person
    const device = `device ${this.visitors.filter(({ needs }) => needs.person === who).length}`
    const watch = (connection: number) =>
      this.#wire.watch({
        name: `${name}, connection ${connection + 1}`,
        personId: who.id,
        lossless,
      })
    const visitor = new Visitor({
      url: server.url,
      roomId: this.#roomId,
      name,
      person: who,
      device,
      route: proxy.route({ weather, seed, linger: LINGER, watch }),
      lossless,
      begins,
      random: randomFrom(seed),
      changed: this.#changes.happened,
    })
    this.visitors.push(visitor)
    visitor.begin()
  }

  /**
   * Begins a fault, and goes on when it is done, or soon: an eviction may wait for the room to be
   * idle.
   */
  async fault<Fault extends keyof Faults>(fault: Fault, how: Faults[Fault]): Promise<string> {
    const late = pause(SOON, 'not yet', { ref: false })
    return Promise.race([this.#world.server.do(fault, this.#roomId, how), late])
  }

  /** Does something in so many milliseconds, or when the storm is over. */
  later(delay: number, end: () => unknown): void {
    const timer = setTimeout(() => {
      this.#lasting.delete(timer)
      end()
    }, delay)
    this.#lasting.set(timer, end)
  }

  /** Many messages at once, by somebody who does not wait. */
  async history(name: string, { count, size }: { count: number; size: number }): Promise<void> {
    const [person] = this.#world.people as [Person]
    const keys = Array.from({ length: count }, (_, index) => `history ${name}.${index}`)
    const open = () => connect(this.#world.server.url, person, this.#roomId)
    for (const [key, seq] of await sayAll(open, keys, size)) {
      const entry = { key, kind: 'message', body: {}, state: 'sent' } as const
      const who = { personId: person.id, by: `history ${name}` }
      this.sayings.set(said(person.id, key), { ...who, entry, kept: false, seqs: new Set([seq]) })
    }
  }

  /** No fault any more. */
  async calm(): Promise<void> {
    for (const [timer, end] of this.#lasting) {
      clearTimeout(timer)
      await end()
    }
    while ((await this.fault('fail', { which: 'nothing' })) !== 'done');
    for (const { needs } of this.visitors) needs.route.calm()
  }

  /** Until these visitors are connected, have nothing unsent, and have all that there is. */
  async rest(...visitors: Visitor[]): Promise<LogEvent[]> {
    const who = visitors.length > 0 ? visitors : this.visitors
    const silent = await this.#come(who, 'something unsent', ({ silent }) => silent)
    const { url } = this.#world.server
    const [{ accessToken }] = this.#world.people as [Person]
    const log = await wholeLog(url, accessToken, this.#roomId)
    if (silent) await this.#come(who, `not all ${log.length}`, (one) => one.lastSeq === log.length)
    return log
  }

  /** Everything comes to rest, and is looked at. */
  async settle() {
    return this.#close(await this.rest())
  }

  /** Whether they all come to be connected, and so. */
  async #come(
    visitors: readonly Visitor[],
    otherwise: string,
    isSo: (visitor: Visitor) => boolean,
  ): Promise<boolean> {
    const rests = (visitor: Visitor) => visitor.isConnected && isSo(visitor)
    if (await this.#changes.until(() => visitors.every(rests), TIMEOUT)) return true
    for (const { needs, client } of visitors.filter((visitor) => !rests(visitor))) {
      const { state, lastSeq, outgoing } = client
      const found = JSON.stringify({ state, lastSeq, outgoing })
      this.#problems.push(`${needs.name} has ${otherwise} after ${TIMEOUT} ms: ${found}`)
    }
    return false
  }

  async #close(log: LogEvent[]) {
    const lives = this.visitors.flatMap(({ lives }) => lives.map((life) => ({ ...life })))
    for (const { sayings, problems, client, needs } of this.visitors) {
      for (const { key } of client.outgoing) {
        const saying = sayings.get(said(needs.person.id, key))
        if (saying) saying.kept = true
      }
      for (const [what, saying] of sayings) this.sayings.set(what, saying)
      this.#problems.push(...problems)
    }
    await Promise.all(this.visitors.map((visitor) => visitor.end()))
    for (const { needs } of this.visitors) this.#world.proxy.remove(needs.route)
    const evidence = {
      log,
      lives,
      sayings: this.sayings,
      wire: this.#wire,
      problems: this.#problems,
    }
    return { breaches: check(evidence), evidence }
  }
}
