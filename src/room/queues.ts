// How a work queue is shared among its consumers. Who has which message stands in the sessions, so that
// it survives an eviction, and a consumer that goes leaves its messages to the others.

import type { Connection } from './connection.ts'
import { QUEUE_CHUNK } from './limits.ts'
import { listeners } from './living.ts'
import { message, sayMessage } from './messages.ts'
import type { QueuedMessage } from './queue-store.ts'
import { fits, withChanged } from './session.ts'
import type { QueueSubscription } from './subscription.ts'
import type { Turn } from './turn.ts'

interface Consumer {
  readonly connection: Connection
  readonly subscription: QueueSubscription
}

/** Gives out what waits in a queue, in order, each message to the consumer whose turn it is. */
export function share(turn: Turn, queue: string): void {
  const { queues, limits } = turn.room
  const consumers = consumersOf(turn, queue)
  if (consumers.length === 0) return
  for (const message of queues.next(queue, takenOf(consumers), QUEUE_CHUNK)) {
    if (message.deliveries >= limits.queueDeliveries) {
      drop(turn, queue, message.id)
      continue
    }
    const at = nextConsumer(consumers)
    const consumer = consumers[at]
    if (!consumer) break
    consumers[at] = give(turn, consumer, message, latest(consumers) + 1)
  }
  noteRest(turn, queue, consumers)
}

/** Every queue that has a consumer. */
export function consumedQueues(turn: Turn): Set<string> {
  const found = listeners(turn, 'queue')
  return new Set(found.map(({ subscription }) => subscription.name))
}

/** Everybody who consumes a queue. */
export function consumersOf(turn: Turn, queue: string): Consumer[] {
  const consumers: Consumer[] = []
  for (const { connection, subscription } of listeners(turn, 'queue')) {
    if (subscription.name === queue) consumers.push({ connection, subscription })
  }
  return consumers
}

/** Whose turn it is: of those with room the one with the fewest messages, then the one that waits longest. */
function nextConsumer(consumers: readonly Consumer[]): number {
  let best = -1
  for (const [index, { subscription }] of consumers.entries()) {
    const { unacked, served } = subscription
    const than = consumers[best]?.subscription
    const fewer = unacked.length - (than?.unacked.length ?? Number.POSITIVE_INFINITY)
    if (fewer > 0 || (fewer === 0 && served >= (than?.served ?? 0))) continue
    if (consumers[index] && hasRoom(consumers[index])) best = index
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

/** What was not given out for want of a chunk goes on; for want of a quick reader, a little later. */
function noteRest(turn: Turn, queue: string, consumers: readonly Consumer[]): void {
  const moving = nextConsumer(consumers) !== -1
  if (!moving && !consumers.some(({ connection }) => connection.congested)) return
  if (turn.room.queues.next(queue, takenOf(consumers), 1).length === 0) return
  turn.leftovers.behind = moving ? 'moving' : (turn.leftovers.behind ?? 'stalled')
}

const takenOf = (consumers: readonly Consumer[]) =>
  new Set(consumers.flatMap(({ subscription }) => subscription.unacked))

function hasRoom({ connection, subscription }: Consumer): boolean {
  const { session } = connection
  if (session.phase !== 'connected' || connection.congested) return false
  if (subscription.ack === 'auto') return true
  if (subscription.unacked.length >= subscription.prefetch) return false
  // H3: what a consumer has must fit its session.
  const unacked = [...subscription.unacked, Number.MAX_SAFE_INTEGER]
  return fits(withChanged(session, { ...subscription, unacked }))
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
  const auto = subscription.ack === 'auto'
  if (auto) queues.remove(subscription.name, queued.id)
  else queues.delivered(subscription.name, queued.id)
  const redelivered = queued.deliveries > 0 ? ([['redelivered', 'true']] as const) : []
  const headers = [...queued.headers, ...redelivered]
  const said = message(String(queued.id), headers, queued.body)
  sayMessage(turn, connection, session, subscription, said)
  const unacked = auto ? [] : [...subscription.unacked, queued.id]
  const next = { ...subscription, served, unacked }
  connection.session = withChanged(session, next)
  return { connection, subscription: next }
}
