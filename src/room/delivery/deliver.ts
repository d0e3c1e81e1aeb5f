// The log to its subscribers. A subscription is a cursor: at the head it is given what is appended;
// behind, it is given the log in chunks (replay.ts) until it is at the head. The two never overlap
// (L2, L6).

import type { Outcome } from '../commands/handler.ts'
import { subscribers } from '../connections/liveness.ts'
import { withChanged } from '../connections/session.ts'
import type { LogSubscription } from '../connections/subscription.ts'
import type { Event } from '../log/event.ts'
import { shownSeq } from '../log/readable.ts'
import { readableAfter } from '../membership/roles.ts'
import type { Connection } from '../ports.ts'
import type { Call, Receipt, Turn } from '../turn.ts'
import { noteEvent } from '../unread/news.ts'
import { batchEncoder, eventMessage } from './message-encoding.ts'
import { readersEncoder } from './readers.ts'
import { sendFrame } from './replies.ts'
import { tell } from './signals.ts'

/**
 * Gives the pending events to every subscription at the head of the log. They are encoded once for
 * all.
 */
export function deliver(turn: Turn): void {
  const { outbox, deferred, pendingDelivery } = turn
  const events = pendingDelivery.events.splice(0)
  const [first] = events
  if (!first) return
  pendingDelivery.size = 0
  const prev = first.seq - 1
  const encoded = batchEncoder(events.map((event) => eventMessage(event, event.seq - 1)))
  // P1: most events show only their own text.
  const encoderOf = events.some((event) => shownSeq(event) !== undefined)
    ? readersEncoder(
        events.map((event) => [event, event.seq - 1] as const),
        encoded,
      )
    : undefined
  for (const { connection, session, subscription } of subscribers(turn, 'log')) {
    if (subscription.cursor !== undefined) {
      // A subscription that is behind gets these events from the log, in a turn of its own.
      if (!connection.congested) deferred.backlog = 'moving'
      else deferred.backlog ??= 'stalled'
      continue
    }
    // R2, R4: a slow reader, or one who was sent enough in this turn, gets no event now. It falls
    // behind in the log.
    if (connection.congested || outbox.isFull(connection)) {
      moveCursor(turn, connection, subscription, prev)
    } else {
      const encode = encoderOf?.(readableAfter(turn.room, session.principal)) ?? encoded
      outbox.addAll(connection, encode(session, subscription))
    }
  }
}

/** L4: the RECEIPTs of what was appended follow its delivery. */
export function tellReceipts(turn: Turn): void {
  for (const receipt of turn.pendingDelivery.receipts.splice(0)) {
    const headers = [['receipt-id', receipt.id] as const, ...receipt.headers]
    sendFrame(turn, receipt.connection, { command: 'RECEIPT', headers })
  }
}

/**
 * Tells what came of a command: an event waits for the delivery of its batch, a signal is told at
 * once.
 */
export function tellOutcome(turn: Turn, { event, signal, queue }: Outcome): void {
  const { pendingDelivery, deferred } = turn
  if (event) {
    pendingDelivery.events.push(event)
    pendingDelivery.size += textLength(event)
    noteEvent(turn.room, event)
  }
  if (queue !== undefined) deferred.queues.add(queue)
  if (!signal) return
  // The sender's earlier messages must be delivered before this signal.
  flushPending(turn)
  tell(turn, signal)
}

/** Tells the RECEIPT of a command, once its event is delivered (L4). */
export function promiseReceipt(turn: Turn, { connection, frame }: Call, outcome: Outcome): void {
  const id = frame.headers.get('receipt')
  if (id === undefined) return
  const { receipts, events } = turn.pendingDelivery
  receipts.push({ connection, id, headers: receiptHeaders(outcome) })
  if (events.length === 0) tellReceipts(turn)
}

/** What a RECEIPT says of what came of a command. */
export function receiptHeaders({ seq, expiresAt }: Outcome): Receipt['headers'] {
  if (seq !== undefined) return [['seq', String(seq)]]
  if (expiresAt !== undefined) return [['expires-at', new Date(expiresAt).toISOString()]]
  return []
}

const textLength = (event: Event) =>
  event.type === 'message' || event.type === 'edit' ? event.content.length : 0

/** Delivers what was appended, and tells its receipts, before something else is told. */
export function flushPending(turn: Turn): void {
  deliver(turn)
  tellReceipts(turn)
}

/** The last seq that a subscription was given. */
export function deliveredSeq(turn: Turn, { cursor }: LogSubscription): number {
  return cursor ?? turn.room.log.head()
}

/** Sets where a subscription is; undefined: at the head. A turn is due for one that is behind. */
export function moveCursor(
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
