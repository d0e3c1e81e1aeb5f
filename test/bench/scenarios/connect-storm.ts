// Everybody comes at once, as after a deploy.

import { Load } from '../load/load.ts'
import type { Member } from '../load/member.ts'
import type { Entered } from '../load/orders.ts'
import { median, spread } from '../load/spread.ts'
import { STOMPBOX } from '../subjects/stompbox.ts'
import type { Subject } from '../subjects/subject.ts'
import { atRest, type Effort, inTurn, type Round, type Row, round, type Table } from './scenario.ts'

const CONNECTIONS = 1000
const AT_ONCE = 32
const COMING = ['ticket', 'upgrade', 'CONNECTED', 'RECEIPT of SUBSCRIBE']
const STEPS = ['sign-in', ...COMING]
const WHOEVER = CONNECTIONS.toLocaleString('en')

export const CONNECT_STORM = 'connect-storm'
export const FIRST_ENTRY = 'first-entry'
export const RECONNECT = 'reconnect'

type About = Pick<Table, 'id' | 'title' | 'method'>
type Rounds = Pick<Effort, 'rounds'>

const NEEDED = 'the others: what they need. Times: of one person, from the first request on.'
const ENTRY = `${STOMPBOX}: ticket, upgrade, CONNECT, SUBSCRIBE with its RECEIPT; ${NEEDED}`

const STRANGERS: About = {
  id: CONNECT_STORM,
  title: 'A storm of connections',
  method:
    `${WHOEVER} new people come into one room, ${AT_ONCE} at a time. ${STOMPBOX}: sign-in as a ` +
    `guest, ticket, upgrade, CONNECT, SUBSCRIBE with its RECEIPT; ${NEEDED}`,
}

const KNOWN: About = {
  id: FIRST_ENTRY,
  title: 'Everybody comes for the first time',
  method: `${WHOEVER} people who signed in before come into one room, ${AT_ONCE} at a time. ${ENTRY}`,
}

const RETURNING: About = {
  id: RECONNECT,
  title: 'Everybody comes back',
  method:
    `The same ${WHOEVER} people: all have lost their connections at once, the server has seen that, and they ` +
    `come back in the same sign-in, with the same access token, ${AT_ONCE} at a time. ${ENTRY}`,
}

/** New people, and those who are known. */
export async function connectStorm(subjects: readonly Subject[], effort: Rounds): Promise<Table[]> {
  const ours: Entered[] = []
  const rows = await inTurn(subjects, effort.rounds, async (subject) =>
    comeIn(subject, await subject.strangers(CONNECTIONS), ours),
  )
  return [table(STRANGERS, rows, ours, STEPS), ...(await reconnect(subjects, effort))]
}

/** Those who are known alone: each comes, is lost, and comes back. */
export async function reconnect(
  subjects: readonly Subject[],
  { rounds }: Rounds,
): Promise<Table[]> {
  const [first, again]: [Entered[], Entered[]] = [[], []]
  const returned = subjects.map(({ name }) => ({ name, rounds: [] as Round[] }))
  const rows = await inTurn(subjects, rounds, async (subject) => {
    const members = await subject.known(CONNECTIONS)
    const came = await comeIn(subject, members, first)
    await atRest(subject)
    const row = returned.find(({ name }) => name === subject.name)
    row?.rounds.push(await comeIn(subject, members, again))
    return came
  })
  // The first round does not count.
  for (const row of returned) row.rounds.shift()
  return [table(KNOWN, rows, first, COMING), table(RETURNING, returned, again, COMING)]
}

/** Lets members in, and ends their connections. @param ours where those of Stompbox are put. */
async function comeIn(
  subject: Subject,
  members: readonly Member[],
  ours: Entered[],
): Promise<Round> {
  const load = new Load(subject.name)
  try {
    return await round(subject, async () => {
      const entered = await load.enter(members, { atOnce: AT_ONCE })
      if (subject.name === STOMPBOX) ours.push(entered)
      const times = spread(entered.steps.map((steps) => steps.at(-1) ?? Number.NaN))
      return { ...entered, figure: (1000 * CONNECTIONS) / entered.ms, times }
    })
  } finally {
    load.close()
  }
}

const table = (
  about: About,
  rows: readonly Row[],
  ours: readonly Entered[],
  steps: readonly string[],
): Table => ({
  ...about,
  unit: 'connections/s',
  better: 'more',
  rows,
  remarks: [`Where the time goes at ${STOMPBOX}: ${shares(ours.slice(1), steps).join(', ')}.`],
})

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
