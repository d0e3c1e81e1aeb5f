// Everybody comes at once, as after a deploy.

import { Load } from '../load/load.ts'
import type { Entered } from '../load/orders.ts'
import { median, spread } from '../load/spread.ts'
import { STOMPBOX } from '../subjects/stompbox.ts'
import type { Subject } from '../subjects/subject.ts'
import { type Effort, inTurn, round, type Table } from './scenario.ts'

const CONNECTIONS = 1000
const AT_ONCE = 32
const STEPS = ['sign-in', 'ticket', 'upgrade', 'CONNECTED', 'RECEIPT of SUBSCRIBE']

export const CONNECT_STORM = 'connect-storm'

export async function connectStorm(
  subjects: readonly Subject[],
  { rounds }: Pick<Effort, 'rounds'>,
): Promise<Table> {
  const ours: Entered[] = []
  const rows = await inTurn(subjects, rounds, async (subject) => {
    const load = new Load(subject.name)
    try {
      const members = await subject.strangers(CONNECTIONS)
      return await round(subject, async () => {
        const entered = await load.enter(members, { atOnce: AT_ONCE })
        if (subject.name === STOMPBOX) ours.push(entered)
        const times = spread(entered.steps.map((steps) => steps.at(-1) ?? Number.NaN))
        return { ...entered, figure: (1000 * CONNECTIONS) / entered.ms, times }
      })
    } finally {
      load.close()
    }
  })
  return {
    id: CONNECT_STORM,
    title: 'A storm of connections',
    method:
      `${CONNECTIONS.toLocaleString('en')} new people come into one room, ${AT_ONCE} at a time. ${STOMPBOX}: sign-in as a ` +
      'guest, ticket, upgrade, CONNECT, SUBSCRIBE with its RECEIPT; the others: what they need. Times: of one ' +
      'person, from the first request on.',
    unit: 'connections/s',
    better: 'more',
    rows,
    remarks: [`Where the time goes at ${STOMPBOX}: ${shares(ours.slice(1)).join(', ')}.`],
  }
}

/** The median time of each step, and its share of all of them. */
function shares(those: readonly Entered[]): string[] {
  const people = those.flatMap(({ steps }) => steps)
  const medians = STEPS.map((_, at) =>
    median(people.map((steps) => (steps[at] ?? Number.NaN) - (steps[at - 1] ?? 0))),
  )
  const total = medians.reduce((sum, each) => sum + each, 0)
  return STEPS.map((step, at) => {
    const ms = medians[at] ?? Number.NaN
    return `${step} ${ms.toFixed(1)} ms (${Math.round((100 * ms) / total)} %)`
  })
}
