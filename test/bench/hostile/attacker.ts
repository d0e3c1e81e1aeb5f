// The attacker, as a process of its own: it prepares, waits for the word, attacks for a while and
// tells what came of it.

import { Assault } from './attack.ts'
import { SOCKET_ATTACKS } from './attacks.ts'
import { HTTP_ATTACKS } from './attacks-http.ts'
import type { AttackAnswer, Attacking, AttackOrder } from './orders.ts'

const ATTACKS = { ...SOCKET_ATTACKS, ...HTTP_ATTACKS }

let prepared: { readonly assault: Assault; readonly order: Attacking } | undefined

async function obey(order: AttackOrder): Promise<AttackAnswer> {
  if ('prepare' in order) {
    const assault = new Assault(order.prepare)
    prepared = { assault, order: order.prepare }
    await ATTACKS[order.prepare.attack]?.prepare?.(assault)
    return { ready: true }
  }
  if (!prepared) throw new Error('nothing was prepared')
  const { assault, order: attacking } = prepared
  assault.endIn(attacking.ms)
  await ATTACKS[attacking.attack]?.run(assault)
  const { done, sent, heard, told } = assault.tally
  return { tally: { done, sent, heard, told } }
}

process.on('disconnect', () => process.exit())
process.on('message', async (order: AttackOrder) => {
  let answer: AttackAnswer
  try {
    answer = await obey(order)
  } catch (error) {
    answer = { failed: error instanceof Error ? error.message : String(error) }
  }
  process.send?.(answer, undefined, undefined, () => {})
})
