// Frames into text, for a receiver of a given version.

import { escapeHeader } from './escape.ts'
import type { Command } from './frame.ts'
import type { Version } from './version.ts'

/** A frame to be sent. `content-length` is the encoder's: it is never among `headers`. */
export interface OutgoingFrame {
  readonly command: Command
  readonly headers: Iterable<readonly [name: string, value: string]>
  readonly body?: string
}

/**
 * A frame as text, its NUL included. CONNECT and CONNECTED are never escaped, so that every version
 * can read them (STOMP 1.2, Value Encoding); what would break a line in them becomes a space.
 */
export function encode(frame: OutgoingFrame, version: Version): string {
  const escapes = frame.command === 'CONNECTED' || frame.command === 'CONNECT' ? '1.0' : version
  let text = `${frame.command}\n`
  for (const [name, value] of frame.headers) {
    text += `${escapeHeader(name, escapes, 'name')}:${escapeHeader(value, escapes, 'value')}\n`
  }
  if (frame.body === undefined) return `${text}\n\0`
  return `${text}content-length:${octets(frame.body)}\n\n${frame.body}\0`
}

/** How many octets a text takes in UTF-8; a lone surrogate counts as U+FFFD, which takes its place. */
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
