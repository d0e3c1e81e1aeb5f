// What each line of a frame's head says: the command, a header, the length of the body.

import { unescapeHeader } from './escape.ts'
import { type Headers, isCommand, type StompCommand } from './frame.ts'
import { malformed, StompError } from './stomp-error.ts'
import type { Version } from './version.ts'

/**
 * STOMP B9, B17: a command of STOMP, case-sensitive.
 *
 * @throws StompError `command-unknown`.
 */
export function readCommand(line: string): StompCommand {
  if (!isCommand(line)) throw new StompError('command-unknown', 'the command is not one of STOMP')
  return line
}

/**
 * STOMP B7, B8, B11: a name that is not empty, a colon, and a value as it stands, which may be
 * empty and may hold more colons.
 *
 * @param version undefined before CONNECT has decided it.
 * @throws StompError `frame-malformed`.
 */
export function readHeader(
  line: string,
  command: StompCommand | undefined,
  version: Version | undefined,
): [name: string, value: string] {
  const colon = line.indexOf(':')
  if (colon === -1) throw malformed('a header line has no colon')
  if (colon === 0) throw malformed('a header has no name')
  const escapes = isPlain(command) ? '1.0' : (version ?? '1.2')
  return [
    unescapeHeader(line.slice(0, colon), escapes),
    unescapeHeader(line.slice(colon + 1), escapes),
  ]
}

/**
 * STOMP C5: octets, where the header is there; it is a number, and nothing else.
 *
 * @throws StompError `frame-malformed`.
 */
export function readContentLength(headers: Headers): number | undefined {
  const header = headers.get('content-length')
  if (header === undefined) return undefined
  if (!/^\d{1,15}$/.test(header)) {
    throw malformed('content-length is not a non-negative integer')
  }
  return Number(header)
}

/** STOMP D6: CONNECT, by either name, and CONNECTED are never escaped (1.2, Value Encoding). */
const isPlain = (command: StompCommand | undefined) =>
  command === 'CONNECT' || command === 'STOMP' || command === 'CONNECTED'
