// Every interleaving of the whole world: two senders, two readers, three messages, and any number
// of faults.

import { expect, it } from 'vitest'
import { chat } from './model/chat.ts'
import { explore } from './model/explore.ts'
import { PROTOCOL } from './model/protocol.ts'
import { BIG } from './model/worlds.ts'

const [WHOLE] = BIG
if (!WHOLE) throw new Error('there is no whole world')

it('[L1] [L2] [L3] [L4] [L5] [L6] [E1] [E2] holds in every state of the whole world', {
  timeout: 300_000,
}, () => {
  const { states, steps, broken } = explore(chat(WHOLE.world, PROTOCOL), WHOLE.faults)
  console.log(`${states} states, ${steps} steps`)
  expect(broken).toBeUndefined()
  expect(states).toBeGreaterThan(1_000_000)
})
