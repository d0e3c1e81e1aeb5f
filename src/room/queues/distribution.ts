// How a work queue is shared among its consumers. The sessions hold who has which message, so an
// eviction changes nothing, and what a consumer had when it goes is given to the others.

import { subscribers } from '../connections/liveness.ts'
import { fitsAttachment, withChanged } from '../connections/session.ts'
import type { QueueSubscription } from '../connections/subscription.ts'
import { encodeMessage, message } from '../delivery/message-encoding.ts'
import { QUEUE_CHUNK, QUEUE_TURN_BYTES } from '../limits/limits.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import type { QueuedMessage } from './queued-message.ts'

interface Consumer {
  readonly connection: Connection
  readonly subscription: QueueSubscription
}

/** Gives out what waits in a queue, in order, each message to the consumer whose turn it is. */
export function distribute(turn: Turn, queue: string): void {
  const { queues, limits } = turn.room
  const consumers = consumersOf(turn, queue)
  // R4: reads only what consumers can take now, and no more than the turn may send.
  const wanted = Math.min(QUEUE_CHUNK, spaceOf(turn, consumers))
  const waiting = wanted === 0 ? [] : queues.next(queue, takenOf(consumers), wanted)
  let more = waiting.length === wanted
  for (const message of waiting) {
    if (message.deliveries >= limits.queueDeliveries) {
      drop(turn, queue, message.id)
      continue
    }
    const at = nextConsumer(turn, consumers)
    const consumer = consumers[at]
    if (!consumer) {
      more = true
      break
    }
    consumers[at] = give(turn, consumer, message, latest(consumers) + 1)
  }
  if (more) noteRest(turn, queue, consumers)
}

/** Every queue that has a consumer. */
export function consumedQueues(turn: Turn): Set<string> {
  const found = subscribers(turn, 'queue')
  return new Set(found.map(({ subscription }) => subscription.name))
}

/** Everybody who consumes a queue. */
export function consumersOf(turn: Turn, queue: string): Consumer[] {
  const consumers: Consumer[] = []
  for (const { connection, subscription } of subscribers(turn, 'queue')) {
    if (subscription.name === queue) consumers.push({ connection, subscription })
  }
  return consumers
}

/**
 * Whose turn it is: of those with space left the one with the fewest messages, then the one that
 * waits longest.
 */
function nextConsumer(turn: Turn, consumers: readonly Consumer[]): number {
  let best = -1
  for (const [index, { subscription }] of consumers.entries()) {
    const { unacked, served } = subscription
    const than = consumers[best]?.subscription
    const fewer = unacked.length - (than?.unacked.length ?? Number.POSITIVE_INFINITY)
    if (fewer > 0 || (fewer === 0 && served >= (than?.served ?? 0))) continue
    if (consumers[index] && hasSpace(turn, consumers[index])) best = index
  }
  return best
}

const latest = (consumers: readonly Consumer[]) =>
  Math.max(...consumers.map(({ subscription }) => subscription.served))

function drop(turn: Turn, queue: string, id: number): void {
  turn.room.queues.remove(queue, id)
  const total = turn.room.queues.dropped(queue)
  console.log(JSON.stringify({ event: 'queue-dropped', room: turn.room.id, queue, total }))
}

/**
 * What is left is given out in another turn: at once, or a little later where all consumers are
 * slow.
 */
function noteRest(turn: Turn, queue: string, consumers: readonly Consumer[]): void {
  const moving = consumers.some(mayTake)
  if (!moving && !consumers.some(({ connection }) => connection.congested)) return
  if (turn.room.queues.next(queue, takenOf(consumers), 1).length === 0) return
  turn.deferred.backlog = moving ? 'moving' : (turn.deferred.backlog ?? 'stalled')
}

const takenOf = (consumers: readonly Consumer[]) =>
  new Set(consumers.flatMap(({ subscription }) => subscription.unacked))

/** How many messages consumers can be given now, at most. */
function spaceOf(turn: Turn, consumers: readonly Consumer[]): number {
  let space = 0
  for (const consumer of consumers) {
    if (!hasSpace(turn, consumer)) continue
    const { ack, prefetch, unacked } = consumer.subscription
    space += ack === 'auto' ? QUEUE_CHUNK : prefetch - unacked.length
  }
  return space
}

/** Whether a consumer may be given one more in this turn. */
const hasSpace = (turn: Turn, consumer: Consumer) =>
  turn.queued.bytes < QUEUE_TURN_BYTES &&
  !turn.outbox.isFull(consumer.connection) &&
  mayTake(consumer)

/** The same, but for what this turn has sent already. */
function mayTake({ connection, subscription }: Consumer): boolean {
  const { session } = connection
  if (session.phase !== 'connected' || connection.congested) return false
  if (subscription.ack === 'auto') return true
  if (subscription.unacked.length >= subscription.prefetch) return false
  // H3: what a consumer has must fit its session.
  const unacked = [...subscription.unacked, Number.MAX_SAFE_INTEGER]
  return fitsAttachment(withChanged(session, { ...subscription, unacked }))
}

function give(
  turn: Turn,
  { connection, subscription }: Consumer,
  queued: QueuedMessage,
  served: number,
): Consumer {
  const { session } = connection
  if (session.phase !== 'connected') return { connection, subscription }
  const { queues } = turn.room
  const load = queues.payload(subscription.name, queued.id)
  if (!load) return { connection, subscription }
  turn.queued.bytes += queued.bytes
  const auto = subscription.ack === 'auto'
  if (auto) queues.remove(subscription.name, queued.id)
  else queues.delivered(subscription.name, queued.id)
  const redelivered = queued.deliveries > 0 ? ([['redelivered', 'true']] as const) : []
  const headers = [...load.headers, ...redelivered]
  const said = message(String(queued.id), headers, load.body)
  turn.outbox.add(connection, encodeMessage(said, session, subscription))
  const unacked = auto ? [] : [...subscription.unacked, queued.id]
  const next = { ...subscription, served, unacked }
  connection.session = withChanged(session, next)
  return { connection, subscription: next }
}
