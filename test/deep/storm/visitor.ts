// Somebody in the room with the reference client: what he says is kept over reloads of his page,
// and whatever he is told is written down.

import { Client } from '@stomp/stompjs'
import { WebSocket } from 'ws'
import type { RoomClient, RoomClientOptions } from '../../../src/client/options.ts'
import type { Entry } from '../../../src/client/outbox/entry.ts'
import { createMemoryOutbox } from '../../../src/client/outbox/memory-outbox.ts'
import { createRoomClient } from '../../../src/client/room-client.ts'
import type { Route } from '../../support/fault-proxy.ts'
import { type Person, ticketUrl } from '../../support/people.ts'
import type { Random } from '../../support/random.ts'
import { type Life, type LogEvent, type Saying, said } from './evidence.ts'
import { headOf, wholeLog } from './pages.ts'
import type { Beginning } from './schedule.ts'

/** Short waits, so that what takes minutes in life takes moments here. */
const TIMING = {
  opening: 5000,
  receipt: 2000,
  pulse: 200,
  farewell: 200,
  firstWait: 20,
  longWait: 20,
  lastWait: 500,
  lasting: 200,
  eventLate: 300,
  quiet: 400,
}

/** Where nothing is lost, nothing is looked for: so a hole that the room makes stays one. */
const TRUSTING = { eventLate: 0x7fffffff, quiet: 0 }

export interface VisitorNeeds {
  readonly url: string
  readonly roomId: string
  readonly name: string
  readonly person: Person
  /** Which one of this person's: other people use the same keys. */
  readonly device: string
  readonly route: Route
  readonly lossless: boolean
  readonly begins: Beginning
  readonly random: Random
  /** Told whenever anything happened. */
  changed(): void
}

export class Visitor {
  readonly needs: VisitorNeeds
  readonly lives: Life[] = []
  readonly sayings = new Map<string, Saying>()
  readonly problems: string[] = []
  readonly #outbox = createMemoryOutbox()
  #client: RoomClient | undefined
  #keys = 0

  constructor(needs: VisitorNeeds) {
    this.needs = needs
  }

  get client(): RoomClient {
    if (!this.#client) throw new Error('nobody is there')
    return this.#client
  }

  get isConnected(): boolean {
    return this.client.state?.phase === 'connected'
  }

  get lastSeq(): number | undefined {
    return this.client.lastSeq
  }

  /** Nothing that was said waits any more. */
  get silent(): boolean {
    return this.client.outgoing.every(({ state }) => state === 'failed' || state === 'unsure')
  }

  /** What he knows of the log, in the order in which he came to know it. */
  get known(): LogEvent[] {
    const life = this.lives.at(-1)
    return life ? [...life.loaded, ...life.told] : []
  }

  /** Loads the page, where nothing is known yet. */
  begin(how = this.needs.begins): void {
    const life = this.#life({ loaded: [], after: how === 'at nothing' ? 0 : undefined })
    if (how === 'at the head') life.whole = false
    const { url, roomId } = this.needs
    const pages = async (token: string) => {
      life.loaded = await wholeLog(url, token, roomId)
      life.after = life.loaded.length
      return life.after
    }
    this.#start(
      life,
      { 'at nothing': { after: 0 }, 'with pages': { after: pages }, 'at the head': {} }[how],
    )
  }

  /** Loads it with all that the life before knew. */
  goOn(): void {
    const { lastSeq } = this
    if (lastSeq === undefined) {
      this.begin('at nothing')
      return
    }
    const whole = this.lives.at(-1)?.whole === true
    const life = this.#life({ loaded: this.known, after: lastSeq })
    life.whole = whole
    this.#start(life, { after: lastSeq })
  }

  /** Leaves the page. */
  async end(): Promise<void> {
    await this.client.stop()
    const life = this.lives.at(-1)
    if (life) life.over = true
  }

  #life(known: Pick<Life, 'loaded' | 'after'>): Life {
    const name = `${this.needs.name}, life ${this.lives.length + 1}`
    const life: Life = { name, ...known, told: [], whole: true, over: false }
    this.lives.push(life)
    return life
  }

  #start(life: Life, beginning: Pick<RoomClientOptions, 'after'>): void {
    const { url, roomId, person, device, route, random, lossless, changed } = this.needs
    const alive = (act: () => void) => {
      if (life.over) this.problems.push(`${life.name} was called after its end`)
      act()
      changed()
    }
    this.#client = createRoomClient({
      roomId,
      Client,
      WebSocket,
      userId: person.id,
      session: { accessToken: async () => person.accessToken },
      api: {
        ticket: async () => ({ url: route.url(await ticketUrl(url, person, roomId)) }),
        head: (token) => headOf(url, token, roomId),
      },
      ...beginning,
      outbox: this.#outbox,
      onEvent: (event) =>
        alive(() => {
          life.after ??= event.seq - 1
          life.told.push(event)
        }),
      onOutgoing: (entry) => alive(() => this.#heard(entry)),
      onState: () => alive(() => undefined),
      onProblem: (problem) => this.problems.push(`${life.name}: ${problem}`),
      timing: { ...TIMING, ...(lossless ? TRUSTING : {}) },
      platform: {
        random: () => random.below(2 ** 30) / 2 ** 30,
        newKey: () => `${device} ${++this.#keys}`,
      },
    })
    this.#client.start()
  }

  #heard(entry: Entry): void {
    const { id: personId } = this.needs.person
    const name = said(personId, entry.key)
    const seqs = this.sayings.get(name)?.seqs ?? new Set()
    this.sayings.set(name, { personId, by: this.needs.name, entry, kept: false, seqs })
    if (entry.state === 'sent') seqs.add(entry.seq ?? 0)
  }
}
