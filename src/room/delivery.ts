// The log to its subscribers. A subscription is a cursor: at the head it is given what is appended;
// behind, it is given the log in chunks until it is at the head. The two never overlap (L2, L6).

import { Refusal } from '../refusals.ts'
import type { Connection } from './connection.ts'
import { end } from './endings.ts'
import { REPLAY_EVENTS, REPLAY_SIZE } from './limits.ts'
import { listeners, living } from './living.ts'
import type { Event } from './log.ts'
import { batchEncoder, eventMessage, sayMessage, standsAlone } from './messages.ts'
import { withChanged } from './session.ts'
import type { LogSubscription } from './subscription.ts'
import type { Turn } from './turn.ts'

/** Notes an event just appended: it is delivered with those of the same moment, before what is told next. */
export function deliver({ fresh }: Turn, event: Event): void {
  fresh.events.push(event)
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
  const prev = first.seq - 1
  const messages = events.map((event) => eventMessage(event, event.seq - 1))
  const encoded = batchEncoder(messages)
  for (const { connection, session, subscription } of listeners(turn, 'log')) {
    if (subscription.cursor !== undefined) {
      // Its turn is due: whatever kept it from coming, it comes now.
      if (!connection.congested) turn.leftovers.behind = 'moving'
      else turn.leftovers.behind ??= 'stalled'
      continue
    }
    // R2: a slow reader is not buffered; it falls behind in the log.
    if (connection.congested) move(turn, connection, subscription, prev)
    else if (standsAlone(session, subscription)) {
      for (const message of messages) sayMessage(turn, connection, session, subscription, message)
    } else turn.outbox.add(connection, encoded(session, subscription))
  }
  for (const answer of turn.fresh.answers.splice(0)) answer()
}

/** Gives each subscription that is behind its next chunk, and finds the readers that take nothing any more. */
export function catchUp(turn: Turn): void {
  noteStalls(turn)
  for (const { connection, subscription } of listeners(turn, 'log')) {
    if (turn.leftovers.lost.has(connection)) continue
    try {
      replayChunk(turn, connection, subscription)
    } catch (error) {
      // Because one whose chunk cannot be read must not stay behind for ever, nor keep the others there.
      console.error(error)
      end(turn, connection, new Refusal('unavailable'))
    }
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
  const { log } = turn.room
  for (const event of connection.congested ? [] : log.after(cursor, REPLAY_EVENTS)) {
    const message = eventMessage(event, cursor)
    size += sayMessage(turn, connection, session, subscription, message).length
    cursor = event.seq
    if (size > REPLAY_SIZE) break
  }
  const atHead = cursor === log.head()
  move(turn, connection, subscription, atHead ? undefined : cursor)
}

/**
 * R2: a reader for whom too much has waited for too long is told to come back, and loses nothing. What is remembered
 * is memory: while a reader is stalled the room looks again and again, and is not evicted.
 */
function noteStalls(turn: Turn): void {
  const { stalls, limits } = turn.room
  for (const { connection } of living(turn)) {
    if (!connection.congested) stalls.delete(connection)
    else if (!stalls.has(connection)) stalls.set(connection, turn.now)
    const since = stalls.get(connection) ?? turn.now
    if (turn.now - since >= limits.stall) turn.leftovers.lost.set(connection, 'too-slow')
    else if (connection.congested) turn.leftovers.behind ??= 'stalled'
  }
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
