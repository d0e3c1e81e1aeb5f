// One WebSocket as the room sees it: a Connection whose session lives in the attachment. What else
// is here (the decoder, the order of messages, a deadline) is memory and may be dropped when idle.

import { REFUSALS, type RefusalCode } from '../../../refusals.ts'
import type { Session } from '../../../room/connections/session.ts'
import { CONNECTION_TURN_BYTES, QUEUED_MESSAGE_BYTES } from '../../../room/limits/limits.ts'
import type { Credential, Inbound } from '../../../room/ports.ts'
import { roomRefusalOf } from '../../../room/refuse.ts'
import { Decoder, type DecoderLimits } from '../../../stomp/decoder.ts'
import type { Encoded } from '../../../stomp/encode.ts'
import type { Carrier } from '../usage/usage-checkpoint.ts'
import { type ArrivalLimits, Arrivals } from './arrival.ts'

/** The session, and counts of the room's meter: together they fit the attachment (H3). */
type Attachment = Session & { readonly counts?: string }

/** What the sockets of a room have in common. */
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

/** Bytes waiting in a socket beyond which nothing more is put into it: a few turns' worth. */
const MOST_BYTES = 8 * CONNECTION_TURN_BYTES

/** The weight of one message in that average. */
const WEIGHT = 1 / 16

/** Bytes at most of a UTF-16 unit, and of a WebSocket message's header (RFC 6455, 5.2). */
const MOST_OF_A_UNIT = 3
const MOST_OF_A_HEADER = 10

/** "Normal closure", and the codes that are never sent (RFC 6455, 7.4.1). */
const NORMAL = 1000
const NOT_SENT: ReadonlySet<number> = new Set([1005, 1006, 1015])

/** A WebSocket of the platform as the room needs it. A peer that has gone is never an error. */
export class Socket implements Inbound, Carrier {
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
  #session: Session | undefined
  /** An upper bound of the bytes of memory that wait in the socket. Unknown after an eviction. */
  #mostWaiting = Number.POSITIVE_INFINITY
  /** The recent average length of messages. Short ones take more memory than their bytes. */
  #usualLength = QUEUED_MESSAGE_BYTES
  /** What of the room's meter is kept here. */
  #counts: string | undefined
  /** The last heart-beat known of. */
  #beatAt = 0
  #order: Promise<void> = Promise.resolve()
  #deadline: { readonly code: RefusalCode; readonly callOff: () => void } | undefined

  constructor(ws: WebSocket, ctx: DurableObjectState, limits: SocketLimits, shared: Shared) {
    this.#ws = ws
    this.#ctx = ctx
    this.#shared = shared
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
    return this.#waits(this.#shared.share)
  }

  /**
   * Whether more bytes of memory than so many wait for the peer. The runtime is asked if need be.
   */
  #waits(bytes: number): boolean {
    if (this.#mostWaiting <= bytes) return false
    const buffered = (this.#ws as { bufferedAmount?: number }).bufferedAmount ?? 0
    const messages = Math.ceil(buffered / this.#usualLength)
    this.#mostWaiting = buffered + messages * QUEUED_MESSAGE_BYTES
    return this.#mostWaiting > bytes
  }

  send(message: Encoded): void {
    if (this.#waits(MOST_BYTES)) {
      // R2: answers are bounded as events are. The peer finds the close after what waits for it.
      this.close(REFUSALS['too-slow'].close, 'too-slow')
      return
    }
    const { length } = message
    this.#mostWaiting += MOST_OF_A_UNIT * length + MOST_OF_A_HEADER + QUEUED_MESSAGE_BYTES
    this.#usualLength += (length - this.#usualLength) * WEIGHT
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
    this.close(NOT_SENT.has(code) ? NORMAL : code, '')
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

  /** What has come is dropped, and nothing more is read. */
  stopReading(): void {
    this.broken = true
    this.inbox.length = 0
  }

  /**
   * Sets the one deadline of this connection; the same one set again is left as it runs.
   *
   * @param set begins it, and returns the function that calls it off.
   */
  setDeadline(code: RefusalCode, set: () => () => void): void {
    if (this.#deadline?.code === code) return
    this.dropDeadline()
    this.#deadline = { code, callOff: set() }
  }

  /** Calls the deadline off, if there is one. */
  dropDeadline(): void {
    this.#deadline?.callOff()
    this.#deadline = undefined
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
