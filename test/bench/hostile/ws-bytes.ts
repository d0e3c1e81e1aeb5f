// WebSocket messages as bytes, as an attacker makes them once and sends them often.

const FIN = 0x80
const MASKED = 0x80
const TEXT = 0x1
const BINARY = 0x2
const MASK_LENGTH = 4

/**
 * A WebSocket message of any length. The mask is zero, so that the bytes stay as they are (RFC
 * 6455, 5.3).
 */
export function message(data: string | Buffer): Buffer {
  const payload = Buffer.from(data as string)
  const { length } = payload
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const bytes = Buffer.alloc(2 + extended + MASK_LENGTH + length)
  bytes[0] = FIN | (typeof data === 'string' ? TEXT : BINARY)
  bytes[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) bytes.writeUInt16BE(length, 2)
  if (extended === 8) bytes.writeBigUInt64BE(BigInt(length), 2)
  payload.copy(bytes, 2 + extended + MASK_LENGTH)
  return bytes
}

/** Frames of STOMP. */
export const stomp = (command: string, headers: readonly string[], body = ''): string =>
  `${[command, ...headers].join('\n')}\n\n${body}\0`

/** So many texts, each of its number, one after the other. */
export const series = (count: number, each: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => each(index)).join('')

const CLOSE = 0x88
/** A small header, and a code. */
const LEAST_CLOSE = 4
const MOST_CLOSE = 127

/** The close with which bytes of a server end, such as `4429 too-fast`. */
export function closeAtEnd(bytes: Buffer): string | undefined {
  for (let at = Math.max(0, bytes.length - MOST_CLOSE); at <= bytes.length - LEAST_CLOSE; at++) {
    if (bytes[at] !== CLOSE || bytes[at + 1] !== bytes.length - at - 2) continue
    const code = bytes.readUInt16BE(at + 2)
    if (code < 1000 || code > 4999) continue
    return `${code} ${bytes.toString('utf8', at + LEAST_CLOSE)}`.trim()
  }
  return undefined
}
