// A table of what was measured, as text and as Markdown.

import type { Row, Table } from '../scenarios/scenario.ts'
import { markdownColumns, textColumns } from './columns.ts'
import { figureText, over, range, rangeText, ratio } from './rows.ts'

const MEGABYTE = 1e6

/** The cells of a table, its head first. */
export function cells({ rows, unit }: Table): string[][] {
  const [first] = rows
  if (!first) return []
  const head = [
    '',
    unit,
    `${first.name} is x`,
    'p50',
    'p95',
    'p99',
    'max',
    'CPU s',
    'cores',
    'load',
    'MB',
  ]
  return [head, ...rows.map((row) => [row.name, ...figuresOf(row, first)])]
}

function figuresOf(row: Row, first: Row): string[] {
  const { rounds } = row
  const median = (figure: (round: Row['rounds'][number]) => number) =>
    figureText(over(row, figure).median)
  return [
    rangeText(over(row, ({ figure }) => figure)),
    row === first ? '1' : rangeText(ratio(first, row, ({ figure }) => figure)),
    median(({ times }) => times.p50),
    median(({ times }) => times.p95),
    median(({ times }) => times.p99),
    figureText(Math.max(...rounds.map(({ times }) => times.max))),
    figureText(rounds.reduce((sum, { server }) => sum + server, 0) / 1000),
    median(({ server, ms }) => server / ms),
    median(({ load, ms }) => load / ms),
    figureText(range(rounds.map(({ peak }) => peak / MEGABYTE)).max),
  ]
}

export const asText = (table: Table): string =>
  [table.title, textColumns(cells(table)), ...(table.remarks ?? [])].join('\n')

export const asMarkdown = (table: Table): string =>
  [
    `### ${table.title}`,
    table.method,
    markdownColumns(cells(table)),
    ...(table.remarks ?? []),
  ].join('\n\n')

/** What the columns mean. */
export const LEGEND = [
  'Figures are medians of the rounds, in brackets the least and the greatest; `x` is the ratio of the first row to this one, taken ' +
    'round by round.',
  'p50 to max are milliseconds: the medians of the rounds, and the greatest of all.',
  '`CPU s`: seconds of processor time that the server took in all rounds; `cores`: the same for each second; `load`: ' +
    'cores that the load generator took. The machine has as many cores as it has: a load near 1 is a limit of its own.',
  '`MB`: the most memory that the process of the server held.',
]
