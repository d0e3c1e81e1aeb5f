// What attacks did to the members of a room, beside what is wanted.

import type { Hostilities } from '../hostile/hostile.ts'
import type { Ordeal } from '../hostile/ordeal.ts'
import { markdownColumns, textColumns } from './columns.ts'
import { figureText } from './rows.ts'

/** The p99 under attack, in milliseconds or in times the quiet one: the greater of both. */
const MOST_MS = 100
const MOST_TIMES = 3
/** Of memory, beyond what was held in quiet. */
const MOST_BYTES = 64 * 2 ** 20
const MEGABYTE = 2 ** 20
/**
 * The share of a time for which one connection may keep the room awake with frames that it does not
 * end.
 */
const MOST_AWAKE = 0.5

export const mostOf = ({ quiet }: Ordeal): number => Math.max(MOST_MS, MOST_TIMES * quiet.p99)

const isInTime = (ordeal: Ordeal): boolean => ordeal.attacked.p99 <= mostOf(ordeal)

export const isWithstood = (ordeal: Ordeal): boolean =>
  ordeal.failed === undefined && isInTime(ordeal) && ordeal.memory < MOST_BYTES

export const isAllowedToSleep = ({ tried, awake }: NonNullable<Hostilities['awake']>): boolean =>
  awake <= MOST_AWAKE * tried

const HEAD = ['attack', 'quiet p99', 'p99', 'max', 'wanted', 'MB more', 'cores', '']

/** The same attack on an object that ignores it. */
export const BARE = ', bare'

function verdictOf(ordeal: Ordeal, all: readonly Ordeal[]): string {
  if (isWithstood(ordeal)) return 'withstood'
  const bare = all.find(({ attack }) => attack === ordeal.attack + BARE)
  if (!bare || ordeal.failed !== undefined) return 'NOT WITHSTOOD'
  const inTime = isInTime(ordeal) || !isInTime(bare)
  const isSmall = ordeal.memory < Math.max(MOST_BYTES, bare.memory)
  return inTime && isSmall ? 'as the runtime' : 'NOT WITHSTOOD'
}

function figuresOf(ordeal: Ordeal, all: readonly Ordeal[] = []): string[] {
  const { attack, quiet, attacked, memory, cores } = ordeal
  return [
    attack,
    figureText(quiet.p99),
    figureText(attacked.p99),
    figureText(attacked.max),
    figureText(mostOf(ordeal)),
    figureText(Math.max(0, memory / MEGABYTE)),
    figureText(cores),
    verdictOf(ordeal, all),
  ]
}

/** One line and what the attacker was told. */
export const ordealText = (ordeal: Ordeal): string => {
  const { about, told, failed } = ordeal
  const lines = [textColumns([HEAD, figuresOf(ordeal)]), `  ${about}`, `  ${told}`]
  return [...lines, ...(failed ? [`  ${failed}`] : [])].join('\n')
}

const awakeText = (all: NonNullable<Hostilities['awake']>): string =>
  `Half frames, FRAME_SECONDS = 1: of ${all.tried} s one connection kept the room awake for ${all.awake.toFixed(1)} s, ` +
  `and was told ${all.told}: ${isAllowedToSleep(all) ? 'withstood' : 'NOT WITHSTOOD'}.`

export const hostilitiesText = ({ ordeals, awake }: Hostilities): string =>
  [
    textColumns([HEAD, ...ordeals.map((each) => figuresOf(each, ordeals))]),
    ...(awake ? [awakeText(awake)] : []),
  ].join('\n\n')

/** @param first what was measured where. */
export function hostilitiesPage(first: string, { ordeals, awake }: Hostilities): string {
  const what = ordeals.map(({ attack, about, told, failed }) => [attack, about, failed ?? told])
  return [
    first,
    markdownColumns([HEAD, ...ordeals.map((each) => figuresOf(each, ordeals))]),
    markdownColumns([['attack', 'what is done', 'what came of it'], ...what], true),
    ...(awake ? [awakeText(awake)] : []),
  ].join('\n\n')
}
