// The head of a frame at one go, where it is whole and plain: several times as quick as line by
// line. Whatever is not plain is left to the careful way, which knows what is wrong with it.

import { isCommand, type StompCommand } from './frame.ts'
import { readHeader } from './head.ts'
import type { Version } from './version.ts'

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A head that was read at one go. */
interface PlainHead {
  readonly command: StompCommand
  readonly headers: Map<string, string>
  /** Bytes, those of the empty line that ends it among them. */
  readonly length: number
}

/**
 * The head that `bytes` begin with. Undefined where no empty line ends it here, where a line is too
 * long or there are too many, and where it holds a NUL, a carriage return, bytes that are no UTF-8
 * or an unknown command.
 *
 * @throws StompError `frame-malformed` for the first header that is malformed, as the careful way
 * does.
 */
export function plainHead(
  bytes: Uint8Array,
  limits: { readonly headerLine: number; readonly headers: number },
  version: Version | undefined,
): PlainHead | undefined {
  const length = plainLength(bytes, limits.headerLine)
  const [command = '', ...lines] = linesOf(bytes, length)
  if (!isCommand(command) || lines.length > limits.headers) return undefined
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [name, value] = readHeader(line, command, version)
    // STOMP E1: of a repeated header the first counts.
    if (!headers.has(name)) headers.set(name, value)
  }
  return { command, headers, length }
}

/** Bytes up to the end of the first empty line; 0 where there is none, or not of plain lines. */
function plainLength(bytes: Uint8Array, most: number): number {
  let start = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === NUL || byte === CR) return 0
    if (byte !== LF) continue
    if (at === start) return at + 1
    if (at - start > most) return 0
    start = at + 1
  }
  return 0
}

function linesOf(bytes: Uint8Array, length: number): string[] {
  if (length < 2) return []
  try {
    return utf8.decode(bytes.subarray(0, length - 2)).split('\n')
  } catch {
    return []
  }
}
