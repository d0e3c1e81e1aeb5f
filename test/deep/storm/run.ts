// Many schedules against one server, several rooms at a time.

import { FaultProxy } from '../../support/fault-proxy.ts'
import { guest, type Person } from '../../support/people.ts'
import { type Outcome, play } from './play.ts'
import { type Schedule, scheduleOf } from './schedule.ts'
import { startStormServer } from './storm-server.ts'

export interface Storm {
  readonly seed: number
  readonly count: number
  /** Rooms at a time. */
  readonly lanes?: number
  /** Schedules that may fail: after so many no other one begins. */
  readonly patience?: number
  onOutcome?(outcome: Outcome): void
}

/** Plays one schedule: the `round`-th of its lane. */
type Play = (schedule: Schedule, round: number) => Promise<Outcome>

/** Schedules that the same people play: their tokens live longer. */
const ROUNDS = 20

/**
 * Plays schedules with the seeds from `seed` on; gives the outcomes, and what the Worker wrote as
 * errors.
 */
export async function runStorm(storm: Storm) {
  const server = await startStormServer()
  const proxy = await FaultProxy.open(server.url)
  const lane = (): Play => {
    let people: Person[] = []
    return async (schedule, round) => {
      if (round % ROUNDS === 0) people = await threePeople(server.url)
      return play({ server, proxy, people }, schedule)
    }
  }
  try {
    return { outcomes: await playAll(storm, lane), errors: server.errors }
  } finally {
    await proxy.close()
    await server.close()
  }
}

/**
 * Plays the schedules of a storm in lanes, one after the other in each. A schedule that cannot be
 * played has failed. Where many fail the rest would tell no more, and take long.
 */
export async function playAll(storm: Storm, newLane: () => Play): Promise<readonly Outcome[]> {
  const { seed, count, lanes = 8, patience = 8, onOutcome } = storm
  const outcomes: Outcome[] = []
  let next = 0
  let failed = 0
  const run = async (play: Play) => {
    for (let round = 0; next < count && failed < patience; round++) {
      const schedule = scheduleOf(seed + next++)
      const outcome = await play(schedule, round).catch(
        (error): Outcome => ({
          ...schedule,
          breaches: [`[E1] was not played: ${error}`],
          counts: {},
        }),
      )
      if (outcome.breaches.length > 0) failed++
      outcomes.push(outcome)
      onOutcome?.(outcome)
    }
  }
  await Promise.all(Array.from({ length: lanes }, () => run(newLane())))
  return outcomes
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
