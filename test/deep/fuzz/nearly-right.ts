// Streams of frames that are right, but for what a clumsy or a hostile client gets wrong: the
// grammar of STOMP, with a fault here and there.

import { COMMANDS } from '../../../src/stomp/frame.ts'
import type { Random } from '../../support/random.ts'

const utf8 = new TextEncoder()

const NAMES = ['destination', 'id', 'receipt', '__proto__', 'x', '키', '😀', 'a b', 'a\\cb']
const WORDS = [
  ...['', '/pub/send/message', '1', '0', '-1', '5', '99999999999', '007', 'constructor', '값 😀'],
]
const ESCAPES = ['\\n', '\\r', '\\c', '\\\\', '\\t', '\\', '\\\\n']
const FAULTS = ['\0', '\r', '\n', ':', '\\', '\u0000\n', '\r\n\r\n', '\ufeff', '\t']
const BODIES = ['', 'x', 'hello', '안녕 😀', 'a\0b', '\n\n', 'SEND\n\nx']

/** One stream of one to three frames. */
export function nearlyRight(random: Random): Uint8Array {
  const parts: Uint8Array[] = []
  for (let frames = 1 + random.below(3); frames > 0; frames--) {
    if (random.oneIn(4)) parts.push(utf8.encode(random.pick(['\n', '\r\n', '\n\n', '\r'])))
    parts.push(frame(random))
  }
  return mutated(joined(parts), random)
}

function frame(random: Random): Uint8Array {
  const eol = random.oneIn(4) ? '\r\n' : '\n'
  const first = command(random)
  const bodied = ['SEND', 'MESSAGE', 'ERROR'].includes(first) || random.oneIn(20)
  const body = utf8.encode(bodied ? random.pick(BODIES) : '')
  let head = first + eol
  for (let headers = random.below(5); headers > 0; headers--) {
    const colon = random.oneIn(40) ? '' : ':'
    const name = random.oneIn(40) ? '' : random.pick(NAMES)
    head += `${name}${colon}${word(random)}${eol}`
  }
  if (random.oneIn(2)) {
    const length = random.oneIn(20) ? random.pick(WORDS) : String(body.length)
    head += `content-length:${length}${eol}`
  }
  if (!random.oneIn(20)) head += eol
  const end = random.oneIn(20) ? [] : [utf8.encode('\0')]
  return joined([utf8.encode(head), body, ...end])
}

function command(random: Random): string {
  const known = random.pick(Object.keys(COMMANDS))
  if (random.oneIn(20))
    return random.pick([known.toLowerCase(), ` ${known}`, '', '__proto__', 'GET /'])
  return random.oneIn(3) ? 'SEND' : known
}

function word(random: Random): string {
  let text = random.pick(WORDS)
  if (random.oneIn(8)) text += random.pick(ESCAPES)
  if (random.oneIn(40)) text += random.pick(FAULTS)
  if (random.oneIn(200)) text += 'y'.repeat(random.below(2000))
  return text
}

/** Now and then some bytes are changed, dropped or doubled. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  if (!random.oneIn(4) || bytes.length === 0) return bytes
  const at = random.below(bytes.length)
  switch (random.below(4)) {
    case 0:
      bytes[at] = random.below(256)
      return bytes
    case 1:
      return bytes.slice(0, at)
    case 2:
      return joined([bytes.slice(0, at), bytes.slice(at + 1)])
    default:
      return joined([bytes.slice(0, at), bytes.slice(Math.max(0, at - random.below(9)))])
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
