// MESSAGE frames: built once for each distinct way of being subscribed, said to many.

import { type Encoded, encode } from '../stomp/encode.ts'
import type { Connection } from './connection.ts'
import type { Event } from './log.ts'
import { eventJson } from './log.ts'
import type { ConnectedSession } from './session.ts'
import type { Subscription } from './subscription.ts'
import type { Turn } from './turn.ts'

/** What is the same for every subscriber of a message. */
export interface Message {
  /** Unique among all messages of its destination. */
  readonly id: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | Uint8Array
}

/** The MESSAGE of one subscription, ready to be sent. */
export type Encoder = (session: ConnectedSession, subscription: Subscription) => Encoded

const JSON_TYPE = ['content-type', 'application/json'] as const

/** An event as a message. `prev` is the seq of the event before it on the subscription. */
export function eventMessage(event: Event, prev: number): Message & { readonly body: string } {
  return {
    id: String(event.seq),
    headers: [JSON_TYPE, ['seq', String(event.seq)], ['prev', String(prev)]],
    body: JSON.stringify(eventJson(event)),
  }
}

/** Something told in JSON and not kept. */
export function jsonMessage(
  id: string,
  body: Record<string, unknown>,
  headers: Message['headers'] = [],
): Message {
  return { id, headers: [JSON_TYPE, ...headers], body: JSON.stringify(body) }
}

/** A MESSAGE (STOMP 1.2, MESSAGE): what the server owns comes first, and so wins over the sender's. */
export function encodeMessage(
  message: Message,
  session: ConnectedSession,
  subscription: Subscription,
): Encoded {
  const { id, destination } = subscription
  const messageId = `${subscription.number}-${message.id}`
  const headers: (readonly [string, string])[] = [
    ['message-id', messageId],
    ['destination', destination],
  ]
  if (id !== undefined) headers.unshift(['subscription', id])
  if (isAcknowledged(subscription)) headers.push(['ack', messageId])
  headers.push(...message.headers)
  return encode({ command: 'MESSAGE', headers, body: message.body }, session.version)
}

/** Says a message to one subscription; gives what was said. */
export function sayMessage(
  { outbox }: Turn,
  connection: Connection,
  session: ConnectedSession,
  subscription: Subscription,
  message: Message,
): Encoded {
  const frame = encodeMessage(message, session, subscription)
  outbox.add(connection, frame, standsAlone(session, subscription))
  return frame
}

/**
 * Whether each MESSAGE has a WebSocket message of its own: what a client of before STOMP 1.2 is to acknowledge.
 * stompjs 2 acknowledges the last of those that come together, whichever its user means.
 */
export function standsAlone(session: ConnectedSession, subscription: Subscription): boolean {
  return session.version !== '1.2' && isAcknowledged(subscription)
}

/** Encodes a message as often as its subscribers differ, which is seldom more than once. */
export function encoder(message: Message): Encoder {
  return once((session, subscription) => encodeMessage(message, session, subscription))
}

/** The same for messages that leave together, one after the other. */
export function batchEncoder(messages: readonly Message[]): Encoder {
  return once((session, subscription) =>
    messages.map((message) => encodeMessage(message, session, subscription)).join(''),
  )
}

function once(encode: Encoder): Encoder {
  const encoded = new Map<string, Encoded>()
  return (session, subscription) => {
    const way = wayOf(session, subscription)
    let frame = encoded.get(way)
    if (frame === undefined) {
      frame = encode(session, subscription)
      encoded.set(way, frame)
    }
    return frame
  }
}

/** A session has one version for its life, so a subscription has one way. */
const ways = new WeakMap<Subscription, string>()

/** What the frames of a subscription depend on. */
function wayOf(session: ConnectedSession, subscription: Subscription): string {
  let way = ways.get(subscription)
  if (way === undefined) {
    const { id, number, destination } = subscription
    const ack = isAcknowledged(subscription) ? 'ack' : ''
    way = `${session.version} ${ack} ${number} ${destination} ${id ?? ''}`
    ways.set(subscription, way)
  }
  return way
}

/** Whether the client is to acknowledge what it is given. */
function isAcknowledged(subscription: Subscription): boolean {
  return 'ack' in subscription && subscription.ack !== 'auto'
}
