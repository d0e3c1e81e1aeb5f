// MESSAGE frames: encoded once for all subscriptions whose frames are the same.

import { type Encoded, ending, headerLines, prepend } from '../../stomp/encode.ts'
import type { Version } from '../../stomp/version.ts'
import { type ConnectedSession, sharesMessages } from '../connections/session.ts'
import type { Subscription } from '../connections/subscription.ts'
import type { Event } from '../log/event.ts'
import { eventText } from '../log/event-json.ts'

/** What is the same for every subscriber of a message. */
export interface Message {
  /** Unique among all messages of its destination; letters, digits, `-` and `_`. */
  readonly id: string
  /** All that follows what depends on the subscription. */
  tail(version: Version): Encoded
}

/** The MESSAGE of one subscription, ready to be sent. */
type Encoder = (session: ConnectedSession, subscription: Subscription) => Encoded

/** The same of several that leave together: one WebSocket message, or one for each. */
export type BatchEncoder = (
  session: ConnectedSession,
  subscription: Subscription,
) => readonly Encoded[]

const JSON_TYPE = ['content-type', 'application/json'] as const

/** An event as a message. */
export interface EventMessage extends Message {
  readonly seq: number
  /**
   * Bytes of what is the same for every subscriber, and those of them beyond one for each UTF-16
   * unit.
   */
  readonly bytes: number
  readonly surplus: number
}

/** An event as a message. `prev` is the seq of the event before it on the subscription. */
export function eventMessage(event: Event, prev: number): EventMessage {
  const { seq } = event
  const { text, bytes } = eventText(event)
  // No character in these needs an escape in any version.
  const tail = `content-type:application/json\nseq:${seq}\nprev:${prev}\n${ending(text, bytes)}`
  const surplus = bytes - text.length
  return { id: String(seq), tail: () => tail, seq, bytes: tail.length + surplus, surplus }
}

/** What is told with headers of its own. */
export function message(
  id: string,
  headers: readonly (readonly [name: string, value: string])[],
  body: string | Uint8Array,
): Message {
  const tail = (version: Version) => prepend(headerLines(headers, version), ending(body))
  return { id, tail }
}

/** Something told in JSON and not kept. */
export function jsonMessage(
  id: string,
  body: Record<string, unknown>,
  headers: readonly (readonly [name: string, value: string])[] = [],
): Message {
  return message(id, [JSON_TYPE, ...headers], JSON.stringify(body))
}

/**
 * A MESSAGE (STOMP 1.2, MESSAGE): what the server owns comes first, and so wins over the sender's.
 */
export function encodeMessage(
  { id, tail }: Message,
  session: ConnectedSession,
  subscription: Subscription,
): Encoded {
  const { before, after } = framePartsOf(session, subscription)
  const ack = isAcknowledged(subscription) ? `ack:${subscription.number}-${id}\n` : ''
  return prepend(before + id + after + ack, tail(session.version))
}

/** Encodes a message once for each kind of subscriber. Mostly there is one kind. */
export function encoder(message: Message): Encoder {
  return oncePerKind((session, subscription) => encodeMessage(message, session, subscription))
}

/** The same for events that leave together, one after the other. */
export function batchEncoder(messages: readonly EventMessage[]): BatchEncoder {
  return oncePerKind((session, subscription) => {
    const frames = messages.map((message) => encodeMessage(message, session, subscription))
    return sharesMessages(session) && frames.length > 1 ? [frames.join('')] : frames
  })
}

type Encoding<Result> = (session: ConnectedSession, subscription: Subscription) => Result

function oncePerKind<Result>(encode: Encoding<Result>): Encoding<Result> {
  const encoded = new Map<string, Result>()
  return (session, subscription) => {
    const { encodingKey: key } = framePartsOf(session, subscription)
    let frame = encoded.get(key)
    if (frame === undefined) {
      frame = encode(session, subscription)
      encoded.set(key, frame)
    }
    return frame
  }
}

/** What the frames of a subscription have in common. */
interface FrameParts {
  /** The same for all subscriptions whose frames are the same. */
  readonly encodingKey: string
  /** What stands around the id of a message. */
  readonly before: string
  readonly after: string
}

/** A session keeps its version and its kind of messages, so these never change. */
const known = new WeakMap<Subscription, FrameParts>()

function framePartsOf(session: ConnectedSession, subscription: Subscription): FrameParts {
  let parts = known.get(subscription)
  if (!parts) {
    const { version } = session
    const { id, number, destination } = subscription
    const named = id === undefined ? '' : headerLines([['subscription', id]], version)
    const before = `MESSAGE\n${named}message-id:${number}-`
    const after = `\n${headerLines([['destination', destination]], version)}`
    const kind = `${version} ${sharesMessages(session)} ${isAcknowledged(subscription)}`
    const encodingKey = `${kind} ${before}${after}`
    parts = { encodingKey, before, after }
    known.set(subscription, parts)
  }
  return parts
}

/** Whether the client is to acknowledge what it is given. */
function isAcknowledged(subscription: Subscription): boolean {
  return 'ack' in subscription && subscription.ack !== 'auto'
}
