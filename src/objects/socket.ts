// One WebSocket as the room sees it: a Connection whose session lives in the attachment. What else
// is here (the decoder, the order of messages, a deadline) is memory and may be dropped when idle.

import { REFUSALS, type RefusalCode } from '../refusals.ts'
import type { Connection } from '../room/connection.ts'
import type { Session } from '../room/session.ts'
import type { Credential } from '../room/turn.ts'
import { Decoder, type DecoderLimits } from '../stomp/decoder.ts'
import type { Encoded } from '../stomp/encode.ts'

/** Octets waiting in a socket beyond which its reader is slow. */
const CONGESTED_BYTES = 1_048_576

export class Socket implements Connection {
  readonly decoder: Decoder
  /** The token verified last: clients repeat it on every frame. */
  verified: { readonly token: string; readonly credential: Credential } | undefined
  readonly #ws: WebSocket
  readonly #ctx: DurableObjectState
  #session: Session | undefined
  /** The last heart-beat known of. */
  #beatAt = 0
  #order: Promise<void> = Promise.resolve()
  #deadline:
    | { readonly code: RefusalCode; readonly timer: ReturnType<typeof setTimeout> }
    | undefined

  constructor(ws: WebSocket, ctx: DurableObjectState, limits: DecoderLimits) {
    this.#ws = ws
    this.#ctx = ctx
    this.decoder = new Decoder(limits)
  }

  get session(): Session {
    this.#session ??= this.#ws.deserializeAttachment() as Session
    return this.#session
  }

  set session(session: Session) {
    this.#session = session
    this.#ws.serializeAttachment(session)
  }

  beatSince(moment: number): boolean {
    if (this.#beatAt < moment) {
      this.#beatAt = this.#ctx.getWebSocketAutoResponseTimestamp(this.#ws)?.getTime() ?? 0
    }
    return this.#beatAt >= moment
  }

  get congested(): boolean {
    const { bufferedAmount } = this.#ws as { bufferedAmount?: number }
    return bufferedAmount !== undefined && bufferedAmount > CONGESTED_BYTES
  }

  send(message: Encoded): void {
    try {
      this.#ws.send(message)
    } catch {
      // Because the peer has gone: its close is on the way, and nobody else waits for it.
    }
  }

  close(code: number, reason: string): void {
    this.dropDeadline()
    try {
      this.#ws.close(code, reason)
    } catch {
      // Because it is closed already.
    }
  }

  /**
   * Runs the work of each message after that of the one before, whatever it awaits. Work that fails is a
   * bug, logged whole; its connection is closed, since nobody knows how far it came.
   */
  inOrder(work: () => Promise<void>): Promise<void> {
    this.#order = this.#order.then(work).catch((error: unknown) => {
      console.error(error)
      this.close(REFUSALS.internal.close, 'internal')
    })
    return this.#order
  }

  /** Sets the one deadline of this connection; the same one set again is left as it runs. */
  setDeadline(code: RefusalCode, ms: number, missed: () => void): void {
    if (this.#deadline?.code === code) return
    this.dropDeadline()
    this.#deadline = { code, timer: setTimeout(missed, ms) }
  }

  dropDeadline(): void {
    if (this.#deadline) clearTimeout(this.#deadline.timer)
    this.#deadline = undefined
  }
}
