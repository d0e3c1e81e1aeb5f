// From rounds to figures. Ratios are taken round by round, between turns that followed each other,
// and their median is told.

import { median } from '../load/spread.ts'
import type { Round, Row } from '../scenarios/scenario.ts'

export interface Range {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function range(values: readonly number[]): Range {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** One figure of a row, over its rounds. */
export const over = ({ rounds }: Row, figure: (round: Round) => number): Range =>
  range(rounds.map(figure))

/** How many times another's figure a row's is. */
export function ratio(row: Row, other: Row, figure: (round: Round) => number): Range {
  return range(
    row.rounds.map((round, index) => {
      const beside = other.rounds[index]
      return beside ? figure(round) / figure(beside) : Number.NaN
    }),
  )
}

/** How much more than another's figure a row's is. */
export function difference(row: Row, other: Row, figure: (round: Round) => number): Range {
  return range(
    row.rounds.map((round, index) => {
      const beside = other.rounds[index]
      return beside ? figure(round) - figure(beside) : Number.NaN
    }),
  )
}

/** A number as it is read: three digits that count, or all of a large one. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

export const rangeText = ({ median, min, max }: Range): string =>
  `${figureText(median)} (${figureText(min)}..${figureText(max)})`
