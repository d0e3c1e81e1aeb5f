// What an application passes to createRoomClient, and what it gets back.

import type { ChatEvent, Person, Signal } from './log/events.ts'
import type { Entry, OutboxStore, SendingMethods } from './outbox/entry.ts'
import type { Platform } from './platform.ts'
import type { StompClientClass, StompMessage, WebSocketClass } from './stomp-client.ts'
import type { Timing } from './timing.ts'

/** What an application passes to `createRoomClient`. */
export interface RoomClientOptions {
  readonly roomId: string
  /** The Client class of @stomp/stompjs 7. */
  readonly Client: StompClientClass
  /** Default: the platform's own class. */
  readonly WebSocket?: WebSocketClass
  /**
   * Sends and receives binary messages. Default: only in React Native, which cuts texts at a NUL.
   */
  readonly binary?: boolean
  readonly session: Session
  readonly api: RoomApi
  /**
   * The last seq that the application has; `onEvent` gets every later event. Or a function that
   * loads the history and returns its last seq; it is called until it succeeds once. Default: the
   * head of the log at the first connect.
   */
  readonly after?: number | ((token: string) => Promise<number>)
  /**
   * The id of the person. With it, an own event that arrives before its RECEIPT confirms its entry
   * too.
   */
  readonly userId?: string
  /** Default: in memory. */
  readonly outbox?: OutboxStore
  /**
   * Gets every event, in order, once. An event counts as given when this returns, so store it with
   * its seq here, synchronously. What it throws goes to `onProblem`.
   */
  readonly onEvent: (event: ChatEvent) => void
  /** Signals are subscribed to only with this or `onTyping`. */
  readonly onSignal?: (signal: Signal) => void
  /**
   * Gets the people who type, in the order in which they began, whenever that changes. Somebody
   * whose signals stop is removed after a while. Without `userId`, the person's other connections
   * count as other people.
   */
  readonly onTyping?: (people: readonly Person[]) => void
  /** Gets each change of the state of the connection. */
  readonly onState?: (state: State) => void
  /** Gets each change of an entry of the outbox, including entries that an earlier client left. */
  readonly onOutgoing?: (entry: Entry) => void
  /** Gets errors that the client recovered from. Default: console.error. */
  readonly onProblem?: (problem: unknown) => void
  /** Subscribes so that `ack` can report how far the person has read. */
  readonly readMarker?: boolean
  readonly timing?: Partial<Timing>
  readonly platform?: Partial<Platform>
}

/** A client of one room. Every method but `start` works before a connection and without one. */
export interface RoomClient extends SendingMethods {
  /** Call it once. After `stop`, or after the state `ended`, create a new client. */
  start(): void
  /**
   * Disconnects. No listener is called any more. Resolves when the socket and all timers are gone
   * and the outbox is stored: then another client may continue with the same outbox.
   */
  stop(): Promise<void>

  /**
   * Sends a `failed` or `unsure` entry again and returns its key. An `unsure` entry gets a new key.
   */
  retry(key: string): string
  /**
   * Removes an entry that is not being sent, and returns it. An entry with `since` was tried, so it
   * may be in the log all the same.
   */
  withdraw(key: string): Entry | undefined

  /** Acknowledges everything up to a seq. False: nothing new to acknowledge on this connection. */
  ack(seq: number): boolean
  /**
   * Call it at each key; with false, when the person stops. It sends few signals, and ends by
   * itself after a pause or with a message. It does nothing without a connection or without the
   * right to write.
   */
  typing(on?: boolean): void
  /**
   * Sends to a channel or a queue. Resolves with false, and sends nothing, without a connection.
   */
  publish(
    destination: string,
    body: string | Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ): Promise<boolean>
  /**
   * Subscribes to a channel or a queue on this and all later connections. Returns the unsubscriber.
   */
  subscribe(
    destination: string,
    onMessage: (message: StompMessage) => void,
    headers?: Readonly<Record<string, string>>,
  ): () => void

  /** Call it when there may be a newer token: the room gets it on the open connection. */
  renew(): Promise<void>
  /** Call it after a sleep: closes a socket that does not answer. */
  probe(): void
  /** Ends a back-off early. */
  hurry(): void
  /** Closes the connection. The next one follows. */
  drop(): void

  /** The seq of the last event given. Undefined until the client knows where the log begins. */
  readonly lastSeq: number | undefined
  readonly state: State | undefined
  /** The entries of the outbox, in order. */
  readonly outgoing: readonly Entry[]
}

/**
 * The state of the connection. `until` is in milliseconds since 1970; `code` is the reason. `ended`
 * is final. Its `detail` is what the server added, such as the words of a moderator. Two of its
 * codes: `replaced` means that newer connections of this person took its
 * place, and `platform-lacking` that `onProblem` got the missing features of the platform.
 */
export type State =
  | { readonly phase: 'connecting'; readonly again: boolean }
  | { readonly phase: 'connected' }
  | { readonly phase: 'waiting'; readonly until: number; readonly code?: string }
  | { readonly phase: 'offline' }
  | { readonly phase: 'ended'; readonly code: string; readonly detail?: string }

/** The tokens of the person who connects. */
export interface Session {
  /**
   * Resolves with a valid token. Called before each connect and each send. A token that differs
   * from the last one is passed on to the room. A rejection with `status` 401 or 403 ends the
   * client; after any other one it is called again later.
   */
  accessToken(): Promise<string>
  /** The server refused a token: the next one must differ. */
  refused?(code: string, token: string): void
  /**
   * When the newest token expires, in milliseconds since 1970. With it, an active connection renews
   * in time.
   */
  expiresAt?(): number | undefined
}

/**
 * The calls over HTTP. A refusal rejects with `{ status, code }`, and with `retryAfter` in seconds
 * if the server sent one. After any other rejection the client tries again.
 */
export interface RoomApi {
  /** POST /api/rooms/:id/tickets: resolves with the URL of one WebSocket. */
  ticket(token: string, roomId: string): Promise<{ readonly url: string }>
  /** Resolves with the last seq of the log. Required without `after`. */
  head?(token: string, roomId: string): Promise<number>
}
