// A STOMP client of a few lines over a raw WebSocket: it can say what no library would, and keeps
// every frame it is told. Its reading of frames is its own, not that of src.

import { type RawData, WebSocket } from 'ws'
import { Inbox } from './inbox.ts'
import { type Person, ticketUrl } from './people.ts'

export interface Frame {
  readonly command: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Close {
  readonly code: number
  readonly reason: string
}

/** An upgrade that was answered by HTTP. */
export interface RefusedUpgrade {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
  readonly body: any
}

export interface UpgradeOptions {
  readonly protocols?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export type Headers = Readonly<Record<string, string | number>>

export class StompSocket {
  readonly frames = new Inbox<Frame>()
  /** When each heart-beat came; milliseconds since 1970. */
  readonly beats = new Inbox<number>()
  /** The WebSocket messages as they came. */
  readonly messages: string[] = []
  /** Kinds of the WebSocket messages received. */
  readonly kinds = new Set<'text' | 'binary'>()
  readonly closed: Promise<Close>
  readonly #socket: WebSocket
  #receipts = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data, binary) => this.#take(data, binary))
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.frames.end(`closed ${code} ${reason}`)
        this.beats.end(`closed ${code} ${reason}`)
        resolve({ code, reason: String(reason) })
      })
    })
  }

  get protocol(): string {
    return this.#socket.protocol
  }

  /** Sends one WebSocket message as it is. */
  raw(data: string | Uint8Array): void {
    this.#socket.send(data)
  }

  say(command: string, headers: Headers = {}, body = ''): void {
    this.raw(frameText(command, headers, body))
  }

  /** Says a frame with a receipt and waits for its RECEIPT. */
  async ask(command: string, headers: Headers = {}, body = ''): Promise<Frame> {
    const receipt = String(headers.receipt ?? `r-${++this.#receipts}`)
    this.say(command, { ...headers, receipt }, body)
    return this.frames.find(
      (frame) => frame.command === 'RECEIPT' && frame.headers['receipt-id'] === receipt,
    )
  }

  /** Waits for a MESSAGE with this seq. */
  message(seq: number): Promise<Frame> {
    return this.frames.find((frame) => frame.headers.seq === String(seq))
  }

  /** Waits until so many heart-beats have come. */
  async beat(count: number): Promise<void> {
    await this.beats.count(count)
  }

  /** Waits for the ERROR. */
  error(): Promise<Frame> {
    return this.frames.find(({ command }) => command === 'ERROR')
  }

  /** Closes the WebSocket without a word of STOMP. */
  hangUp(code: number | 'without a code' = 1000): Promise<Close> {
    if (code === 'without a code') this.#socket.close()
    else this.#socket.close(code)
    return this.closed
  }

  /** Cuts the TCP connection. */
  cut(): void {
    this.#socket.terminate()
  }

  #take(data: RawData, binary: boolean): void {
    const bytes = data as Buffer
    this.kinds.add(binary ? 'binary' : 'text')
    this.messages.push(bytes.toString())
    for (let at = 0; at < bytes.length; ) {
      if (bytes[at] === 0x0a) {
        this.beats.add(Date.now())
        at++
      } else {
        const [frame, end] = readFrame(bytes, at)
        this.frames.add(frame)
        at = end
      }
    }
  }
}

/** Opens a WebSocket, or tells how it was refused. */
export function upgrade(
  url: string,
  { protocols = ['v12.stomp'], headers = {} }: UpgradeOptions = {},
): Promise<StompSocket | RefusedUpgrade> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols], { headers })
    // At once, because the first message may come in the same breath as the answer.
    const client = new StompSocket(socket)
    socket.on('open', () => resolve(client))
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, body: text && JSON.parse(text) })
      })
    })
  })
}

/** Opens a WebSocket that must open. */
export async function open(url: string, options?: UpgradeOptions): Promise<StompSocket> {
  const socket = await upgrade(url, options)
  if (socket instanceof StompSocket) return socket
  throw new Error(`the upgrade was refused: ${socket.status} ${JSON.stringify(socket.body)}`)
}

/** The headers of a CONNECT that a person would send. */
export const credentials = ({ accessToken }: Person) => ({
  'accept-version': '1.2',
  Authorization: `Bearer ${accessToken}`,
})

/** Opens a WebSocket with a ticket and says CONNECT over it. */
export async function connect(
  url: string,
  person: Person,
  roomId: string,
  headers: Headers = {},
): Promise<StompSocket> {
  const socket = await open(await ticketUrl(url, person, roomId))
  socket.say('CONNECT', { ...credentials(person), ...headers })
  await socket.frames.find(({ command }) => command === 'CONNECTED')
  return socket
}

/** A frame as STOMP 1.2 writes it. CONNECT is not escaped. */
export function frameText(command: string, headers: Headers = {}, body = ''): string {
  const written = command === 'CONNECT' ? (text: string) => text : escaped
  const lines = Object.entries(headers).map(
    ([name, value]) => `${written(name)}:${written(String(value))}\n`,
  )
  return `${command}\n${lines.join('')}\n${body}\0`
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' }

const escaped = (text: string) =>
  text.replace(/[\\\r\n:]/g, (character) => ESCAPES[character] ?? '')

const unescaped = (text: string) =>
  text.replace(/\\[\\rnc]/g, (pair) =>
    String(Object.keys(ESCAPES).find((character) => ESCAPES[character] === pair)),
  )

/** The frames of one message, without the heart-beats between them. */
export function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === 0x0a) at++
    else {
      const [frame, end] = readFrame(bytes, at)
      frames.push(frame)
      at = end
    }
  }
  return frames
}

function readFrame(bytes: Buffer, start: number): [Frame, end: number] {
  const headEnd = bytes.indexOf('\n\n', start)
  if (headEnd === -1) throw new Error('a message of the server ends inside a frame')
  const [command = '', ...lines] = bytes.toString('utf8', start, headEnd).split('\n')
  const headers: Record<string, string> = Object.create(null)
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/:(.*)/s)
    headers[unescaped(name)] ??= unescaped(value)
  }
  const bodyStart = headEnd + 2
  const length = headers['content-length']
  const end = length === undefined ? bytes.indexOf(0, bodyStart) : bodyStart + Number(length)
  if (bytes[end] !== 0) throw new Error('a frame of the server does not end where it says')
  return [{ command, headers, body: bytes.toString('utf8', bodyStart, end) }, end + 1]
}
