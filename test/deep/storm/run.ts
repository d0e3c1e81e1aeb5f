// Many schedules against one server, several rooms at a time.

import { FaultProxy } from '../../support/fault-proxy.ts'
import { guest, type Person } from '../../support/people.ts'
import { type Outcome, play } from './play.ts'
import { scheduleOf } from './schedule.ts'
import { startStormServer } from './storm-server.ts'

export interface Storm {
  readonly seed: number
  readonly count: number
  /** Rooms at a time. */
  readonly lanes?: number
  onOutcome?(outcome: Outcome): void
}

/** Schedules that the same people play: their tokens live longer. */
const ROUNDS = 20

/**
 * Plays schedules with the seeds from `seed` on; gives the outcomes, and what the Worker wrote as
 * errors.
 */
export async function runStorm({ seed, count, lanes = 8, onOutcome }: Storm) {
  const server = await startStormServer()
  const proxy = await FaultProxy.open(server.url)
  const outcomes: Outcome[] = []
  let next = 0
  const lane = async () => {
    let people: Person[] = []
    for (let round = 0; next < count; round++) {
      const schedule = scheduleOf(seed + next++)
      if (round % ROUNDS === 0) people = await threePeople(server.url)
      const outcome = await play({ server, proxy, people }, schedule).catch(
        (error): Outcome => ({
          ...schedule,
          breaches: [`[E1] was not played: ${error}`],
          counts: {},
        }),
      )
      outcomes.push(outcome)
      onOutcome?.(outcome)
    }
  }
  try {
    await Promise.all(Array.from({ length: lanes }, lane))
  } finally {
    await proxy.close()
    await server.close()
  }
  return { outcomes, errors: server.errors }
}

const threePeople = (url: string) =>
  Promise.all(['Ann', 'Bo', 'Cy'].map((name) => guest(url, name)))

/** What all schedules came to, added up. */
export function totals(outcomes: readonly Outcome[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { counts } of outcomes) {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

/** What is broken, and how to see it again. */
export const report = ({ seed, breaches }: Outcome): string =>
  `seed ${seed} (npm run storm -- --count 1 --seed ${seed})\n${breaches.map((line) => `  ${line}\n`).join('')}`
