// An event as JSON, as it stands in a MESSAGE and in a page.

import { utf8Length } from '../../stomp/encode.ts'
import type { EditEntry, Event, MessageEntry } from './event.ts'
import { timestamp } from './timestamp.ts'

/** A text, and its bytes in UTF-8. */
interface SizedText {
  readonly text: string
  readonly bytes: number
}

/** The JSON of an event. */
export function eventJson(event: Event): Record<string, unknown> {
  const told = event.type === 'edit' ? withoutChain(event) : event
  return { ...told, at: timestamp(event.at) }
}

/**
 * The JSON of an event as text. Most events are messages that nothing has changed: these are built
 * by hand.
 */
export function eventText(event: Event): SizedText {
  if (event.type !== 'message' || hasState(event)) return counted(JSON.stringify(eventJson(event)))
  const { seq, n, at, sender, content, idempotencyKey } = event
  const by = senderText(sender)
  const said = JSON.stringify(content)
  const key =
    idempotencyKey === undefined ? '' : `,"idempotencyKey":${JSON.stringify(idempotencyKey)}`
  const place = n === undefined ? `${seq}` : `${seq},"n":${n}`
  const head = `{"seq":${place},"type":"message","at":"${timestamp(at)}"`
  const text = `${head},"sender":${by.text},"content":${said}${key}}`
  // Only these parts can hold more than ASCII. Looking at each letter costs as much as the rest.
  return {
    text,
    bytes: text.length + surplus(by) + surplus(counted(said)) + surplus(counted(key)),
  }
}

function hasState(message: MessageEntry): boolean {
  const { replyTo, edited, reacted, deleted, mentions, mentionsRoom } = message
  const changes = edited ?? reacted ?? deleted
  return (replyTo ?? changes ?? mentions ?? mentionsRoom) !== undefined
}

function withoutChain({ earlier: _earlier, ...told }: EditEntry): Omit<EditEntry, 'earlier'> {
  return told
}

const counted = (text: string): SizedText => ({ text, bytes: utf8Length(text) })

/** Bytes of a text beyond one for each UTF-16 unit. */
const surplus = ({ text, bytes }: SizedText) => bytes - text.length

/** How many senders are remembered: most messages are from a few people. */
const MOST_SENDERS = 1000

/** The JSON of senders by id. A sender with a new name or mark is encoded again. */
const senders = new Map<string, SizedText & { readonly sender: Event['sender'] }>()

function senderText(sender: Event['sender']): SizedText {
  const known = senders.get(sender.id)
  if (known && isSame(known.sender, sender)) return known
  if (senders.size === MOST_SENDERS) senders.clear()
  const text = counted(JSON.stringify(sender))
  senders.set(sender.id, { ...text, sender })
  return text
}

const isSame = (one: Event['sender'], other: Event['sender']) =>
  one.name === other.name && one.guest === other.guest && one.lookalike === other.lookalike
