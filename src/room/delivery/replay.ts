// Replays: a subscription that is behind gets the log in chunks, within what a turn may say (R4).

import { Refusal } from '../../refusals.ts'
import { endConnection } from '../connections/endings.ts'
import { liveSession, noteStall } from '../connections/liveness.ts'
import { type ConnectedSession, isExpired, sharesMessages } from '../connections/session.ts'
import type { LogSubscription } from '../connections/subscription.ts'
import {
  CONNECTION_TURN_BYTES,
  QUEUED_MESSAGE_BYTES,
  REPLAY_BYTES,
  REPLAY_EVENTS,
  REPLAY_TURN_BYTES,
  waitingShare,
} from '../limits/limits.ts'
import { readableAfter } from '../membership/roles.ts'
import type { Connection } from '../ports.ts'
import type { LogChunk, Turn } from '../turn.ts'
import { moveCursor } from './deliver.ts'
import { batchEncoder, type EventMessage, eventMessage } from './message-encoding.ts'
import { type PlacedEvent, readersEncoder } from './readers.ts'

interface Reader {
  readonly connection: Connection
  readonly place: number
  /** The one furthest behind. */
  readonly subscription: LogSubscription
}

/**
 * Gives readers that are behind their next chunk, in rotation, and finds those that take nothing
 * any more.
 */
export function catchUp(turn: Turn): void {
  const { rotation } = turn.room
  const readers = readersBehind(turn)
  const first = readers.findIndex(({ place }) => place >= rotation.next)
  for (const { connection, subscription, place } of rotated(readers, Math.max(0, first))) {
    if (turn.deferred.lost.has(connection)) continue
    if (turn.replays.bytes >= REPLAY_TURN_BYTES) {
      rotation.next = place
      turn.deferred.backlog = 'moving'
      return
    }
    try {
      replayChunk(turn, connection, subscription, CONNECTION_TURN_BYTES)
    } catch (error) {
      // A chunk that cannot be read must not stop its reader for ever, nor the others.
      console.error(error)
      endConnection(turn, connection, new Refusal('unavailable'))
    }
  }
}

/**
 * Gives one subscription its next chunk, where it is behind, its reader keeps up and the turn may
 * still send. Otherwise it stays a cursor, and a turn is due.
 *
 * @param most bytes of all replays to this connection in this turn.
 */
export function replayChunk(
  turn: Turn,
  connection: Connection,
  subscription: LogSubscription,
  most = REPLAY_BYTES,
): void {
  const { session } = connection
  if (subscription.cursor === undefined || session.phase !== 'connected') return
  const { log, people } = turn.room
  const limit = Math.min(most, waitingShare(people.size))
  const hasSpace =
    !connection.congested &&
    turn.replays.bytes < REPLAY_TURN_BYTES &&
    turn.outbox.bytesFor(connection) < limit
  const cursor = hasSpace
    ? sendChunk(turn, connection, session, subscription, subscription.cursor, limit)
    : subscription.cursor
  moveCursor(turn, connection, subscription, cursor === log.head() ? undefined : cursor)
}

/** Sends the next chunk. Returns its last seq. */
function sendChunk(
  turn: Turn,
  connection: Connection,
  session: ConnectedSession,
  subscription: LogSubscription,
  cursor: number,
  limit: number,
): number {
  const each = sharesMessages(session) ? 0 : QUEUED_MESSAGE_BYTES
  const floor = readableAfter(turn.room, session.principal)
  const { upTo, surplus, encoderOf } = chunkAfter(turn, cursor, floor, limit, each)
  if (upTo === cursor) return cursor
  const frames = encoderOf(floor)(session, subscription)
  turn.outbox.addAll(connection, frames)
  turn.replays.bytes += surplus
  for (const frame of frames) turn.replays.bytes += frame.length + each
  return upTo
}

/**
 * The events after a seq, up to so many bytes and one event at least.
 *
 * @param floor P1: what is not beyond this seq is passed over.
 * @param each bytes that an event takes beside its frame.
 */
function chunkAfter(
  { room, replays }: Turn,
  cursor: number,
  floor: number,
  limit: number,
  each: number,
): LogChunk {
  // A change to a message appends an event: with another head it is read again.
  const key = `${room.log.head()} ${cursor} ${Math.max(cursor, floor)} ${limit} ${each}`
  const known = replays.chunks.get(key)
  if (known) return known
  const events: PlacedEvent[] = []
  const messages: EventMessage[] = []
  let [upTo, bytes, surplus] = [cursor, 0, 0]
  for (const event of room.log.after(Math.max(cursor, floor), eventsWithin(limit, each))) {
    const message = eventMessage(event, upTo)
    messages.push(message)
    events.push([event, upTo])
    upTo = event.seq
    bytes += message.bytes + each
    surplus += message.surplus
    if (bytes > limit) break
  }
  // There is no event beyond the floor, so the reader is at the head.
  if (messages.length === 0) upTo = Math.max(upTo, floor)
  const chunk = { encoderOf: readersEncoder(events, batchEncoder(messages)), upTo, surplus }
  replays.chunks.set(key, chunk)
  return chunk
}

/**
 * The size of an event, as it is guessed before the read. Few events are smaller, so few are read
 * in vain.
 */
const EVENT_BYTES = 256
const eventsWithin = (bytes: number, each: number) =>
  Math.min(REPLAY_EVENTS, Math.ceil(bytes / (EVENT_BYTES + each)))

/**
 * The connections with something behind, each with the subscription furthest behind; stalls are
 * noted on the way.
 */
function readersBehind(turn: Turn): Reader[] {
  const readers: Reader[] = []
  const { lost } = turn.deferred
  for (const [place, connection] of turn.room.connections().entries()) {
    const session = liveSession(turn, connection)
    if (!session) continue
    noteStall(turn, connection)
    const [subscription, ...others] = behind(session)
    if (!subscription || lost.has(connection)) continue
    if (isExpired(session, turn.now)) {
      lost.set(connection, 'token-expired')
      continue
    }
    readers.push({ connection, place, subscription })
    // The others of this connection come in a later turn.
    if (others.length > 0 && !connection.congested) turn.deferred.backlog = 'moving'
  }
  return readers
}

/** The one furthest behind comes first. */
function behind({ subscriptions }: ConnectedSession): LogSubscription[] {
  const found = subscriptions.filter(
    (each): each is LogSubscription => each.to === 'log' && each.cursor !== undefined,
  )
  return found.sort((one, two) => (one.cursor ?? 0) - (two.cursor ?? 0))
}

function rotated<Item>(items: readonly Item[], start: number): Item[] {
  return [...items.slice(start), ...items.slice(0, start)]
}
