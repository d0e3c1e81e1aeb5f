// An event as JSON, as it stands in a MESSAGE and in a page.

import { octets } from '../../stomp/encode.ts'
import type { EditEntry, Event, MessageEntry } from './event.ts'
import { timestamp } from './timestamp.ts'

/** A text, and how many octets it takes in UTF-8. */
export interface Counted {
  readonly text: string
  readonly octets: number
}

/** The JSON of an event. */
export function eventJson(event: Event): Record<string, unknown> {
  const told = event.type === 'edit' ? withoutChain(event) : event
  return { ...told, at: timestamp(event.at) }
}

/** The same as text. Most events are messages to which nothing has happened: those are put together by hand. */
export function eventText(event: Event): Counted {
  if (event.type !== 'message' || hasState(event)) return counted(JSON.stringify(eventJson(event)))
  const { seq, at, sender, content, idempotencyKey } = event
  const by = senderText(sender)
  const said = JSON.stringify(content)
  const key =
    idempotencyKey === undefined ? '' : `,"idempotencyKey":${JSON.stringify(idempotencyKey)}`
  const text = `{"seq":${seq},"type":"message","at":"${timestamp(at)}","sender":${by.text},"content":${said}${key}}`
  // Only these parts can hold more than ASCII. Looking at each letter costs as much as the rest.
  return {
    text,
    octets: text.length + surplus(by) + surplus(counted(said)) + surplus(counted(key)),
  }
}

function hasState({ replyTo, edited, reacted, deleted }: MessageEntry): boolean {
  return (
    replyTo !== undefined || edited !== undefined || reacted !== undefined || deleted !== undefined
  )
}

function withoutChain({ earlier: _earlier, ...told }: EditEntry): Omit<EditEntry, 'earlier'> {
  return told
}

const counted = (text: string): Counted => ({ text, octets: octets(text) })

/** What a text takes beyond an octet for each unit. */
const surplus = ({ text, octets }: Counted) => octets - text.length

/** How many senders are remembered: what many say is said by few. */
const MOST_SENDERS = 1000

/** By id; whoever has another name or mark by now is put together again. */
const senders = new Map<string, Counted & { readonly sender: Event['sender'] }>()

function senderText(sender: Event['sender']): Counted {
  const known = senders.get(sender.id)
  if (known && isSame(known.sender, sender)) return known
  if (senders.size === MOST_SENDERS) senders.clear()
  const text = counted(JSON.stringify(sender))
  senders.set(sender.id, { ...text, sender })
  return text
}

const isSame = (one: Event['sender'], other: Event['sender']) =>
  one.name === other.name && one.guest === other.guest && one.lookalike === other.lookalike
