// Frames into text or octets, for a receiver of a given version.

import { escapeHeader } from './escape.ts'
import type { Command } from './frame.ts'
import type { Version } from './version.ts'

const utf8 = new TextEncoder()

/** A frame to be sent. `content-length` is the encoder's: it is never among `headers`. */
export interface OutgoingFrame {
  readonly command: Command
  readonly headers: Iterable<readonly [name: string, value: string]>
  /** A text, or octets that are no UTF-8. */
  readonly body?: string | Uint8Array
}

/** A frame as it leaves: octets where its body is. */
export type Encoded = string | Uint8Array

/**
 * A whole frame, its NUL included. CONNECT and CONNECTED are never escaped, so that every version
 * can read them (STOMP 1.2, Value Encoding); what would break a line in them becomes a space.
 */
export function encode(frame: OutgoingFrame & { readonly body?: string }, version: Version): string
export function encode(frame: OutgoingFrame, version: Version): Encoded
export function encode(frame: OutgoingFrame, version: Version): Encoded {
  const escapes = frame.command === 'CONNECTED' || frame.command === 'CONNECT' ? '1.0' : version
  let text = `${frame.command}\n`
  for (const [name, value] of frame.headers) {
    text += `${escapeHeader(name, escapes, 'name')}:${escapeHeader(value, escapes, 'value')}\n`
  }
  const { body } = frame
  if (body === undefined) return `${text}\n\0`
  if (typeof body === 'string') return `${text}content-length:${octets(body)}\n\n${body}\0`
  const head = utf8.encode(`${text}content-length:${body.length}\n\n`)
  // The last octet stays 0: the NUL.
  const whole = new Uint8Array(head.length + body.length + 1)
  whole.set(head)
  whole.set(body, head.length)
  return whole
}

/** STOMP C6: how many octets a text takes in UTF-8; a lone surrogate counts as U+FFFD, which takes its place. */
export function octets(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    if (unit < 0x800) count += 1
    else if (isHigh(unit) && isLow(text.charCodeAt(index + 1))) {
      count += 2
      index++
    } else count += 2
  }
  return count
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff
