// The promises on the real thing: clients of the reference module in rooms that are evicted, crash
// and fail to write, over connections that are cut, held up and lose what they carry. Every
// schedule is decided by its seed: one that fails prints it, and `npm run storm -- --count 1 --seed
// <it>` plays it again.

import { expect, test } from 'vitest'
import { report, runStorm, totals } from './storm/run.ts'

const SEED = 1
const COUNT = 200

/** What befalls a room, a connection or a client; each of them often. */
const FAULTS = ['evict', 'crash', 'charge', 'fail', 'cut', 'hold', 'congest', 'reload', 'join']

test(`[L1][L2][L3][L4][L5][L6][H1][R2][E1][Q1] ${COUNT} storms from seed ${SEED} lose, double and reorder nothing`, {
  // A machine that is busy with something else may take its time.
  timeout: 900_000,
}, async () => {
  const { outcomes, errors } = await runStorm({ seed: SEED, count: COUNT })
  const failed = outcomes.filter(({ breaches }) => breaches.length > 0)
  expect(failed.map(report).join('\n')).toBe('')
  expect(errors).toEqual([])
  expect(outcomes).toHaveLength(COUNT)

  // It was a storm.
  const came = totals(outcomes)
  for (const fault of FAULTS) expect(came[fault], fault).toBeGreaterThan(100)
  expect(came.lost, 'messages lost').toBeGreaterThan(50)
  expect(came.connections, 'connections').toBeGreaterThan(800)
})
