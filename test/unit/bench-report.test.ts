// What the bench tells of what it measured.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chart } from '../bench/report/chart.ts'
import { markdownColumns, textColumns } from '../bench/report/columns.ts'
import { demands, type Goal, goals, judge } from '../bench/report/goals.ts'
import { HOSTILE_RUN, RUN, withRun } from '../bench/report/report.ts'
import { difference, figureText, ratio } from '../bench/report/rows.ts'
import { asMarkdown, asText, cells } from '../bench/report/table.ts'
import { verdictCells } from '../bench/report/verdict-cells.ts'
import { wrapped } from '../bench/report/wrap.ts'
import type { Round, Row, Table } from '../bench/scenarios/scenario.ts'

const round = (figure: number): Round => ({
  figure,
  times: { count: 1, p50: figure, p95: figure, p99: figure, max: figure },
  ms: 1000,
  server: 500,
  load: 250,
  peak: 2e6,
})
const row = (name: string, ...figures: number[]): Row => ({ name, rounds: figures.map(round) })
const figure = ({ figure }: Round) => figure

const TABLE: Table = {
  id: 'table',
  title: 'A <table>',
  method: 'It was done.',
  unit: 'messages/s',
  better: 'more',
  rows: [row('ours', 10, 20, 60), row('theirs', 10, 10, 20)],
  remarks: ['And so on.'],
}

describe('ratios', () => {
  it('are taken round by round', () => {
    const [ours, theirs] = TABLE.rows
    if (!ours || !theirs) throw new Error('two rows')
    expect(ratio(ours, theirs, figure)).toEqual({ median: 2, min: 1, max: 3 })
    expect(difference(ours, theirs, figure)).toEqual({ median: 10, min: 0, max: 40 })
  })

  it('are none where a round has nothing beside it', () => {
    expect(ratio(row('a', 1, 2), row('b', 1), figure).min).toBeNaN()
  })
})

it.each([
  [1234567.8, '1,234,568'],
  [99.96, '100.0'],
  [12.34, '12.3'],
  [0.123, '0.12'],
  [Number.NaN, '-'],
])('%d is written as %s', (value, text) => {
  expect(figureText(value)).toBe(text)
})

describe('a table', () => {
  it('has a head, and a row for each subject', () => {
    expect(cells(TABLE).map(([name, value, ratio]) => [name, value, ratio])).toEqual([
      ['', 'messages/s', 'ours is x'],
      ['ours', '20.0 (10.0..60.0)', '1'],
      ['theirs', '10.0 (10.0..20.0)', '2.00 (1.00..3.00)'],
    ])
    expect(cells(TABLE)[1]?.slice(3)).toEqual([
      '20.0',
      '20.0',
      '20.0',
      '60.0',
      '1.50',
      '0.50',
      '0.25',
      '2.00',
    ])
  })

  it('is written with its remarks', () => {
    expect(asText(TABLE).split('\n').at(-1)).toBe('And so on.')
    expect(asMarkdown(TABLE)).toContain('\n\nIt was done.\n\n|  | messages/s |')
  })

  it('is aligned', () => {
    const all = [
      ['', 'n'],
      ['name', '10'],
    ]
    expect(textColumns(all)).toBe('       n\nname  10')
    expect(markdownColumns(all)).toBe('|  | n |\n| --- | ---: |\n| name | 10 |')
  })
})

describe('goals', () => {
  const goal: Goal = {
    table: 'table',
    what: 'speed',
    of: 'ours',
    than: 'theirs',
    figure,
    as: 'ratio',
    least: 2,
  }
  const reached = (...those: Goal[]) => judge(those, [TABLE]).map(({ reached }) => reached)

  it('are reached, or not', () => {
    expect(reached(goal, { ...goal, least: 2.1 })).toEqual([true, false])
    expect(reached({ ...goal, least: 0, most: 1.9 })).toEqual([false])
    expect(reached({ ...goal, as: 'difference', least: 10 })).toEqual([true])
  })

  it('are not judged where nothing was measured', () => {
    expect(reached({ ...goal, than: 'nobody' }, { ...goal, table: 'none' })).toEqual([])
  })

  it('are not reached by what is not a number', () => {
    const broken = { ...TABLE, rows: [row('ours', Number.NaN), row('theirs', 1)] }
    expect(judge([goal], [broken])[0]?.reached).toBe(false)
  })

  it('are told with what is wanted', () => {
    const { least: _, ...told } = goal
    const each = [goal, { ...told, most: 1 }, { ...goal, most: 3 }, told]
    const [, ...cells] = verdictCells(judge(each, [TABLE]))
    const measured = ['speed', 'ours', 'theirs', '2.00 (1.00..3.00)']
    expect(cells).toEqual([
      [...measured, '>= 2.00', 'reached'],
      [...measured, '<= 1.00', 'NOT REACHED'],
      [...measured, '2.00..3.00', 'reached'],
      [...measured, '', ''],
    ])
  })

  it('name each thing once', () => {
    const names = goals([1, 8]).map(({ what, of, than }) => `${what} ${of} ${than}`)
    expect(new Set(names).size).toBe(names.length)
    expect(demands([8]).every(({ least, most }) => (least ?? most ?? 0) > 0)).toBe(true)
  })
})

it('draws a bar for each row, and lets no name break the drawing', () => {
  const drawing = chart([TABLE])
  expect(drawing.match(/<rect x=/g)?.length).toBe(2)
  expect(drawing).toContain('A &lt;table&gt;')
  expect(drawing).not.toContain('NaN')
})

it('replaces the run of a page and nothing else', () => {
  const begin = '<!-- A run: written by the bench. -->'
  const end = '<!-- The end of the run. -->'
  const page = `before\n${begin}\nold\n${end}\nafter\n`
  expect(withRun(page, 'new')).toBe(`before\n${begin}\n\nnew\n\n${end}\nafter\n`)
  expect(() => withRun('no place', 'new')).toThrow()
})

it('a run on a page has its paragraphs wrapped, and its tables whole', () => {
  const words = (length: number) => Array.from({ length }, () => 'word').join(' ')
  expect(wrapped(words(40))).toBe([words(22), words(18)].join('\n'))
  expect(wrapped(`${words(21)} \`a code span\``)).toBe(`${words(21)}\n\`a code span\``)
  for (const whole of [`| ${words(40)} |`, `### ${words(40)}`, `${words(10)}\n\n${words(10)}`]) {
    expect(wrapped(whole)).toBe(whole)
  }
})

it.each([RUN, HOSTILE_RUN])('the page holds the run after %s as the bench writes it', (...run) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/performance.md'), 'utf8')
  const [begin, end] = run
  const text = page.split(begin)[1]?.split(end)[0] ?? ''
  expect(withRun(page, text.trim(), [begin, end] as typeof RUN | typeof HOSTILE_RUN)).toBe(page)
})
