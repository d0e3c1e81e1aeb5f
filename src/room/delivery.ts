// The log to its subscribers. A subscription is a cursor: at the head it is given what is appended;
// behind, it is given the log in chunks until it is at the head. The two never overlap (L2, L6).

import type { Connection } from './connection.ts'
import { REPLAY_CHUNK, REPLAY_SIZE } from './limits.ts'
import { listeners } from './living.ts'
import type { Event } from './log.ts'
import { encodeMessage, encoder, eventMessage } from './messages.ts'
import { withChanged } from './session.ts'
import type { LogSubscription } from './subscription.ts'
import type { Turn } from './turn.ts'

/** Gives an event just appended to every subscription at the head. */
export function deliver(turn: Turn, event: Event): void {
  const prev = event.seq - 1
  const encoded = encoder(eventMessage(event, prev))
  for (const { connection, session, subscription } of listeners(turn, 'log')) {
    if (subscription.cursor !== undefined) continue
    // R2: a slow reader is not buffered; it falls behind in the log.
    if (connection.congested) move(turn, connection, subscription, prev)
    else turn.outbox.add(connection, encoded(session, subscription))
  }
}

/** Gives each subscription that is behind its next chunk. */
export function catchUp(turn: Turn): void {
  for (const { connection, subscription } of listeners(turn, 'log')) {
    replayChunk(turn, connection, subscription)
  }
}

/** Gives one subscription its next chunk, if it is behind and its reader keeps up. */
export function replayChunk(
  turn: Turn,
  connection: Connection,
  subscription: LogSubscription,
): void {
  const { session } = connection
  if (subscription.cursor === undefined || session.phase !== 'connected') return
  let cursor = subscription.cursor
  let size = 0
  for (const event of connection.congested ? [] : turn.room.log.after(cursor, REPLAY_CHUNK)) {
    const frame = encodeMessage(eventMessage(event, cursor), session, subscription)
    turn.outbox.add(connection, frame)
    cursor = event.seq
    size += frame.length
    if (size > REPLAY_SIZE) break
  }
  const atHead = cursor === turn.room.log.head()
  move(turn, connection, subscription, atHead ? undefined : cursor)
}

/** The last seq that a subscription was given. */
export function deliveredSeq(turn: Turn, { cursor }: LogSubscription): number {
  return cursor ?? turn.room.log.head()
}

function move(
  turn: Turn,
  connection: Connection,
  subscription: LogSubscription,
  cursor: number | undefined,
): void {
  const { session } = connection
  if (session.phase !== 'connected') return
  if (cursor !== undefined) {
    turn.leftovers.behind = connection.congested ? (turn.leftovers.behind ?? 'stalled') : 'moving'
  }
  if (cursor !== subscription.cursor) {
    connection.session = withChanged(session, { ...subscription, cursor })
  }
}
