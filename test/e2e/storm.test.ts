// The promises on the real thing: clients of the reference module in rooms that are evicted, crash and fail to write,
// over connections that are cut, held up and lose what they carry. Every schedule is decided by its seed.
//
// STORM_SEED=… plays one again (its decisions are the same; the times of a real server are not), STORM_COUNT=… plays
// so many.

import { expect, test } from 'vitest'
import { report, runStorm, totals } from '../storm/run.ts'

const { STORM_SEED, STORM_COUNT } = process.env
const seed = Number(STORM_SEED ?? 1)
const count = Number(STORM_COUNT ?? (STORM_SEED === undefined ? 200 : 1))

test(`[L1][L2][L3][L4][L5][L6][H1][R2][E1] ${count} storms from seed ${seed} lose, double and reorder nothing`, {
  timeout: 120_000 + count * 5000,
}, async () => {
  const { outcomes, errors } = await runStorm({ seed, count })
  const failed = outcomes.filter(({ breaches }) => breaches.length > 0)
  expect(failed.map(report).join('\n')).toBe('')
  expect(errors).toEqual([])
  expect(outcomes).toHaveLength(count)
  // It was a storm.
  const came = totals(outcomes)
  console.log(came)
  if (count < 200) return
  for (const act of [
    'evict',
    'crash',
    'charge',
    'fail',
    'cut',
    'hold',
    'congest',
    'reload',
    'join',
  ]) {
    expect(came[act], act).toBeGreaterThan(100)
  }
  expect(came.lost).toBeGreaterThan(100)
  expect(came.connections).toBeGreaterThan(1000)
})
