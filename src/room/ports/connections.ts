// The connections of a room, as the shell hands them over.

import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import type { Refusal, RefusalCode } from '../../refusals.ts'
import type { Decoder } from '../../stomp/decoder.ts'
import type { Encoded } from '../../stomp/encode.ts'
import type { Frame } from '../../stomp/frame.ts'
import type { Session } from '../connections/session.ts'

/** A live WebSocket. */
export interface Connection {
  /** Plain data; assigning it persists it. */
  session: Session
  /** True while the peer reads so slowly that what is sent would pile up. */
  readonly congested: boolean
  /** Whether the runtime has answered a heart-beat of it since then; milliseconds since 1970. */
  beatSince(time: number): boolean
  /** When it answered the last one, as the runtime knows now; 0: none. Milliseconds since 1970. */
  readonly beatAt: number
  /** Sends one WebSocket message, text or binary. A connection that has gone is no error. */
  send(message: Encoded): void
  /**
   * Closes the WebSocket with a code (docs/protocol.md, Refusals). One that has gone is no error.
   */
  close(code: number, reason: string): void
}

/** A connection with what has come on it and was not read yet. */
export interface Inbound extends Connection {
  readonly decoder: Decoder
  /** Messages that have come and were not read yet. */
  readonly inbox: (string | ArrayBuffer)[]
  /** How many frames there were before the message that is being read. */
  begun: number | undefined
  /** How long one frame may stay unfinished; milliseconds. */
  readonly frameMs: number
}

/** What is to become of a message after its hook was asked. */
export interface HookVerdict {
  /** Undefined: it may be published. */
  readonly refusal?: Refusal
  /** It was checked and charged before the hook was asked. */
  readonly isCharged: boolean
}

/** A connection that is to be read. */
export interface Arrival {
  readonly connection: Inbound
  /** A frame that was read before, with what its token says: it is answered first. */
  readonly verified?: {
    readonly frame: Frame
    /** Undefined where the frame carries no token. */
    readonly credential: Credential | undefined
    /** Whether this token was not seen on this connection before. */
    readonly isNew: boolean
    /** What the hook said of it; undefined where nobody was to be asked. */
    readonly hook?: HookVerdict | undefined
  }
}

/**
 * What is left of an arrival: a frame that waits for its token or its hook, `more` to read, or
 * nothing.
 */
export type Reading = Frame | 'more' | undefined

/** The verified token of a frame: its claims, or the code of why it is invalid. */
export type Credential =
  | { readonly claims: Omit<AccessClaims, 'signedInAt'> }
  | { readonly refused: RefusalCode; readonly detail?: string | undefined }
