// `npm run storm -- --count N --seed S`: N schedules against the built Worker, with the seeds from
// S on. One that fails prints its seed; `--count 1 --seed <that seed>` plays it again. After
// `--patience` failures no other one begins.

import { parseArgs } from 'node:util'
import build from '../../support/build.ts'
import { report, runStorm, totals } from './run.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    lanes: { type: 'string', default: '8' },
    patience: { type: 'string', default: '8' },
  },
})
const [count, seed, lanes, patience] = [
  values.count,
  values.seed,
  values.lanes,
  values.patience,
].map(Number) as [number, number, number, number]

build()
const begun = performance.now()
let played = 0
let failed = 0
const { outcomes, errors } = await runStorm({
  seed,
  count,
  lanes,
  patience,
  onOutcome(outcome) {
    played++
    if (outcome.breaches.length > 0) {
      failed++
      console.log(`after ${played} schedules: ${report(outcome)}`)
    } else if (played % 100 === 0) console.log(`${played} schedules`)
  },
})
const seconds = (performance.now() - begun) / 1000
console.log(`${played} schedules from seed ${seed} in ${seconds.toFixed(0)} s, ${failed} failed`)
console.table(totals(outcomes))
for (const error of errors) console.log(error)
process.exitCode = failed + errors.length > 0 ? 1 : 0
