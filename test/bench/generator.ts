// The load, as a process of its own: the members of one room, some of whom talk when told to.

import { setTimeout as pause } from 'node:timers/promises'
import { Client, type Member, type Talk } from './client.ts'

/** What is to be done, by the first members of the room. */
export interface Run extends Talk {
  readonly senders: number
  readonly ms: number
}

/** All in milliseconds. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface Result {
  readonly deliveries: number
  readonly perSecond: number
  /** From a sender to every member. */
  readonly delivery: Spread
  /** From a sender to the same sender. */
  readonly roundTrip: Spread
  /** The share of one core that the load itself took. */
  readonly busy: number
}

export type Order = { readonly enter: readonly Member[] } | { readonly run: Run }
export type Answer =
  | { readonly entered: true }
  | { readonly result: Result }
  | { readonly failed: string }

/** Milliseconds for everything that was sent to arrive. */
const PATIENCE = 10_000
/** Milliseconds in which a delivery too many would show. */
const AFTERMATH = 20

let clients: Client[] = []

async function enter(members: readonly Member[]): Promise<void> {
  clients = members.map((member, index) => new Client(member, index, fail))
  await until(() => clients.every(({ entered }) => entered), 'not everybody got in')
}

async function measure(run: Run): Promise<Result> {
  for (const client of clients) client.reset()
  const talkers = clients.slice(0, run.senders)
  const processor = process.cpuUsage()
  const begun = performance.now()
  for (const talker of talkers) talker.talk(run)
  await pause(run.ms)
  for (const talker of talkers) talker.hush()
  const sent = talkers.reduce((sum, talker) => sum + talker.sent, 0)
  await until(() => clients.every(({ heard }) => heard >= sent), `${sent} messages were sent`)
  const ms = performance.now() - begun
  const { user, system } = process.cpuUsage(processor)

  await pause(AFTERMATH)
  if (clients.some(({ heard }) => heard !== sent)) throw incomplete(`${sent} messages were sent`)
  const deliveries = sent * clients.length
  return {
    deliveries,
    perSecond: (1000 * deliveries) / ms,
    delivery: spread(clients.flatMap(({ latencies }) => latencies)),
    roundTrip: spread(talkers.flatMap(({ roundTrips }) => roundTrips)),
    busy: (user + system) / 1000 / ms,
  }
}

function spread(times: readonly number[]): Spread {
  const sorted = Float64Array.from(times).sort()
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

async function until(done: () => boolean, otherwise: string): Promise<void> {
  const deadline = performance.now() + PATIENCE
  while (!done()) {
    if (performance.now() > deadline) throw incomplete(otherwise)
    await pause(1)
  }
}

function incomplete(what: string): Error {
  const counts = new Set(clients.map(({ heard }) => heard))
  return new Error(`${what}; the members heard ${[...counts].slice(0, 10).join(', ')}`)
}

function answer(message: Answer): void {
  // Because the driver may have gone, which 'disconnect' tells.
  process.send?.(message, undefined, undefined, () => {})
}

function fail(reason: string): void {
  answer({ failed: reason })
}

process.on('disconnect', () => process.exit())
process.on('message', async (order: Order) => {
  try {
    if ('enter' in order) {
      await enter(order.enter)
      answer({ entered: true })
    } else {
      answer({ result: await measure(order.run) })
    }
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error))
  }
})
