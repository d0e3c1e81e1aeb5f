// A read marker of a client that does not acknowledge: how far somebody has read. It is told, and
// kept in the session, if there is one.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { readSignal } from '../people/presence.ts'
import type { Actor, Handler } from './handler.ts'
import { Seq } from './schemas.ts'

/** The body of a SEND to /pub/read: the seq up to which somebody has read. */
export const ReadBody = v.object({ seq: Seq })

/** Somebody has read up to a seq. */
export type ReadCommand = { readonly type: 'read' } & v.InferOutput<typeof ReadBody>

/**
 * Writes no row. Tells nothing that was told before.
 *
 * @throws Refusal `event-unknown`.
 */
export const readHandler: Handler<ReadCommand> = {
  check({ room }, actor, { seq }) {
    if (seq > room.log.head()) throw new Refusal('event-unknown')
    return { isNew: seq > readTo(actor), needsSpace: false }
  },
  outcome(turn, actor, { seq }) {
    const { connection, principal } = actor
    if (seq <= readTo(actor)) return {}
    const signal = readSignal(turn, principal, seq)
    if (connection?.session.phase === 'connected') {
      connection.session = { ...connection.session, readTo: seq }
    }
    return signal ? { signal } : {}
  },
}

function readTo({ connection }: Actor): number {
  const session = connection?.session
  return session?.phase === 'connected' ? (session.readTo ?? 0) : 0
}
