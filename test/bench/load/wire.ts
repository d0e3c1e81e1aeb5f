// A WebSocket as bare as can be: bytes to and fro, and no frame is ever taken apart. What a client
// costs must not be measured in place of the server.

import { connect, type Socket } from 'node:net'

export interface WireOptions {
  readonly url: string
  readonly protocol?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Who hears. */
export interface Ear {
  opened(): void
  /** Bytes of the stream, WebSocket headers among them. They are gone when this returns. */
  heard(bytes: Buffer): void
  lost(reason: string): void
}

/** Each read ends in the same memory: its bytes are looked at before the next one. */
const memory = Buffer.allocUnsafeSlow(262_144)

const HEAD_END = '\r\n\r\n'
/** Milliseconds. */
const HANDSHAKE_TIMEOUT = 30_000

export class Wire {
  readonly #socket: Socket
  readonly #ear: Ear
  /** The head of the answer, until it has come; undefined once it has. */
  #head: string | undefined = ''
  #closed = false

  constructor(options: WireOptions, ear: Ear) {
    this.#ear = ear
    const { hostname, port } = new URL(options.url)
    const hear = (length: number) => {
      this.#hear(memory.subarray(0, length))
      return true
    }
    this.#socket = connect({
      host: hostname,
      port: Number(port) || 80,
      noDelay: true,
      onread: { buffer: memory, callback: hear },
    })
    this.#socket.setTimeout(HANDSHAKE_TIMEOUT, () => this.#lose('the handshake took too long'))
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(options)))
    this.#socket.on('error', ({ message }) => this.#lose(message))
    this.#socket.on('close', () => this.#lose('the server hung up'))
  }

  /** Sends bytes as they are: whole WebSocket messages, see `frame`. */
  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** Bytes that the system has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength
  }

  /** Reads nothing any more. */
  pause(): void {
    this.#socket.pause()
  }

  close(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  #hear(bytes: Buffer): void {
    if (this.#head === undefined) {
      this.#ear.heard(bytes)
      return
    }
    const before = this.#head.length
    this.#head += bytes.toString('latin1')
    const end = this.#head.indexOf(HEAD_END)
    if (end === -1) return
    if (!this.#head.startsWith('HTTP/1.1 101')) {
      this.#lose(`the upgrade was refused: ${this.#head.slice(0, 300)}`)
      return
    }
    this.#head = undefined
    this.#socket.setTimeout(0)
    this.#ear.opened()
    const rest = bytes.subarray(end + HEAD_END.length - before)
    if (rest.length > 0) this.#ear.heard(rest)
  }

  #lose(reason: string): void {
    if (this.#closed) return
    this.close()
    this.#ear.lost(reason)
  }
}

function upgradeRequest({ url, protocol, headers = {} }: WireOptions): string {
  const { host, pathname, search } = new URL(url)
  const lines = {
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'c3RvbXBib3ggYmVuY2ggMQ==',
    ...(protocol && { 'Sec-WebSocket-Protocol': protocol }),
    ...headers,
  }
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${pathname}${search} HTTP/1.1\r\n${head.join('')}\r\n`
}

/** Bytes of a text message's header and mask. */
const SMALL_HEAD = 6
const LARGE_HEAD = 8

/**
 * A text as a WebSocket message. The mask is zero, so that the bytes stay as they are (RFC 6455,
 * 5.3).
 */
export function frame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  if (length > 65_535) throw new Error('the load says nothing so long')
  const small = length < 126
  const bytes = Buffer.alloc((small ? SMALL_HEAD : LARGE_HEAD) + length)
  bytes[0] = 0x81
  bytes[1] = 0x80 | (small ? length : 126)
  if (!small) bytes.writeUInt16BE(length, 2)
  bytes.write(text, small ? SMALL_HEAD : LARGE_HEAD)
  return bytes
}
