// What is done when the work of a turn is over.

import { Refusal } from '../refusals.ts'
import { endConnection } from './connections/endings.ts'
import { consumersOf, distribute } from './queues/distribution.ts'
import { refusalOf } from './refuse.ts'
import type { Turn } from './turn.ts'

/** Ends the connections found to be over, and shares out the queues: each may lead to the other. */
export function finishTurn(turn: Turn): void {
  const { lost, queues } = turn.deferred
  while (lost.size > 0 || queues.size > 0) {
    for (const [connection, code] of lost) {
      lost.delete(connection)
      endConnection(turn, connection, new Refusal(code))
    }
    for (const queue of queues) {
      queues.delete(queue)
      try {
        distribute(turn, queue)
      } catch (error) {
        // Nobody asked for this: whoever waits for it is told to come back.
        const { code } = refusalOf(error)
        for (const { connection } of consumersOf(turn, queue)) lost.set(connection, code)
      }
    }
  }
}
