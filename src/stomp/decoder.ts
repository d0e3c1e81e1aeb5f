// Bytes into frames, as they come: several frames in one piece, one frame in many pieces.
// A small machine of three states, after the grammar of STOMP 1.2 ("Augmented BNF").

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
const NOTHING = new Uint8Array(0)
const BETWEEN: State = { at: 'between' }

/** Turns the pieces of one connection into its frames. Each octet is looked at a constant number of times. */
export class Decoder {
  /** How many whole frames there have been. */
  frames = 0
  readonly #limits: DecoderLimits
  readonly #text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #state: State = BETWEEN
  /** The bytes kept: `#unread` to `#end`, of which those before `#scanned` were looked at in this state. */
  #buffer: Uint8Array = NOTHING
  #unread = 0
  #scanned = 0
  #end = 0
  /** Where the frame being read begins. */
  #begin = 0

  constructor(limits: DecoderLimits) {
    this.#limits = limits
  }

  /** True while a frame has begun and not ended. */
  get partial(): boolean {
    return this.#state.at !== 'between' || this.#unread < this.#end
  }

  /** Takes the next piece. The decoder may keep `bytes`: the caller no longer writes to them. */
  write(bytes: Uint8Array): void {
    if (this.#state.at === 'between' && this.#unread === this.#end) {
      this.#buffer = bytes
      this.#unread = this.#scanned = this.#begin = 0
      this.#end = bytes.length
      return
    }
    if (this.#end + bytes.length > this.#buffer.length) this.#grow(bytes.length)
    this.#buffer.set(bytes, this.#end)
    this.#end += bytes.length
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
    for (; this.#unread < this.#end; this.#unread++) {
      const octet = this.#buffer[this.#unread]
      if (octet === LF) continue
      if (octet === CR && hasCarriageReturns(version)) {
        if (this.#unread + 1 === this.#end) return 'more'
        if (this.#buffer[this.#unread + 1] === LF) continue
        throw malformed('a carriage return stands alone')
      }
      this.#begin = this.#scanned = this.#unread
      this.#state = { at: 'head', command: undefined, headers: new Map(), lines: 0 }
      return 'on'
    }
    return 'more'
  }

  #readLine(state: State & { at: 'head' }, version: Version | undefined): 'on' | 'more' {
    const fresh = this.#scanned
    const lineEnd = this.#find(LF)
    const length = (lineEnd === -1 ? this.#end : lineEnd) - this.#unread
    if (length > this.#limits.headerLine) throw tooLarge('a header line', this.#limits.headerLine)
    this.#limit(lineEnd === -1 ? this.#end : lineEnd + 1, version)
    if (lineEnd === -1) {
      this.#refuseNul(fresh, this.#end)
      return 'more'
    }
    this.#refuseNul(fresh, lineEnd)
    const line = this.#line(this.#unread, lineEnd, version)
    this.#unread = this.#scanned = lineEnd + 1
    if (state.command === undefined) state.command = command(line)
    else if (line === '') this.#state = bodyOf(state.command, state.headers)
    else this.#header(state, line, version)
    return 'on'
  }

  #header(state: State & { at: 'head' }, line: string, version: Version | undefined): void {
    if (++state.lines > this.#limits.headers)
      throw tooLarge('the number of headers', this.#limits.headers)
    const colon = line.indexOf(':')
    if (colon === -1) throw malformed('a header line has no colon')
    if (colon === 0) throw malformed('a header has no name')
    const escapes = isPlain(state.command) ? '1.0' : (version ?? '1.2')
    const name = unescapeHeader(line.slice(0, colon), escapes)
    if (state.headers.has(name)) return
    state.headers.set(name, unescapeHeader(line.slice(colon + 1), escapes))
  }

  #readBody(state: State & { at: 'body' }, version: Version | undefined): Frame | 'more' {
    const end = state.length === undefined ? this.#find(NUL) : this.#unread + state.length
    this.#limit(end === -1 ? this.#end : end + 1, version)
    if (end === -1 || end >= this.#end) return 'more'
    if (this.#buffer[end] !== NUL)
      throw malformed('no NUL stands where content-length ends the body')
    const { command, headers } = state
    const body = this.#buffer.subarray(this.#unread, end)
    if (body.length > 0 && !COMMANDS[command].body) throw malformed(`${command} has no body`)
    this.#unread = this.#scanned = end + 1
    this.#state = BETWEEN
    this.frames++
    return { command, headers, body }
  }

  /** The first `octet` not looked at before, or -1; remembers how far it looked. */
  #find(octet: number): number {
    const view =
      this.#end === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, this.#end)
    const found = view.indexOf(octet, this.#scanned)
    if (found === -1) this.#scanned = this.#end
    return found
  }

  /** The line as text, without the CR that ends it where the version allows one. */
  #line(start: number, lineEnd: number, version: Version | undefined): string {
    const returns = hasCarriageReturns(version)
    const end =
      returns && lineEnd > start && this.#buffer[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
    const bytes = this.#buffer.subarray(start, end)
    if (returns && bytes.includes(CR)) throw malformed('a carriage return stands alone')
    try {
      return this.#text.decode(bytes)
    } catch {
      throw malformed('a header is not UTF-8')
    }
  }

  #refuseNul(start: number, end: number): void {
    if (this.#buffer.subarray(start, end).includes(NUL)) {
      throw malformed('a frame ends inside its headers')
    }
  }

  #limit(end: number, version: Version | undefined): void {
    const limit = version === undefined ? this.#limits.frameBeforeConnect : this.#limits.frame
    if (end - this.#begin > limit) throw tooLarge('the frame', limit)
  }

  /** Makes room, into new memory: bodies handed out are views of the old. */
  #grow(more: number): void {
    const from = this.#state.at === 'between' ? this.#unread : this.#begin
    const kept = this.#buffer.subarray(from, this.#end)
    const grown = new Uint8Array(Math.max(256, 2 * (kept.length + more)))
    grown.set(kept)
    this.#buffer = grown
    this.#unread -= from
    this.#scanned -= from
    this.#end -= from
    this.#begin -= from
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
