// What is wanted of the figures, and whether it was reached; and what the short bench demands.

import { CONNECT_STORM, FIRST_ENTRY, RECONNECT } from '../scenarios/connect-storm.ts'
import { CROWD } from '../scenarios/crowd.ts'
import { fanOutId } from '../scenarios/fan-out.ts'
import { CROWDED, EMPTY, JOINS } from '../scenarios/joins.ts'
import { REPLAY } from '../scenarios/replay.ts'
import { ROUND_TRIP } from '../scenarios/round-trip.ts'
import type { Round, Row, Table } from '../scenarios/scenario.ts'
import { PRIVATE, STRANGERS, UNKNOWN } from '../scenarios/strangers.ts'
import { COALESCING, KEEPING, NAIVE } from '../subjects/bare.ts'
import { RABBITMQ } from '../subjects/rabbitmq.ts'
import { SINGLE, STOMPBOX } from '../subjects/stompbox.ts'
import { difference, type Range, ratio } from './rows.ts'

/** One figure of one row against the same of another row of the table. */
export interface Goal {
  readonly table: string
  readonly what: string
  readonly of: string
  readonly than: string
  readonly figure: (round: Round) => number
  readonly as: 'ratio' | 'difference'
  readonly least?: number
  readonly most?: number
}

export interface Verdict {
  readonly goal: Goal
  readonly measured: Range
  readonly reached: boolean
}

const figure = (round: Round) => round.figure
const p95 = ({ times }: Round) => times.p95
const p99 = ({ times }: Round) => times.p99

const fanOutGoals = (window: number): Goal[] => {
  const common = { table: fanOutId(window), of: STOMPBOX, as: 'ratio' } as const
  const what = `fan-out, window ${window}: deliveries/s`
  // With one message of each on the way a bare object that does nothing but coalesce is not so far
  // ahead either.
  const coalesces = window > 1
  return [
    { ...common, what, than: RABBITMQ, figure, ...(coalesces && { least: 15 }) },
    { ...common, what, than: 'Socket.IO', figure, ...(coalesces && { least: 3 }) },
    { ...common, what, than: COALESCING, figure, least: 0.8 },
    { ...common, what: `fan-out, window ${window}: p99`, than: NAIVE, figure: p99, most: 1 },
    ...singleGoals(window),
  ]
}

/**
 * Those of clients that read one frame of a WebSocket message; wanted at the window in the middle.
 */
const singleGoals = (window: number): Goal[] => {
  const common = { table: fanOutId(window), of: SINGLE, as: 'ratio', figure } as const
  const what = `fan-out, window ${window}: deliveries/s`
  const wanted = window === 8
  return [
    { ...common, what, than: RABBITMQ, ...(wanted && { least: 5 }) },
    { ...common, what, than: 'Socket.IO', ...(wanted && { least: 1.2 }) },
  ]
}

/** @param windows those of the fan-out. */
export function goals(windows: readonly number[]): Goal[] {
  const growth = ['send', 'page', 'wake-up'].map((id) => growthGoal(id, 1.2))
  return [
    ...windows.flatMap(fanOutGoals),
    {
      table: CROWD,
      what: 'crowd: p99, ms more',
      of: STOMPBOX,
      than: NAIVE,
      figure: p99,
      as: 'difference',
      most: 20,
    },
    {
      table: ROUND_TRIP,
      what: 'round trip',
      of: STOMPBOX,
      than: KEEPING,
      figure,
      as: 'ratio',
      most: 1.5,
    },
    {
      table: CONNECT_STORM,
      what: 'connections/s',
      of: STOMPBOX,
      than: COALESCING,
      figure,
      as: 'ratio',
    },
    {
      table: FIRST_ENTRY,
      what: 'first entries/s',
      of: STOMPBOX,
      than: RABBITMQ,
      figure,
      as: 'ratio',
    },
    {
      table: RECONNECT,
      what: 'reconnections/s',
      of: STOMPBOX,
      than: RABBITMQ,
      figure,
      as: 'ratio',
      least: 1,
    },
    {
      table: JOINS,
      what: 'a join: ms',
      of: CROWDED,
      than: EMPTY,
      figure,
      as: 'ratio',
      most: 1.3,
    },
    ...strangerGoals(STRANGERS.awake, 'in memory'),
    ...strangerGoals(STRANGERS.woken, 'woken'),
    ...strangerGoals(STRANGERS.inUse, 'room in use'),
    replayGoal('1 reader'),
    replayGoal('10 readers'),
    ...growth,
    // The fingerprints of a day are read at once: a few milliseconds, once after a wake-up.
    {
      ...growthGoal('wake-up, key', 15),
      what: 'growth: wake-up, key, ms more',
      as: 'difference',
    },
    { ...growthGoal('send', 1.2), what: 'growth: memory', figure: ({ peak }) => peak },
  ]
}

/**
 * What the short bench demands: half as good as what is measured on two slow cores. Where others
 * work too, single rounds swing by a factor of two, the median of five by a third; a mistake that
 * costs speed (an encoding for each reader, a write for each frame, a batch of one) costs a factor
 * of three and more.
 */
const LEAST_OF_COALESCING = 0.3
const MOST_OF_KEEPING = 3

export function demands(windows: readonly number[]): Goal[] {
  const ours = { of: STOMPBOX, figure, as: 'ratio' } as const
  return [
    ...windows.map((window) => ({
      ...ours,
      table: fanOutId(window),
      what: `fan-out, window ${window}: deliveries/s`,
      than: COALESCING,
      least: LEAST_OF_COALESCING,
    })),
    { ...ours, table: ROUND_TRIP, what: 'round trip', than: KEEPING, most: MOST_OF_KEEPING },
  ]
}

/** M2: within the noise of the machine. */
function strangerGoals(table: string, where: string): Goal[] {
  const common = { table, of: PRIVATE, than: UNKNOWN, as: 'ratio', least: 0.9, most: 1.1 } as const
  return [
    { ...common, what: `a stranger, ${where}: median`, figure },
    { ...common, what: `a stranger, ${where}: p95`, figure: p95 },
  ]
}

const replayGoal = (readers: string): Goal => ({
  table: REPLAY,
  what: 'replay: events/s',
  of: `${STOMPBOX}, ${readers}`,
  than: `${NAIVE}, live`,
  figure,
  as: 'ratio',
  least: 5,
})

const growthGoal = (id: string, most: number): Goal => ({
  table: `growth-${id}`,
  what: `growth: ${id}`,
  of: '1,000,000 events',
  than: '1,000 events',
  figure,
  as: 'ratio',
  most,
})

/** Those of the goals whose rows were measured. */
export function judge(goals: readonly Goal[], tables: readonly Table[]): Verdict[] {
  return goals.flatMap((goal) => {
    const rows = tables.find(({ id }) => id === goal.table)?.rows ?? []
    const find = (name: string): Row | undefined => rows.find((row) => row.name === name)
    const [row, other] = [find(goal.of), find(goal.than)]
    if (!row || !other) return []
    const measured = (goal.as === 'ratio' ? ratio : difference)(row, other, goal.figure)
    const { least = -Infinity, most = Infinity } = goal
    // A figure that could not be measured (NaN) was not reached either.
    const reached = measured.median >= least && measured.median <= most
    return [{ goal, measured, reached }]
  })
}
