// Bytes into frames, as they come: several frames in one piece, one frame in many pieces.
// A small machine of three states, after the grammar of STOMP 1.2 ("Augmented BNF").

import { ByteQueue } from './byte-queue.ts'
import { COMMANDS, type Frame, type StompCommand } from './frame.ts'
import { readCommand, readContentLength, readHeader } from './head.ts'
import { plainHead } from './plain-head.ts'
import { malformed, StompError } from './stomp-error.ts'
import type { Version } from './version.ts'

/** All in bytes, but for `headers`. */
export interface DecoderLimits {
  /** A whole frame, from its command to its NUL. */
  readonly frame: number
  /** The same before CONNECT has been accepted. */
  readonly frameBeforeConnect: number
  /** One header line, and the command line. */
  readonly headerLine: number
  /** The number of header lines of a frame. */
  readonly headers: number
}

/** What is known of the frame being read. */
type State =
  | { readonly at: 'between' }
  | {
      readonly at: 'head'
      command: StompCommand | undefined
      headers: Map<string, string>
      lines: number
    }
  | {
      readonly at: 'body'
      command: StompCommand
      headers: Map<string, string>
      length: number | undefined
    }

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00
const BETWEEN: State = { at: 'between' }

/** Decodes the pieces of one connection. Each byte is looked at a constant number of times. */
export class Decoder {
  /** How many whole frames there have been. */
  frames = 0
  readonly #limits: DecoderLimits
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #queue = new ByteQueue()
  #state: State = BETWEEN
  /** Bytes of the frame being read that lie before the reader. */
  #size = 0

  constructor(limits: DecoderLimits) {
    this.#limits = limits
  }

  /** True while a frame has begun and not ended. */
  get partial(): boolean {
    return this.#state.at !== 'between' || !this.#queue.isEmpty
  }

  /** How many bytes are kept of what was written. */
  get pending(): number {
    return this.#queue.end - this.#queue.unread
  }

  /** Takes the next piece. The decoder may keep `bytes`: the caller no longer writes to them. */
  write(bytes: Uint8Array): void {
    this.#queue.write(bytes)
  }

  /**
   * The next whole frame, or undefined until more is written.
   *
   * @param version the one in force; undefined before CONNECT, which decides it.
   * @throws StompError `frame-malformed`, `frame-too-large` or `command-unknown`, after which the
   * stream has no meaning any more.
   */
  next(version: Version | undefined): Frame | undefined {
    for (;;) {
      const frame = this.#step(version)
      if (frame === 'more') return undefined
      if (frame !== 'on') return frame
    }
  }

  #step(version: Version | undefined): Frame | 'on' | 'more' {
    switch (this.#state.at) {
      case 'between':
        return this.#skipLineEnds(version)
      case 'head':
        return this.#readLine(this.#state, version)
      case 'body':
        return this.#readBody(this.#state, version)
    }
  }

  /** STOMP B3: any number of EOLs may stand between frames. */
  #skipLineEnds(version: Version | undefined): 'on' | 'more' {
    const queue = this.#queue
    for (; !queue.isEmpty; queue.readTo(queue.unread + 1)) {
      const byte = queue.at(queue.unread)
      if (byte === LF) continue
      if (byte === CR && hasCarriageReturns(version)) {
        if (queue.unread + 1 === queue.end) return 'more'
        if (queue.at(queue.unread + 1) === LF) continue
        throw malformed('a carriage return stands alone')
      }
      this.#size = 0
      this.#state = this.#plainHead(version) ?? {
        at: 'head',
        command: undefined,
        headers: new Map(),
        lines: 0,
      }
      return 'on'
    }
    return 'more'
  }

  /** Reads a head that is there whole and plain; any other is read line by line. */
  #plainHead(version: Version | undefined): State | undefined {
    const { unread, end } = this.#queue
    const bytes = this.#queue.view(unread, Math.min(end, unread + this.#bytesLeft(version)))
    const head = plainHead(bytes, this.#limits, version)
    if (!head) return undefined
    this.#advance(unread + head.length)
    return bodyOf(head.command, head.headers)
  }

  #readLine(state: State & { at: 'head' }, version: Version | undefined): 'on' | 'more' {
    const queue = this.#queue
    const fresh = queue.searchedTo
    const found = queue.find(LF)
    const lineEnd = found === -1 ? queue.end : found
    const most = queue.unread + Math.min(this.#limits.headerLine, this.#bytesLeft(version))
    // What comes first in the stream is refused first, however it is cut.
    if (queue.view(fresh, Math.min(lineEnd, most)).includes(NUL)) {
      throw malformed('a frame ends inside its headers')
    }
    if (lineEnd > most) throw tooLarge('a header line, or the frame', most - queue.unread)
    if (found === -1) return 'more'
    const line = this.#line(queue.view(queue.unread, lineEnd), version)
    this.#advance(lineEnd + 1)
    // STOMP B1: command, headers, an empty line, body.
    if (state.command === undefined) state.command = readCommand(line)
    else if (line === '') this.#state = bodyOf(state.command, state.headers)
    else this.#header(state, line, version)
    return 'on'
  }

  #header(state: State & { at: 'head' }, line: string, version: Version | undefined): void {
    if (++state.lines > this.#limits.headers) {
      throw tooLarge('the number of headers', this.#limits.headers)
    }
    const [name, value] = readHeader(line, state.command, version)
    // STOMP E1: of a repeated header the first counts.
    if (!state.headers.has(name)) state.headers.set(name, value)
  }

  #readBody(state: State & { at: 'body' }, version: Version | undefined): Frame | 'more' {
    const queue = this.#queue
    const { command, headers, length } = state
    // STOMP C1, C4: content-length counts octets; without it the body ends at the first NUL.
    const end = length === undefined ? queue.find(NUL) : queue.unread + length
    const ahead = (end === -1 ? queue.end : end + 1) - queue.unread
    if (ahead > this.#bytesLeft(version))
      throw tooLarge('the frame', this.#size + this.#bytesLeft(version))
    if (end === -1 || end >= queue.end) return 'more'
    // STOMP C3: the frame still ends in NUL.
    if (queue.at(end) !== NUL) throw malformed('no NUL stands where content-length ends the body')
    const body = queue.view(queue.unread, end)
    // STOMP B12: only SEND, MESSAGE and ERROR have a body.
    if (body.length > 0 && !COMMANDS[command].body) throw malformed(`${command} has no body`)
    this.#advance(end + 1)
    this.#state = BETWEEN
    this.frames++
    return { command, headers, body }
  }

  /** The line as text, without the CR that ends it where the version allows one. */
  #line(bytes: Uint8Array, version: Version | undefined): string {
    const returns = hasCarriageReturns(version)
    const line = returns && bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes
    if (returns && line.includes(CR)) throw malformed('a carriage return stands alone')
    try {
      return this.#utf8.decode(line)
    } catch {
      throw malformed('a header is not UTF-8')
    }
  }

  #advance(position: number): void {
    this.#size += position - this.#queue.unread
    this.#queue.readTo(position)
  }

  /** How many bytes more the frame may have. */
  #bytesLeft(version: Version | undefined): number {
    const { frame, frameBeforeConnect } = this.#limits
    return (version === undefined ? frameBeforeConnect : frame) - this.#size
  }
}

/** STOMP B2: EOL is LF, in 1.2 also CR LF; before CONNECT the client's version is not known. */
const hasCarriageReturns = (version: Version | undefined) => (version ?? '1.2') === '1.2'

function bodyOf(command: StompCommand, headers: Map<string, string>): State {
  return { at: 'body', command, headers, length: readContentLength(headers) }
}

const tooLarge = (what: string, limit: number) =>
  new StompError('frame-too-large', `${what} is over the limit of ${limit}`)
