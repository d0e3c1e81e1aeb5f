// A read marker of a client that does not acknowledge: how far somebody has read. It is told, and
// kept in the session, or, where there is none, in the row of the member.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { readSignal } from '../people/presence.ts'
import { noteRead, writeMarker } from '../unread/read-markers.ts'
import type { Actor, Handler } from './handler.ts'
import { Seq } from './schemas.ts'

/** The body of a SEND to /pub/read: the seq up to which somebody has read. */
export const ReadBody = v.object({ seq: Seq })

/** Somebody has read up to a seq. */
export type ReadCommand = { readonly type: 'read' } & v.InferOutput<typeof ReadBody>

/**
 * Writes the row of a member at once where there is no connection, and then only where the marker
 * moves. Tells nothing that was told before.
 *
 * @throws Refusal `event-unknown`.
 */
export const readHandler: Handler<ReadCommand> = {
  check({ room }, actor, { seq }) {
    if (seq > room.log.head()) throw new Refusal('event-unknown')
    return { isNew: seq > readTo(actor), needsSpace: false }
  },
  write(turn, { connection, principal }, { seq }) {
    if (!connection) writeMarker(turn, principal.id, seq)
    return undefined
  },
  outcome(turn, actor, { seq }) {
    const { connection, principal } = actor
    if (seq <= readTo(actor)) return {}
    const signal = readSignal(turn, principal, seq)
    if (connection?.session.phase === 'connected') {
      connection.session = { ...connection.session, readTo: seq }
      noteRead(turn, principal.id)
    }
    return signal ? { signal } : {}
  },
  isOneStatement: true,
}

function readTo({ connection }: Actor): number {
  const session = connection?.session
  return session?.phase === 'connected' ? (session.readTo ?? 0) : 0
}
