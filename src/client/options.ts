// What an application hands to createRoomClient, and what it gets.

import type { ChatEvent, Person, Signal } from './log/events.ts'
import type { Entry, OutboxStore, Sayings } from './outbox/entry.ts'
import type { Platform } from './platform.ts'
import type { StompClientClass, StompMessage, WebSocketClass } from './stomp-client.ts'
import type { Timing } from './timing.ts'

export interface RoomClientOptions {
  readonly roomId: string
  /** The class of @stomp/stompjs 7. */
  readonly Client: StompClientClass
  /** The platform's own without it. */
  readonly WebSocket?: WebSocketClass
  /** Frames go as binary messages, and so do the answers. By itself in React Native, which cuts texts at a NUL. */
  readonly binary?: boolean
  readonly session: Session
  readonly api: RoomApi
  /**
   * The last seq that the application has: every later event is told. Or a function that loads what there is and gives the seq
   * up to which it goes; it is called until it has succeeded once. Without it: what comes from the first connect on.
   */
  readonly after?: number | ((token: string) => Promise<number>)
  /** Whose session it is: then an own event, seen before its RECEIPT, settles its entry too. */
  readonly userId?: string
  /** In memory without it. */
  readonly outbox?: OutboxStore
  /**
   * Every event, in order, once. It counts as told when this returns: what has to be kept with its seq is best
   * kept here, and synchronously. What it throws goes to `onProblem`.
   */
  readonly onEvent: (event: ChatEvent) => void
  /** Without it and `onTyping`, signals are not subscribed to. */
  readonly onSignal?: (signal: Signal) => void
  /**
   * Who else types, those who began first first; told when somebody comes or goes. Whoever was not heard of for a while is out
   * by itself. Without `userId`, another connection of the same person is somebody else.
   */
  readonly onTyping?: (people: readonly Person[]) => void
  readonly onState?: (state: State) => void
  /** Each change of an entry of the outbox, those of an earlier life among them. */
  readonly onOutgoing?: (entry: Entry) => void
  /** What went wrong and was survived; console.error without it. */
  readonly onProblem?: (problem: unknown) => void
  /** Subscribes so that `ack` can tell how far the log was read. */
  readonly readMarker?: boolean
  readonly timing?: Partial<Timing>
  readonly platform?: Partial<Platform>
}

export interface RoomClient extends Sayings {
  /** Once in a life: a client that was stopped or has ended is followed by a new one. */
  start(): void
  /**
   * Leaves, and tells nothing any more. Resolves when no socket and no timer is left, and what was said is stored: a
   * client that goes on with it is started then.
   */
  stop(): Promise<void>

  /** Once more, of what is `failed` or `unsure`; gives the key under which: another one where it was `unsure`. */
  retry(key: string): string
  /** Takes back what is not on its way. The entry, or undefined. With a `since` it may be in the log all the same. */
  withdraw(key: string): Entry | undefined

  /** Everything up to a seq was read. False: nothing of it was told on this connection, or it is told already. */
  ack(seq: number): boolean
  /**
   * To be called with each key: something is being written; or with false: it is not any more. Told to the others, seldom; a pause
   * tells that it is over, and what is said ends it. Without a connection, or without the right to write, nothing happens.
   */
  typing(on?: boolean): void
  /** To a channel or a queue, now or never: false without a connection. */
  publish(
    destination: string,
    body: string | Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ): Promise<boolean>
  /** A channel or a queue, on this connection and all that follow; gives the function that ends it. */
  subscribe(
    destination: string,
    onMessage: (message: StompMessage) => void,
    headers?: Readonly<Record<string, string>>,
  ): () => void

  /** There may be a newer token: it is shown to the room. */
  renew(): Promise<void>
  /** After a sleep: a socket that does not answer is left. */
  probe(): void
  /** Ends a wait before its time. */
  hurry(): void
  /** Leaves the connection; the next one follows. */
  drop(): void

  /** Of the last event told; undefined until it is known where to begin. */
  readonly lastSeq: number | undefined
  readonly state: State | undefined
  /** What is in the outbox, in its order. */
  readonly outgoing: readonly Entry[]
}

/**
 * Where the connection is. `until` in milliseconds since 1970; `code` is why. After `ended` nothing follows. Of the codes,
 * `replaced`: newer connections of this person took its place; `platform-lacking`: `onProblem` was told what is missing.
 */
export type State =
  | { readonly phase: 'connecting'; readonly again: boolean }
  | { readonly phase: 'connected' }
  | { readonly phase: 'waiting'; readonly until: number; readonly code?: string }
  | { readonly phase: 'offline' }
  | { readonly phase: 'ended'; readonly code: string }

/** Who is connecting. */
export interface Session {
  /**
   * A token that lives. Asked before each connect, and before what is sent: another one than last time is shown to the room.
   * Rejecting with `status` 401 or 403 ends the client; with anything else it is asked again later.
   */
  accessToken(): Promise<string>
  /** The server did not take a token: the next must be another. */
  refused?(code: string, token: string): void
  /** When the token last given ends, milliseconds since 1970: a busy connection is renewed in time. */
  expiresAt?(): number | undefined
}

/**
 * What is asked over HTTP. A refusal rejects with `{ status, code }`, and with `retryAfter` where the server said after how
 * many seconds to come back; whatever else it rejects with is tried again.
 */
export interface RoomApi {
  /** POST /api/rooms/:id/tickets: the URL of one WebSocket. */
  ticket(token: string, roomId: string): Promise<{ readonly url: string }>
  /** The last seq of the log. Needed by whoever does not say `after`. */
  head?(token: string, roomId: string): Promise<number>
}
