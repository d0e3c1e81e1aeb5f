// Header escapes of each version, both ways, in one pass from left to right.

import { malformed } from './stomp-error.ts'
import type { Version } from './version.ts'

/** STOMP D1, D4, D5: what follows a backslash, and what the two mean. 1.0 has no escapes. */
const DECODED: Record<Version, ReadonlyMap<string, string>> = {
  '1.2': new Map([
    ['r', '\r'],
    ['n', '\n'],
    ['c', ':'],
    ['\\', '\\'],
  ]),
  '1.1': new Map([
    ['n', '\n'],
    ['c', ':'],
    ['\\', '\\'],
  ]),
  '1.0': new Map(),
}

const UNSAFE = /[\r\n\0:\\]/
const UNSAFE_EACH = /[\r\n\0:\\]/g

/**
 * Undoes the escapes of a header name or value, in one pass (STOMP D9).
 *
 * @throws StompError `frame-malformed` for an escape that the version does not define (STOMP D3,
 * D8).
 */
export function unescapeHeader(text: string, version: Version): string {
  if (version === '1.0' || !text.includes('\\')) return text
  const meanings = DECODED[version]
  let out = ''
  let from = 0
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', from)) {
    const meaning = meanings.get(text.charAt(at + 1))
    if (meaning === undefined) {
      throw malformed(`a header holds an escape that ${version} does not have`)
    }
    out += text.slice(from, at) + meaning
    from = at + 2
  }
  return out + text.slice(from)
}

/**
 * Escapes a header name or value for its receiver. What the version cannot express becomes a
 * space, so that no value can start a header line of its own (STOMP D11).
 */
export function escapeHeader(text: string, version: Version, part: 'name' | 'value'): string {
  if (!UNSAFE.test(text)) return text
  return text.replace(UNSAFE_EACH, (character) => {
    if (character === '\0') return ' '
    if (version === '1.0') {
      const clear = character === '\\' || (character === ':' && part === 'value')
      return clear ? character : ' '
    }
    if (character === '\r') return version === '1.2' ? '\\r' : ' '
    return { '\n': '\\n', ':': '\\c', '\\': '\\\\' }[character] ?? ' '
  })
}
