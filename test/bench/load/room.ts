// The members of one room, and what is measured with them.

import { setTimeout as pause } from 'node:timers/promises'
import { Client } from './client.ts'
import { goErrands } from './errands.ts'
import type { Member } from './member.ts'
import type { Crowd, Enter, Entered, Fit, Once, Pace, Replay, Result } from './orders.ts'
import { spread } from './spread.ts'

/** Milliseconds for everything that was sent to arrive. */
const TIMEOUT = 60_000
/** Milliseconds in which a delivery too many would show. */
const AFTERMATH = 20
/**
 * One message in so many has its time taken by everybody, where there are very many. No window is a
 * multiple of it.
 */
const SAMPLE = 17

/** What a measurement is of. */
interface Work {
  /** Who talks, or reads. */
  readonly those: readonly Client[]
  run(): unknown
  /** How many each of `those` hears, where they do not talk. */
  readonly replayed?: number
  /**
   * Whether everybody is there before it begins: who was evicted meanwhile comes back at the first
   * message.
   */
  readonly awake?: boolean
}

export class Room {
  readonly #clients: Client[] = []
  readonly #lost: (reason: string) => void
  /** Messages that were ever said here. */
  #said = 0

  constructor(lost: (reason: string) => void) {
    this.#lost = lost
  }

  async enter({ enter, content, atOnce }: Enter): Promise<Entered> {
    const waiting = [...enter.entries()]
    const first = this.#clients.length
    const steps: number[][] = []
    const oneByOne = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, member] = next
        steps[index] = await this.#letIn(member, first + index, content)
      }
    }
    const processor = process.cpuUsage()
    const begun = performance.now()
    await Promise.all(Array.from({ length: atOnce }, oneByOne))
    return { steps, ms: performance.now() - begun, processor: spent(processor) }
  }

  async fit({ fit }: Fit): Promise<Result> {
    const { bytes } = await this.once({ once: 'awake' })
    for (const client of this.#clients) client.lengthen(Math.round(fit - bytes))
    return this.once({ once: 'awake' })
  }

  crowd({ crowd: { senders, window, ms, messages = Infinity } }: Crowd): Promise<Result> {
    const talkers = this.#clients.slice(0, senders)
    const run = async () => {
      for (const talker of talkers) talker.talk({ window, timed: SAMPLE })
      if (ms !== undefined) await pause(ms)
      else while (sum(talkers) < messages) await pause(1)
      for (const talker of talkers) talker.hush()
    }
    return this.#measure({ those: talkers, run })
  }

  pace({ pace: { senders, perSecond, ms } }: Pace): Promise<Result> {
    const talkers = this.#clients.slice(0, senders)
    const run = async () => {
      const begun = performance.now()
      const total = Math.round((ms / 1000) * perSecond)
      for (let index = 0; index < total; index++) {
        const wait = begun + (1000 * index) / perSecond - performance.now()
        if (wait > 0) await pause(wait)
        talkers[index % talkers.length]?.send(1, 1)
      }
    }
    return this.#measure({ those: talkers, run })
  }

  once({ once }: Once): Promise<Result> {
    const talkers = this.#clients.slice(0, 1)
    const run = () => talkers[0]?.send(1, 1)
    return this.#measure({ those: talkers, run, awake: once === 'awake' })
  }

  async replay({
    replay: { readers, say, messages, undo, awake = true },
  }: Replay): Promise<Result> {
    const those = this.#clients.slice(-readers)
    const run = () => {
      const text = say.replace('{after}', String(this.#said - messages))
      for (const reader of those) reader.say(text)
    }
    const result = await this.#measure({ those, run, replayed: messages, awake })
    if (undo !== undefined) for (const reader of those) reader.say(undo)
    await pause(AFTERMATH)
    return result
  }

  /** Throws where anybody hears less than was sent, or more. */
  async #measure({ those, run, replayed, awake = true }: Work): Promise<Result> {
    if (awake) await this.#wake()
    for (const client of this.#clients) client.reset()
    const hearers = replayed === undefined ? this.#clients : those
    const processor = process.cpuUsage()
    const begun = performance.now()
    await run()
    this.#said += sum(this.#clients)
    const sent = replayed ?? sum(this.#clients)
    await this.#until(
      () => hearers.every(({ counts }) => counts.heard >= sent),
      `${sent} were sent`,
    )
    const ms = performance.now() - begun
    const spentOnIt = spent(processor)

    await pause(AFTERMATH)
    if (hearers.some(({ counts }) => counts.heard !== sent)) throw this.#wrong(`${sent} were sent`)
    return {
      sent,
      deliveries: sent * hearers.length,
      ms,
      bytes: (hearers.at(-1)?.bytes ?? 0) / sent,
      delivery: spread(hearers.flatMap(({ counts }) => counts.latencies)),
      roundTrip: spread(those.flatMap(({ counts }) => counts.roundTrips)),
      processor: spentOnIt,
    }
  }

  async #letIn(member: Member, index: number, content: number): Promise<number[]> {
    const begun = performance.now()
    const errands: number[] = []
    const ready = await goErrands(member, () => errands.push(performance.now()))
    const client = new Client(ready, index, content, this.#lost)
    this.#clients[index] = client
    await this.#until(() => client.entered, 'not everybody got in')
    return [...errands, ...client.steps].map((step) => step - begun)
  }

  async #wake(): Promise<void> {
    for (const client of this.#clients) {
      client.reset()
      client.beat()
    }
    this.#clients[0]?.send(1, 1)
    this.#said++
    await this.#until(
      () => this.#clients.every(({ counts }) => counts.heard >= 1),
      'nobody is there',
    )
    await pause(AFTERMATH)
  }

  async #until(done: () => boolean, otherwise: string): Promise<void> {
    const deadline = performance.now() + TIMEOUT
    while (!done()) {
      if (performance.now() > deadline) throw this.#wrong(otherwise)
      await pause(1)
    }
  }

  #wrong(what: string): Error {
    const heard = new Set(this.#clients.map(({ counts }) => counts.heard))
    return new Error(`${what}; the members heard ${[...heard].slice(0, 10).join(', ')}`)
  }
}

const sum = (clients: readonly Client[]) => clients.reduce((total, { sent }) => total + sent, 0)

/** Milliseconds of processor time since. */
function spent(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}
