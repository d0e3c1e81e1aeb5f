// The load, as a process of its own: it does what it is told, one order after the other.

import type { Answer, Order } from './orders.ts'
import { Room } from './room.ts'

const room = new Room((reason) => answer({ failed: reason }))

async function obey(order: Order): Promise<Answer> {
  if ('enter' in order) return { entered: await room.enter(order) }
  if ('fit' in order) return { result: await room.fit(order) }
  if ('crowd' in order) return { result: await room.crowd(order) }
  if ('pace' in order) return { result: await room.pace(order) }
  if ('replay' in order) return { result: await room.replay(order) }
  return { result: await room.once(order) }
}

function answer(message: Answer): void {
  // The driver may have gone, which 'disconnect' tells.
  process.send?.(message, undefined, undefined, () => {})
}

process.on('disconnect', () => process.exit())
process.on('message', async (order: Order) => {
  try {
    answer(await obey(order))
  } catch (error) {
    answer({ failed: error instanceof Error ? error.message : String(error) })
  }
})
