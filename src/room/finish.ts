// The end of a turn, before what it says is sent.

import { Refusal } from '../refusals.ts'
import { endConnection } from './connections/endings.ts'
import { flushPending } from './delivery/deliver.ts'
import { consumersOf, distribute } from './queues/distribution.ts'
import { roomRefusalOf } from './refuse.ts'
import type { Turn } from './turn.ts'
import { noteMembership } from './unread/news.ts'

/**
 * Delivers what was appended, notes what is new for those who watch, ends lost connections and
 * distributes queues. Each of the last two may lead to the other, so it goes on until both are
 * done.
 */
export function finishTurn(turn: Turn): void {
  flushPending(turn)
  noteMembership(turn)
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
        // No frame caused this, so nobody can be refused: the consumers are told to reconnect.
        const { code } = roomRefusalOf(error)
        for (const { connection } of consumersOf(turn, queue)) lost.set(connection, code)
      }
    }
  }
}
