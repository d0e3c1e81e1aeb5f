// Everybody comes at once, as after a deploy.

import { Load } from '../load/load.ts'
import type { Member } from '../load/member.ts'
import type { Entered } from '../load/orders.ts'
import { median, spread } from '../load/spread.ts'
import { STOMPBOX } from '../subjects/stompbox.ts'
import type { Subject } from '../subjects/subject.ts'
import { type Effort, inTurn, round, type Table } from './scenario.ts'

const CONNECTIONS = 1000
const AT_ONCE = 32
const RECONNECTING = ['ticket', 'upgrade', 'CONNECTED', 'RECEIPT of SUBSCRIBE']
const STEPS = ['sign-in', ...RECONNECTING]
const WHOEVER = CONNECTIONS.toLocaleString('en')

export const CONNECT_STORM = 'connect-storm'
export const RECONNECT = 'reconnect'

/** Who comes, and what it takes them. */
interface Storm extends Pick<Table, 'id' | 'title' | 'method'> {
  members(subject: Subject): Promise<Member[]>
  readonly steps: readonly string[]
}

const STRANGERS: Storm = {
  id: CONNECT_STORM,
  title: 'A storm of connections',
  method:
    `${WHOEVER} new people come into one room, ${AT_ONCE} at a time. ${STOMPBOX}: sign-in as a ` +
    'guest, ticket, upgrade, CONNECT, SUBSCRIBE with its RECEIPT; the others: what they need. Times: of one ' +
    'person, from the first request on.',
  members: (subject) => subject.strangers(CONNECTIONS),
  steps: STEPS,
}

const KNOWN: Storm = {
  id: RECONNECT,
  title: 'Everybody comes back',
  method:
    `${WHOEVER} people who signed in before come into one room, ${AT_ONCE} at a time. ${STOMPBOX}: ticket, ` +
    'upgrade, CONNECT, SUBSCRIBE with its RECEIPT; the others: what they need. Times: of one person, from the ' +
    'first request on.',
  members: (subject) => subject.known(CONNECTIONS),
  steps: RECONNECTING,
}

/** New people, and those who are known. */
export async function connectStorm(
  subjects: readonly Subject[],
  effort: Pick<Effort, 'rounds'>,
): Promise<Table[]> {
  return [await storm(STRANGERS, subjects, effort), await reconnect(subjects, effort)]
}

/** Those who are known alone. */
export const reconnect = (subjects: readonly Subject[], effort: Pick<Effort, 'rounds'>) =>
  storm(KNOWN, subjects, effort)

async function storm(
  { members: comeIn, steps, ...table }: Storm,
  subjects: readonly Subject[],
  { rounds }: Pick<Effort, 'rounds'>,
): Promise<Table> {
  const ours: Entered[] = []
  const rows = await inTurn(subjects, rounds, async (subject) => {
    const load = new Load(subject.name)
    try {
      const members = await comeIn(subject)
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
    ...table,
    unit: 'connections/s',
    better: 'more',
    rows,
    remarks: [`Where the time goes at ${STOMPBOX}: ${shares(ours.slice(1), steps).join(', ')}.`],
  }
}

/** The median time of each step, and its share of all of them. */
function shares(those: readonly Entered[], names: readonly string[]): string[] {
  const people = those.flatMap(({ steps }) => steps)
  const medians = names.map((_, at) =>
    median(people.map((steps) => (steps[at] ?? Number.NaN) - (steps[at - 1] ?? 0))),
  )
  const total = medians.reduce((sum, each) => sum + each, 0)
  return names.map((step, at) => {
    const ms = medians[at] ?? Number.NaN
    return `${step} ${ms.toFixed(1)} ms (${Math.round((100 * ms) / total)} %)`
  })
}
