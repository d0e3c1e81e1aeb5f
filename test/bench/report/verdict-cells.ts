// What was wanted of the figures beside what was measured, as the cells of a table.

import type { Goal, Verdict } from './goals.ts'
import { figureText, rangeText } from './rows.ts'

/** One line for each: what was measured, and what is wanted. */
export function verdictCells(verdicts: readonly Verdict[]): string[][] {
  const head = ['', 'of', 'against', 'measured', 'wanted', '']
  const rows = verdicts.map(({ goal, measured, reached }) => {
    const wanted = wantedText(goal)
    return [
      goal.what,
      goal.of,
      goal.than,
      rangeText(measured),
      wanted,
      wanted === '' ? '' : reached ? 'reached' : 'NOT REACHED',
    ]
  })
  return [head, ...rows]
}

/** Nothing where a figure is told and nothing is wanted of it. */
function wantedText({ least, most }: Goal): string {
  if (least !== undefined && most !== undefined) return `${figureText(least)}..${figureText(most)}`
  if (least !== undefined) return `>= ${figureText(least)}`
  return most === undefined ? '' : `<= ${figureText(most)}`
}
