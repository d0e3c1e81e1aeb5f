// `npx node test/deep/model/check.ts [--world small|middle|big] [--traces]`: explores worlds that
// keep to the protocol, then lets every mistake loose and says what caught it. Fails where a law is
// broken, or is not.

import { parseArgs } from 'node:util'
import { chat } from './chat.ts'
import { explore } from './explore.ts'
import { hunt, lawsBroken } from './hunt.ts'
import { MUTANTS } from './mutants.ts'
import { PROTOCOL } from './protocol.ts'
import { BIG, type Bounded, MIDDLE, SMALL } from './worlds.ts'

const SETS: Record<string, readonly Bounded[]> = { small: SMALL, middle: MIDDLE, big: BIG }

const { values } = parseArgs({
  options: {
    world: { type: 'string', default: 'middle' },
    traces: { type: 'boolean', default: false },
  },
})

const set = SETS[values.world]
if (!set) throw new Error(`--world is one of ${Object.keys(SETS).join(', ')}`)

for (const { name, world, faults } of set) {
  const begun = performance.now()
  const { states, steps, rests, broken } = explore(chat(world, PROTOCOL), faults)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const bound = faults === Number.POSITIVE_INFINITY ? 'any number of' : `at most ${faults}`
  console.log(
    `${name}: ${bound} faults, ${states} states, ${steps} steps, ${rests} at rest, ${seconds} s`,
  )
  if (!broken) continue
  process.exitCode = 1
  for (const { id, how } of broken.breaches) console.log(`  breaks ${id}: ${how}`)
  for (const line of broken.trace) console.log(`    ${line}`)
}

for (const mutant of MUTANTS) {
  const caught = hunt(mutant)
  console.log(`[${mutant.rule}] ${mutant.name}`)
  if (!caught || !lawsBroken(caught.broken).includes(mutant.law)) process.exitCode = 1
  if (!caught) {
    console.log('  is not caught')
    continue
  }
  const { broken, world } = caught
  console.log(
    `  caught by ${lawsBroken(broken).join(' and ')} in the world "${world}", after ${broken.trace.length} steps`,
  )
  for (const { how } of broken.breaches) console.log(`  ${how}`)
  if (values.traces) for (const line of broken.trace) console.log(`    ${line}`)
}
