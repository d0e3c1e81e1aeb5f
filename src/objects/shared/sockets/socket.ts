// One WebSocket as its object sees it: a Connection whose session lives in the attachment. What
// else is here (the decoder, the order of messages, a deadline) is memory, and may be dropped.

import { REFUSALS, type RefusalCode } from '../../../refusals.ts'
import type { Session } from '../../../room/connections/session.ts'
import { lateAt } from '../../../room/connections/unfinished-frame.ts'
import type { Arrival, Credential, Inbound, Reading } from '../../../room/ports.ts'
import { roomRefusalOf } from '../../../room/refuse.ts'
import { Decoder, type DecoderLimits } from '../../../stomp/decoder.ts'
import type { Encoded } from '../../../stomp/encode.ts'
import type { Frame } from '../../../stomp/frame.ts'
import { type ArrivalLimits, Arrivals } from './arrival.ts'
import { SendBuffer } from './send-buffer.ts'
import { TimeLimit } from './time-limit.ts'

/** The session, and counts of a room's meter: together they fit the attachment (H3). */
type Attachment = Session & { readonly counts?: string }

/** What the sockets of an object have in common. */
export interface Shared {
  /** Bytes waiting in a socket beyond which its reader is slow. */
  share: number
}

/** What the configuration says of each connection. */
export interface SocketLimits {
  readonly decoder: DecoderLimits
  readonly arrivals: ArrivalLimits
  /** How long one frame may stay unfinished; milliseconds. */
  readonly frameMs: number
}

/** The turns of the object that holds a socket. */
export interface SocketTurns {
  /** Answers what has come, in a turn with what comes on the other sockets: what is left. */
  add(arrival: Arrival): Promise<Reading>
  /** Ends a connection with a code. */
  end(socket: Socket, code: RefusalCode): void
  /** Does something later. Returns what calls it off. */
  later(ms: number, work: () => void): () => void
}

/** What a frame waits for before it is answered, such as its token. Never throws. */
type Prepare = (frame: Frame) => Promise<NonNullable<Arrival['verified']>>

/** Codes that are never sent (RFC 6455, 7.4.1). */
const NOT_SENT: ReadonlySet<number> = new Set([1005, 1006, 1015])

/** A WebSocket of the platform as the core needs it. A peer that has gone is never an error. */
export class Socket implements Inbound {
  readonly decoder: Decoder
  readonly arrivals: Arrivals
  readonly frameMs: number
  /** Messages that have come and were not read yet. */
  readonly inbox: (string | ArrayBuffer)[] = []
  /** How many frames there were before the message that is being read. */
  begun: number | undefined
  /** The token verified last: clients repeat it on every frame. */
  verified: { readonly token: string; readonly credential: Credential } | undefined
  /** Work of it has failed: it is closed, and nothing more is read. */
  broken = false
  readonly #ws: WebSocket
  readonly #ctx: DurableObjectState
  readonly #shared: Shared
  readonly #buffer: SendBuffer
  #session: Session | undefined
  /** What of a room's meter is kept here. */
  #counts: string | undefined
  /** The last heart-beat known of. */
  #beatAt = 0
  #order: Promise<void> = Promise.resolve()
  readonly #limit = new TimeLimit()

  constructor(ws: WebSocket, ctx: DurableObjectState, limits: SocketLimits, shared: Shared) {
    this.#ws = ws
    this.#ctx = ctx
    this.#shared = shared
    this.#buffer = new SendBuffer(ws)
    this.decoder = new Decoder(limits.decoder)
    this.arrivals = new Arrivals(limits.arrivals)
    this.frameMs = limits.frameMs
  }

  get session(): Session {
    this.#session ??= this.#read()
    return this.#session
  }

  set session(session: Session) {
    this.#session = session
    this.#write(session)
  }

  get counts(): string | undefined {
    this.#session ??= this.#read()
    return this.#counts
  }

  set counts(counts: string) {
    const { session } = this
    this.#counts = counts
    this.#write(session)
  }

  get gone(): boolean {
    return this.session.phase === 'ended'
  }

  beatSince(time: number): boolean {
    return this.#beatAt >= time || this.beatAt >= time
  }

  get beatAt(): number {
    this.#beatAt = this.#ctx.getWebSocketAutoResponseTimestamp(this.#ws)?.getTime() ?? 0
    return this.#beatAt
  }

  get congested(): boolean {
    return this.#buffer.holdsMoreThan(this.#shared.share)
  }

  send(message: Encoded): void {
    if (this.#buffer.isFull) {
      // R2: answers are bounded as events are. The peer finds the close after what waits for it.
      this.close(REFUSALS['too-slow'].close, 'too-slow')
      return
    }
    this.#buffer.add(message.length)
    try {
      this.#ws.send(message)
    } catch {
      // The peer has gone: its close is on the way, and nobody else waits for it.
    }
  }

  close(code: number, reason: string): void {
    this.dropDeadline()
    try {
      this.#ws.close(code, reason)
    } catch {
      // It is closed already.
    }
  }

  /** The peer has closed it so. */
  answerClose(code: number): void {
    this.close(NOT_SENT.has(code) ? 1000 : code, '')
  }

  /**
   * Runs the work of each message after that of the one before, whatever it awaits. If work fails,
   * the connection is closed and read no further, since nobody knows how far the work came.
   */
  inOrder(work: () => Promise<void>): Promise<void> {
    this.#order = this.#order.then(work).catch((error: unknown) => {
      const { code, row } = roomRefusalOf(error)
      this.stopReading()
      this.close(row.close, code)
    })
    return this.#order
  }

  /**
   * Answers every frame that the messages of the inbox complete. A frame waits for what `prepare`
   * does, and the rest waits for the frame.
   */
  async read(turns: SocketTurns, prepare: Prepare): Promise<void> {
    const before = this.decoder.frames
    let left = await turns.add({ connection: this })
    while (left) {
      // R4: if there is more to read, the other connections come first.
      const verified = left === 'more' ? undefined : await prepare(left)
      left = await turns.add({ connection: this, ...(verified && { verified }) })
    }
    this.#expectRest(turns, this.decoder.frames > before)
  }

  /** Sets a deadline for the rest of an unfinished frame. */
  #expectRest(turns: SocketTurns, hasFinished: boolean): void {
    const { session } = this
    if (session.phase !== 'connected') return
    if (!session.partial || hasFinished) this.dropDeadline()
    const rest = lateAt(session, this.frameMs) - Date.now()
    if (session.partial) this.expect(turns, 'frame-late', Math.max(0, rest))
  }

  /** Ends the connection with a code, and reads nothing more of it. */
  refuse(turns: SocketTurns, code: RefusalCode): void {
    this.stopReading()
    turns.end(this, code)
  }

  /** What has come is dropped, and nothing more is read. */
  stopReading(): void {
    this.broken = true
    this.inbox.length = 0
  }

  /** Ends the connection with the code when so many milliseconds have passed: see `TimeLimit`. */
  expect(turns: SocketTurns, code: RefusalCode, ms: number): void {
    this.#limit.begin(code, () => turns.later(ms, () => turns.end(this, code)))
  }

  /** Calls the deadline off, if there is one. */
  dropDeadline(): void {
    this.#limit.callOff()
  }

  #read(): Session {
    const { counts, ...session } = this.#ws.deserializeAttachment() as Attachment
    this.#counts = counts
    return session as Session
  }

  #write(session: Session): void {
    const attachment = this.#counts === undefined ? session : { ...session, counts: this.#counts }
    this.#ws.serializeAttachment(attachment satisfies Attachment)
  }
}
