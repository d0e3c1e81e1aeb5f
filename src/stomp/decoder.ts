// Bytes into frames, as they come: several frames in one piece, one frame in many pieces.
// A small machine of three states, after the grammar of STOMP 1.2 ("Augmented BNF").

import { ByteQueue } from './byte-queue.ts'
import { unescapeHeader } from './escape.ts'
import { COMMANDS, type Command, type Frame, isCommand } from './frame.ts'
import { StompError } from './stomp-error.ts'
import type { Version } from './version.ts'

/** All in octets, but for `headers`. */
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
      command: Command | undefined
      headers: Map<string, string>
      lines: number
    }
  | {
      readonly at: 'body'
      command: Command
      headers: Map<string, string>
      length: number | undefined
    }

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00
const BETWEEN: State = { at: 'between' }

/** Turns the pieces of one connection into its frames. Each octet is looked at a constant number of times. */
export class Decoder {
  /** How many whole frames there have been. */
  frames = 0
  readonly #limits: DecoderLimits
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #queue = new ByteQueue()
  #state: State = BETWEEN
  /** Octets of the frame being read that lie before the reader. */
  #size = 0

  constructor(limits: DecoderLimits) {
    this.#limits = limits
  }

  /** True while a frame has begun and not ended. */
  get partial(): boolean {
    return this.#state.at !== 'between' || !this.#queue.isEmpty
  }

  /** Takes the next piece. The decoder may keep `bytes`: the caller no longer writes to them. */
  write(bytes: Uint8Array): void {
    this.#queue.write(bytes)
  }

  /**
   * The next whole frame, or undefined until more is written.
   *
   * @param version the one in force; undefined before CONNECT, which decides it.
   * @throws StompError after which the stream has no meaning any more.
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

  /** Any number of EOLs may stand between frames. */
  #skipLineEnds(version: Version | undefined): 'on' | 'more' {
    const queue = this.#queue
    for (; !queue.isEmpty; queue.readTo(queue.unread + 1)) {
      const octet = queue.at(queue.unread)
      if (octet === LF) continue
      if (octet === CR && hasCarriageReturns(version)) {
        if (queue.unread + 1 === queue.end) return 'more'
        if (queue.at(queue.unread + 1) === LF) continue
        throw malformed('a carriage return stands alone')
      }
      this.#size = 0
      this.#state = { at: 'head', command: undefined, headers: new Map(), lines: 0 }
      return 'on'
    }
    return 'more'
  }

  #readLine(state: State & { at: 'head' }, version: Version | undefined): 'on' | 'more' {
    const queue = this.#queue
    const fresh = queue.searchedTo
    const found = queue.find(LF)
    const lineEnd = found === -1 ? queue.end : found
    const length = lineEnd - queue.unread
    if (length > this.#limits.headerLine) throw tooLarge('a header line', this.#limits.headerLine)
    this.#limit(length, version)
    if (queue.view(fresh, lineEnd).includes(NUL)) {
      throw malformed('a frame ends inside its headers')
    }
    if (found === -1) return 'more'
    const line = this.#line(queue.view(queue.unread, lineEnd), version)
    this.#advance(lineEnd + 1)
    if (state.command === undefined) state.command = command(line)
    else if (line === '') this.#state = bodyOf(state.command, state.headers)
    else this.#header(state, line, version)
    return 'on'
  }

  #header(state: State & { at: 'head' }, line: string, version: Version | undefined): void {
    if (++state.lines > this.#limits.headers) {
      throw tooLarge('the number of headers', this.#limits.headers)
    }
    const colon = line.indexOf(':')
    if (colon === -1) throw malformed('a header line has no colon')
    if (colon === 0) throw malformed('a header has no name')
    const escapes = isPlain(state.command) ? '1.0' : (version ?? '1.2')
    const name = unescapeHeader(line.slice(0, colon), escapes)
    const value = unescapeHeader(line.slice(colon + 1), escapes)
    if (!state.headers.has(name)) state.headers.set(name, value)
  }

  #readBody(state: State & { at: 'body' }, version: Version | undefined): Frame | 'more' {
    const queue = this.#queue
    const { command, headers, length } = state
    const end = length === undefined ? queue.find(NUL) : queue.unread + length
    this.#limit((end === -1 ? queue.end : end + 1) - queue.unread, version)
    if (end === -1 || end >= queue.end) return 'more'
    if (queue.at(end) !== NUL) throw malformed('no NUL stands where content-length ends the body')
    const body = queue.view(queue.unread, end)
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

  /** Refuses a frame that has, or will have, too many octets: those read and `ahead` more. */
  #limit(ahead: number, version: Version | undefined): void {
    const limit = version === undefined ? this.#limits.frameBeforeConnect : this.#limits.frame
    if (this.#size + ahead > limit) throw tooLarge('the frame', limit)
  }
}

/** EOL is LF, in STOMP 1.2 also CR LF; before CONNECT the client's version is not known. */
const hasCarriageReturns = (version: Version | undefined) =>
  version === undefined || version === '1.2'

/** CONNECT, by either name, and CONNECTED are never escaped (STOMP 1.2, Value Encoding). */
const isPlain = (command: Command | undefined) =>
  command === 'CONNECT' || command === 'STOMP' || command === 'CONNECTED'

function command(line: string): Command {
  if (!isCommand(line)) throw new StompError('command-unknown', 'the command is not one of STOMP')
  return line
}

function bodyOf(command: Command, headers: Map<string, string>): State {
  const header = headers.get('content-length')
  if (header !== undefined && !/^\d{1,15}$/.test(header)) {
    throw malformed('content-length is not a non-negative integer')
  }
  return { at: 'body', command, headers, length: header === undefined ? undefined : Number(header) }
}

const malformed = (detail: string) => new StompError('frame-malformed', detail)

const tooLarge = (what: string, limit: number) =>
  new StompError('frame-too-large', `${what} is over the limit of ${limit}`)
