// What a run leaves behind: text for who watches, JSON for programs, a chart, and the page of
// documentation.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import workerd from 'workerd/package.json' with { type: 'json' }
import { ROOT } from '../../support/build.ts'
import type { Table } from '../scenarios/scenario.ts'
import type { Subject } from '../subjects/subject.ts'
import { chart } from './chart.ts'
import { markdownColumns, textColumns } from './columns.ts'
import type { Verdict } from './goals.ts'
import { asMarkdown, LEGEND } from './table.ts'
import { verdictCells } from './verdict-cells.ts'
import { wrapped } from './wrap.ts'

export interface Run {
  /** Such as `npm run bench -- --all`. */
  readonly command: string
  readonly rounds: number
  readonly subjects: readonly Pick<Subject, 'name' | 'about'>[]
  readonly tables: readonly Table[]
  readonly verdicts: readonly Verdict[]
}

const PAGE = 'docs/performance.md'
const CHART = 'docs/performance.svg'
/** Between which lines a run stands. */
export const RUN = [
  '<!-- A run: written by the bench. -->',
  '<!-- The end of the run. -->',
] as const
export const HOSTILE_RUN = [
  '<!-- A hostile run: written by the bench. -->',
  '<!-- The end of the hostile run. -->',
] as const

export function machine(): string {
  const [cpu] = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} x ${cpu?.model}, ${gigabytes} GB, Node ${process.version}, workerd ${workerd.version}`
}

export const verdictText = (verdicts: readonly Verdict[]): string =>
  textColumns(verdictCells(verdicts))

/** Gives the paths. @param name of the files. */
export function writeFiles(name: string, run: Run): string[] {
  return [writeJson(name, run), writeFile(`${name}.svg`, chart(run.tables))]
}

/** Gives the path. */
export function writeJson(name: string, data: object): string {
  return writeFile(`${name}.json`, `${JSON.stringify({ machine: machine(), ...data }, null, 2)}\n`)
}

function writeFile(file: string, contents: string): string {
  const folder = join(ROOT, 'dist/bench')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), contents)
  return `dist/bench/${file}`
}

/** Puts the run where the documentation tells of one. */
export function publish(run: Run): string[] {
  const page = readFileSync(join(ROOT, PAGE), 'utf8')
  writeFileSync(join(ROOT, PAGE), withRun(page, asPage(run)))
  writeFileSync(join(ROOT, CHART), chart(run.tables))
  return [PAGE, CHART]
}

/** The same for a run that has neither subjects nor rounds. */
export function publishText(between: typeof RUN | typeof HOSTILE_RUN, text: string): string[] {
  const page = readFileSync(join(ROOT, PAGE), 'utf8')
  writeFileSync(join(ROOT, PAGE), withRun(page, text, between))
  return [PAGE]
}

/** A page with its run replaced, whose paragraphs are wrapped. */
export function withRun(
  page: string,
  run: string,
  [begin, end]: typeof RUN | typeof HOSTILE_RUN = RUN,
): string {
  const [before, rest] = page.split(begin)
  const [, after] = rest?.split(end) ?? []
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has no place for a run`)
  return `${before}${begin}\n\n${wrapped(run)}\n\n${end}${after}`
}

function asPage({ command, rounds, subjects, tables, verdicts }: Run): string {
  const about = [['subject', 'what it is'], ...subjects.map(({ name, about }) => [name, about])]
  return [
    `\`${command}\` on ${machine()}; ${rounds} rounds.`,
    '![the figures as bars](performance.svg)',
    markdownColumns(about, true),
    '### What is wanted',
    markdownColumns(verdictCells(verdicts), true),
    ...tables.map(asMarkdown),
    ...LEGEND,
  ].join('\n\n')
}
