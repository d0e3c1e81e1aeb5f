// The log to its subscribers. A subscription is a cursor: at the head it is given what is appended;
// behind, it is given the log in chunks (replay.ts) until it is at the head. The two never overlap (L2, L6).

import { subscribers } from '../connections/liveness.ts'
import { withChanged } from '../connections/session.ts'
import type { LogSubscription } from '../connections/subscription.ts'
import type { Event } from '../log/event.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { batchEncoder, eventMessage } from './message-encoding.ts'

/** Notes an event just appended: it is delivered with those of the same moment, before what is told next. */
export function deliver({ fresh }: Turn, event: Event): void {
  fresh.events.push(event)
  fresh.size += event.type === 'message' || event.type === 'edit' ? event.content.length : 0
}

/** Runs what answers a SEND, after the delivery of what was appended (and so of that SEND) (L4). */
export function afterDelivery({ fresh }: Turn, answer: () => void): void {
  if (fresh.events.length === 0) answer()
  else fresh.answers.push(answer)
}

/** Gives the events of this moment to every subscription at the head, and then the answers. */
export function settle(turn: Turn): void {
  const events = turn.fresh.events.splice(0)
  const [first] = events
  if (!first) return
  turn.fresh.size = 0
  const prev = first.seq - 1
  const messages = events.map((event) => eventMessage(event, event.seq - 1))
  const encoded = batchEncoder(messages)
  for (const { connection, session, subscription } of subscribers(turn, 'log')) {
    if (subscription.cursor !== undefined) {
      // Its turn is due: whatever kept it from coming, it comes now.
      if (!connection.congested) turn.deferred.backlog = 'moving'
      else turn.deferred.backlog ??= 'stalled'
      continue
    }
    // R2, R4: a slow reader is not buffered, nor what is beyond a turn: it falls behind in the log.
    if (connection.congested || turn.outbox.isFull(connection))
      move(turn, connection, subscription, prev)
    else turn.outbox.addAll(connection, encoded(session, subscription))
  }
  for (const answer of turn.fresh.answers.splice(0)) answer()
}

/** The last seq that a subscription was given. */
export function deliveredSeq(turn: Turn, { cursor }: LogSubscription): number {
  return cursor ?? turn.room.log.head()
}

/** Sets where a subscription is; undefined: at the head. A turn is due for one that is behind. */
export function move(
  turn: Turn,
  connection: Connection,
  subscription: LogSubscription,
  cursor: number | undefined,
): void {
  const { session } = connection
  if (session.phase !== 'connected') return
  if (cursor !== undefined) {
    turn.deferred.backlog = connection.congested ? (turn.deferred.backlog ?? 'stalled') : 'moving'
  }
  if (cursor !== subscription.cursor) {
    connection.session = withChanged(session, { ...subscription, cursor })
  }
}
