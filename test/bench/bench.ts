// `npm run bench`: how fast a room is, beside bare objects and other servers in the same run.
// Ratios are what counts: everything else changes with the machine.

import { parseArgs } from 'node:util'
import build from '../support/build.ts'
import { hostilities } from './hostile/hostile.ts'
import { PLANS, type Plan } from './plans.ts'
import { demands, goals, judge } from './report/goals.ts'
import { hostilitiesPage, hostilitiesText, ordealText } from './report/hostile.ts'
import {
  HOSTILE_RUN,
  machine,
  publish,
  publishText,
  verdictText,
  writeFiles,
  writeJson,
} from './report/report.ts'
import { asText, LEGEND } from './report/table.ts'
import type { Table } from './scenarios/scenario.ts'
import type { Subject } from './subjects/subject.ts'

const { values } = parseArgs({
  options: {
    /** For CI: fails where the room is far slower, beside the bare objects, than it was. */
    short: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    /** What members of a room notice while somebody attacks it. */
    hostile: { type: 'boolean', default: false },
    /** One scenario alone, by its name; attacks: several, with commas between. */
    only: { type: 'string' },
    /** Writes the run into the documentation. */
    publish: { type: 'boolean', default: false },
  },
})

const name = values.short ? 'short' : values.all ? 'all' : 'usual'
const plan: Plan = PLANS[name]

const subjects: Subject[] = []

async function main(): Promise<void> {
  build()
  try {
    for (const start of plan.subjects) {
      const subject = await start()
      if (subject) subjects.push(subject)
    }
    begin()
    const tables: Table[] = []
    for (const [scenario, measure] of Object.entries(plan.scenarios)) {
      if (values.only !== undefined && values.only !== scenario) continue
      for (const table of await measure(subjects)) {
        console.log(`\n${asText(table)}`)
        tables.push(table)
      }
    }
    end(tables)
  } finally {
    await close()
  }
}

async function endure(): Promise<void> {
  build()
  console.log(machine())
  const only = values.only?.split(',') ?? []
  const run = await hostilities(only, (ordeal) => console.log(`\n${ordealText(ordeal)}`))
  console.log(`\n${hostilitiesText(run)}`)
  const file = writeJson(['hostile', ...only].join('-'), run)
  const first = `\`npm run bench -- --hostile\` on ${machine()}.`
  const page = values.publish ? publishText(HOSTILE_RUN, hostilitiesPage(first, run)) : []
  console.log(`\nwritten: ${[file, ...page].join(', ')}`)
}

async function close(): Promise<void> {
  for (const subject of subjects.splice(0)) await subject.close()
}

function begin(): void {
  console.log(`${machine()}; ${plan.rounds} rounds, the subjects in turn\n`)
  for (const { name, about } of subjects) console.log(`${name.padEnd(18)}${about}`)
  console.log(`\n${LEGEND.join('\n')}`)
}

function end(tables: readonly Table[]): void {
  const verdicts = judge(values.short ? demands(plan.windows) : goals(plan.windows), tables)
  console.log(`\n${verdictText(verdicts)}`)
  const command = `npm run bench${values.short ? ' -- --short' : values.all ? ' -- --all' : ''}`
  const about = subjects.map(({ name, about }) => ({ name, about }))
  const run = { command, rounds: plan.rounds, subjects: about, tables, verdicts }
  const file = values.only === undefined ? name : `${name}-${values.only}`
  const files = [...writeFiles(file, run), ...(values.publish ? publish(run) : [])]
  console.log(`\nwritten: ${files.join(', ')}`)
  // The goals are aims. The demands are what must not be lost again.
  if (values.short && verdicts.some(({ reached }) => !reached)) process.exitCode = 1
}

// A broker would stay where nobody ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => close().finally(() => process.exit(1)))
}
await (values.hostile ? endure() : main())
