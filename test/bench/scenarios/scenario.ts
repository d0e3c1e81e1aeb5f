// What is measured: the subjects in turn, round by round, so that whatever else the machine does
// meets all of them.

import { setTimeout as pause } from 'node:timers/promises'
import { Load } from '../load/load.ts'
import type { Member } from '../load/member.ts'
import type { Result } from '../load/orders.ts'
import type { Spread } from '../load/spread.ts'
import type { Subject } from '../subjects/subject.ts'

/** One round of one subject. */
export interface Round {
  /** What the table is about. */
  readonly figure: number
  /** Milliseconds. */
  readonly times: Spread
  readonly ms: number
  /** Milliseconds of processor time of the server, and of the load. */
  readonly server: number
  readonly load: number
  /** Bytes of memory that the server held at most. */
  readonly peak: number
}

export interface Row {
  readonly name: string
  readonly rounds: readonly Round[]
}

export interface Table {
  /** As the goals name it. */
  readonly id: string
  readonly title: string
  /** One sentence or two: what was done. */
  readonly method: string
  /** The unit of the figure. */
  readonly unit: string
  readonly better: 'more' | 'less'
  /** The first is the one that the others are compared to. */
  readonly rows: readonly Row[]
  /** Lines below the table. */
  readonly remarks?: readonly string[]
}

/** How long it may take. */
export interface Effort {
  readonly rounds: number
  readonly ms: number
}

/** A subject with the load on one room of it. */
export interface Contestant {
  readonly name: string
  readonly subject: Subject
  readonly load: Load
}

/** Lets everybody into a room of each subject, measures, and ends what was begun. */
export async function withLoads<Given>(
  subjects: readonly Subject[],
  members: (subject: Subject) => Promise<Member[]>,
  measure: (contestants: readonly Contestant[]) => Promise<Given>,
): Promise<Given> {
  const contestants: Contestant[] = []
  try {
    for (const subject of subjects) {
      const load = await Load.of(subject.name, await members(subject))
      contestants.push({ name: subject.name, subject, load })
      await subject.rest()
    }
    return await measure(contestants)
  } finally {
    for (const { load } of contestants) load.close()
  }
}

/** Makes every message as long, at who hears it, as those of the first. */
export async function fitAll([first, ...others]: readonly Contestant[]): Promise<void> {
  const bytes = (await first?.load.measure({ once: 'awake' }))?.bytes ?? 0
  for (const { load } of others) await load.measure({ fit: bytes })
}

/** A round that does not count, then the rounds; in each, every subject has its turn. */
export async function inTurn<Each extends { readonly name: string }>(
  those: readonly Each[],
  rounds: number,
  measure: (each: Each) => Promise<Round>,
): Promise<Row[]> {
  const rows = those.map(({ name }) => ({ name, rounds: [] as Round[] }))
  for (let round = -1; round < rounds; round++) {
    for (const [index, each] of those.entries()) {
      const result = await measure(each)
      if (round >= 0) rows[index]?.rounds.push(result)
    }
  }
  return rows
}

/**
 * Milliseconds between two looks at a server, and the processor time that one at rest takes
 * meanwhile.
 */
const LOOK = 200
const AT_REST = 10
const LOOKS = 25

/** Once a server has done what is left to do, for those who have gone. */
export async function atRest({ process }: Pick<Subject, 'process'>): Promise<void> {
  let before = process.processor()
  for (let looks = 0; looks < LOOKS; looks++) {
    await pause(LOOK)
    const now = process.processor()
    // Where nothing is known (NaN) there is nothing to wait for.
    if (!(now - before > AT_REST)) return
    before = now
  }
}

/** What the load measured, with what the server took for it. */
export async function round(
  { process }: Pick<Subject, 'process'>,
  measure: () => Promise<Pick<Result, 'ms' | 'processor'> & Pick<Round, 'figure' | 'times'>>,
): Promise<Round> {
  process.forgetPeak()
  const before = process.processor()
  const { figure, times, ms, processor } = await measure()
  return {
    figure,
    times,
    ms,
    server: process.processor() - before,
    load: processor,
    peak: process.peak(),
  }
}
