// What a run measures, and against what.

import { connectStorm, reconnect } from './scenarios/connect-storm.ts'
import { crowd } from './scenarios/crowd.ts'
import { fanOut } from './scenarios/fan-out.ts'
import { growth } from './scenarios/growth.ts'
import { joins } from './scenarios/joins.ts'
import { replay } from './scenarios/replay.ts'
import { roundTrip } from './scenarios/round-trip.ts'
import type { Effort, Table } from './scenarios/scenario.ts'
import { strangers } from './scenarios/strangers.ts'
import { bare } from './subjects/bare.ts'
import { socketIo, stompBroker } from './subjects/node-subjects.ts'
import { partyServer } from './subjects/party-server.ts'
import { rabbitMq } from './subjects/rabbitmq.ts'
import { STOMPBOX, stompbox } from './subjects/stompbox.ts'
import type { Subject } from './subjects/subject.ts'

/** Some tables about the subjects. */
export type Measure = (subjects: readonly Subject[]) => Promise<readonly Table[]>

export interface Plan {
  readonly windows: readonly number[]
  readonly rounds: number
  /**
   * The first is the one that the others are compared to; one that is not installed is left out.
   */
  readonly subjects: readonly (() => Promise<Subject | undefined>)[]
  readonly scenarios: Readonly<Record<string, Measure>>
}

const BARE = (['naive', 'keeping', 'coalescing'] as const).map((kind) => () => bare(kind))
/** Without the variants of Stompbox. */
const oneOfUs = (subjects: readonly Subject[]) =>
  subjects.filter(({ name }) => !name.startsWith(`${STOMPBOX},`))
const only = async (table: Promise<Table>) => [await table]

const inBrief = (windows: readonly number[], effort: Effort) => ({
  'fan-out': (subjects: readonly Subject[]) => fanOut(subjects, windows, effort),
  'round-trip': (subjects: readonly Subject[]) => only(roundTrip(subjects, effort)),
})

const SHORT: Effort = { rounds: 5, ms: 400 }
const USUAL: Effort = { rounds: 3, ms: 400 }
const WHOLE: Effort = { rounds: 5, ms: 500 }

const short: Plan = {
  windows: [8],
  rounds: SHORT.rounds,
  subjects: [() => stompbox(), ...BARE],
  scenarios: inBrief([8], SHORT),
}

const usual: Plan = {
  windows: [1, 8, 64],
  rounds: USUAL.rounds,
  subjects: [() => stompbox(), () => stompbox('single'), ...BARE, socketIo, rabbitMq],
  scenarios: {
    ...inBrief([1, 8, 64], USUAL),
    replay: (subjects) => only(replay(subjects, USUAL)),
    reconnect: (subjects) => reconnect(oneOfUs(subjects), USUAL),
  },
}

const all: Plan = {
  windows: [1, 8, 64],
  rounds: WHOLE.rounds,
  subjects: [...usual.subjects, () => stompbox('keys'), partyServer, stompBroker],
  scenarios: {
    ...inBrief([1, 8, 64], WHOLE),
    crowd: (subjects) => only(crowd(oneOfUs(subjects), { rounds: 3, ms: 2500 })),
    replay: (subjects) => only(replay(subjects, WHOLE)),
    'connect-storm': (subjects) => connectStorm(oneOfUs(subjects), { rounds: 2 }),
    joins: () => joins(),
    strangers: () => strangers(USUAL),
    growth: () => growth(WHOLE),
  },
}

export const PLANS = { short, usual, all }
