// Frames into text or bytes, for a receiver of a given version.

import { escapeHeader } from './escape.ts'
import type { StompCommand } from './frame.ts'
import type { Version } from './version.ts'

const utf8 = new TextEncoder()

/** A frame to be sent. `content-length` is the encoder's: it is never among `headers`. */
export interface OutgoingFrame {
  readonly command: StompCommand
  readonly headers: Iterable<readonly [name: string, value: string]>
  /** A text, or bytes that are no UTF-8. */
  readonly body?: string | Uint8Array
}

/** A frame as it leaves: bytes where its body is. */
export type Encoded = string | Uint8Array

/**
 * A whole frame, its NUL included. CONNECT and CONNECTED are never escaped, so that every version
 * can read them (STOMP 1.2, Value Encoding); what would break a line in them becomes a space.
 */
export function encode(frame: OutgoingFrame & { readonly body?: string }, version: Version): string
export function encode(frame: OutgoingFrame, version: Version): Encoded
export function encode(frame: OutgoingFrame, version: Version): Encoded {
  const escapes = frame.command === 'CONNECTED' || frame.command === 'CONNECT' ? '1.0' : version
  return prepend(`${frame.command}\n${headerLines(frame.headers, escapes)}`, ending(frame.body))
}

/** Header lines, each with its line end. */
export function headerLines(headers: OutgoingFrame['headers'], version: Version): string {
  let lines = ''
  for (const [name, value] of headers) {
    lines += `${escapeHeader(name, version, 'name')}:${escapeHeader(value, version, 'value')}\n`
  }
  return lines
}

/**
 * What follows the other headers of a frame: `content-length`, the body and the NUL.
 *
 * @param length of a text in bytes, where it is known.
 */
export function ending(body: string | undefined, length?: number): string
export function ending(body: OutgoingFrame['body']): Encoded
export function ending(body: OutgoingFrame['body'], length?: number): Encoded {
  if (body === undefined) return '\n\0'
  if (typeof body === 'string') return `content-length:${length ?? utf8Length(body)}\n\n${body}\0`
  const head = utf8.encode(`content-length:${body.length}\n\n`)
  // The last byte stays 0: the NUL.
  return joined(head, body, 1)
}

/** A text, and what follows it. */
export function prepend(text: string, rest: Encoded): Encoded {
  return typeof rest === 'string' ? text + rest : joined(utf8.encode(text), rest)
}

function joined(first: Uint8Array, second: Uint8Array, more = 0): Uint8Array {
  const whole = new Uint8Array(first.length + second.length + more)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}

const BEYOND_ASCII = /[\u0080-\uffff]/

/**
 * STOMP C6: how many bytes a text takes in UTF-8. A lone surrogate counts as U+FFFD, which takes
 * its place.
 */
export function utf8Length(text: string): number {
  // Most texts are ASCII: an expression finds that out in two thirds of the time of a loop.
  if (!BEYOND_ASCII.test(text)) return text.length
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
