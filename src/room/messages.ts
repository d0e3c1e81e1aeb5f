// MESSAGE frames: built once for each distinct way of being subscribed, said to many.

import { encode } from '../stomp/encode.ts'
import type { Event } from './log.ts'
import { eventJson } from './log.ts'
import type { ConnectedSession, Subscription } from './session.ts'

/** What is the same for every subscriber of a message. */
export interface Message {
  /** Unique among all messages of the room. */
  readonly id: string
  readonly headers: readonly (readonly [string, string])[]
  /** JSON. */
  readonly body: string
}

/** The MESSAGE of one subscription, as text. */
export type Encoder = (session: ConnectedSession, subscription: Subscription) => string

/** An event as a message. `prev` is the seq of the event before it on the subscription. */
export function eventMessage(event: Event, prev: number): Message {
  return {
    id: String(event.seq),
    headers: [
      ['seq', String(event.seq)],
      ['prev', String(prev)],
    ],
    body: JSON.stringify(eventJson(event)),
  }
}

export function encodeMessage(
  message: Message,
  session: ConnectedSession,
  { id, number, destination }: Subscription,
): string {
  const headers: (readonly [string, string])[] = [
    ['message-id', `${number}-${message.id}`],
    ['destination', destination],
    ['content-type', 'application/json'],
    ...message.headers,
  ]
  if (id !== undefined) headers.unshift(['subscription', id])
  return encode({ command: 'MESSAGE', headers, body: message.body }, session.version)
}

/** Encodes a message as often as its subscribers differ, which is seldom more than once. */
export function encoder(message: Message): Encoder {
  const encoded = new Map<string, string>()
  return (session, subscription) => {
    const { id, number, destination } = subscription
    const way = `${session.version} ${number} ${destination} ${id ?? ''}`
    let text = encoded.get(way)
    if (text === undefined) {
      text = encodeMessage(message, session, subscription)
      encoded.set(way, text)
    }
    return text
  }
}
