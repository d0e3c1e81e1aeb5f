// The reference client's contract: everything that an application sees of room-client.js.

/** An event of the log, as docs/protocol.md tells it. Types that one does not know may come: their seq counts. */
export interface ChatEvent {
  readonly seq: number
  readonly type: string
  readonly at: string
  readonly sender: Person
  readonly content?: string
  readonly idempotencyKey?: string
  readonly replyTo?: number
  /** Of an edit, a deletion or a reaction: the seq of the message. */
  readonly target?: number
  readonly reaction?: string
  readonly on?: boolean
  /** Of a message: the seq of the newest event of each kind that changed it, and who gave which reaction. */
  readonly edited?: number
  readonly reacted?: number
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly deleted?: number
}

export interface Person {
  readonly id: string
  readonly name: string
  /** A guest, without an account. */
  readonly guest?: boolean
  /** The name looks like that of another person here: see "People" in docs/protocol.md. */
  readonly lookalike?: boolean
}

/**
 * What is told and not kept: presence, joined, left, typing, read, standing. A `presence` with `here` is a snapshot;
 * one with `joined` and `left` is a change, told where there are many people. Both have `count`.
 */
export interface Signal {
  readonly type: string
  readonly [field: string]: unknown
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

/**
 * Something said, from then until the log holds it.
 *
 * `waiting` for its turn or a connection, `sending`, then `sent` (durable: it leaves the outbox); or `failed`, refused
 * with a code, or `unsure`, tried so long ago that the room cannot know whether it was: both stay until `retry` or
 * `withdraw`. `withdrawn` has left the outbox unsent.
 */
export interface Entry {
  /** Its idempotency-key. */
  readonly key: string
  readonly kind: 'message' | 'edit' | 'delete' | 'reaction'
  /** What its SEND carries. */
  readonly body: EntryBody
  /** Its place among all entries: smaller goes first. */
  readonly order: number
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unsure' | 'withdrawn'
  /** When it was said, and when it was first tried; milliseconds since 1970. */
  readonly at: number
  readonly since?: number
  /** Of the event, where `sent`. */
  readonly seq?: number
  /** Of the newest refusal. */
  readonly code?: string
  /** The key of the entry that was `unsure` and is said again by this one. */
  readonly replaces?: string
}

export interface EntryBody {
  readonly content?: string
  readonly replyTo?: number
  readonly seq?: number
  readonly reaction?: string
  readonly on?: boolean
}

/** Where entries outlive the client. One that fails or hangs is told of, and never holds up what is sent. */
export interface OutboxStore {
  /** All that are kept, in any order. */
  load(): Promise<Entry[]>
  put(entry: Entry): Promise<void>
  remove(key: string): Promise<void>
}

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

export interface RoomClient {
  /** Once in a life: a client that was stopped or has ended is followed by a new one. */
  start(): void
  /**
   * Leaves, and tells nothing any more. Resolves when no socket and no timer is left, and what was said is stored: a
   * client that goes on with it is started then.
   */
  stop(): Promise<void>

  /** Says a message; gives its key. What is said leaves in this order, whatever becomes of the connection. */
  send(content: string, more?: { readonly replyTo?: number }): string
  edit(seq: number, content: string): string
  remove(seq: number): string
  /** Gives a reaction, or with `on` false takes it back. */
  react(seq: number, reaction: string, on?: boolean): string
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

/** Milliseconds, but for `repairs`. */
export interface Timing {
  /** Until CONNECTED has come, and until a token and a ticket have. */
  readonly opening: number
  readonly preparing: number
  /** Until a RECEIPT has come: then the connection is left. */
  readonly receipt: number
  /** Until the beat that `probe` asks for has come. */
  readonly pulse: number
  readonly heartBeat: number
  /** Until the server has answered the farewell of `stop`. */
  readonly farewell: number
  /** The ceiling of the first wait, of the first one where the server asks for patience, and of the last. */
  readonly firstWait: number
  readonly longWait: number
  readonly lastWait: number
  /** The most that a server's Retry-After is waited for. */
  readonly longestAsked: number
  /** A connection that lasted so long was a good one: the waits start over. */
  readonly lasting: number
  readonly offlineLook: number
  /** From the RECEIPT of a SEND until its event is asked for. */
  readonly eventLate: number
  /** Without an event for so long, the log is subscribed to again; then after twice as long. 0: never. */
  readonly quiet: number
  /** Holes mended in a row before the connection is left. */
  readonly repairs: number
  /** What a store may take before it is given up. */
  readonly store: number
  /** While something is written, that is told once in so long. */
  readonly typing: number
  /** After the last key: then it is told that nothing is written any more. */
  readonly typingPause: number
  /** What was heard of somebody else's typing is good for so long. */
  readonly typingLasts: number
}

/** The world around the client. */
export interface Platform {
  /** Milliseconds since 1970. */
  now(): number
  /** In [0, 1). */
  random(): number
  /** A word that nobody has used before. */
  newKey(): string
  setTimeout(act: () => void, delay: number): unknown
  clearTimeout(timer: unknown): void
  isOnline(): boolean
  /** Listens to the network's comings and goings; gives the function that ends it. */
  onNetwork(up: () => void, down: () => void): () => void
}

/** A MESSAGE as stompjs gives it. */
export interface StompMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly binaryBody: Uint8Array
  ack(headers?: Record<string, string>): void
  nack(headers?: Record<string, string>): void
}

/** As much of stompjs's Client as is used. */
export type StompClientClass = new (config: StompClientConfig) => StompClient

export interface StompClient {
  readonly connected: boolean
  readonly webSocket: { readonly readyState: number; send(text: string): void } | undefined
  readonly stompVersions: { protocolVersions(): string[] }
  activate(): void
  deactivate(options?: { force?: boolean }): Promise<void>
  publish(frame: {
    destination: string
    headers?: Record<string, string>
    body?: string
    binaryBody?: Uint8Array
  }): void
  subscribe(
    destination: string,
    onMessage: (message: StompMessage) => void,
    headers?: Record<string, string>,
  ): { unsubscribe(): void }
  watchForReceipt(
    receipt: string,
    onReceipt: (frame: { readonly headers: Readonly<Record<string, string>> }) => void,
  ): void
}

export interface StompClientConfig {
  // biome-ignore lint/suspicious/noExplicitAny: a socket of whatever class the application gave.
  webSocketFactory?: () => any
  connectHeaders?: Record<string, string>
  reconnectDelay?: number
  heartbeatIncoming?: number
  heartbeatOutgoing?: number
  discardWebsocketOnCommFailure?: boolean
  forceBinaryWSFrames?: boolean
  onConnect?: () => void
  onStompError?: (frame: { readonly headers: Readonly<Record<string, string>> }) => void
  onHeartbeatReceived?: () => void
  onWebSocketClose?: (close: { readonly code: number; readonly reason: string }) => void
}

/** The platform's WebSocket, or that of `ws`. */
export type WebSocketClass = new (url: string, protocols: string[]) => object

/** A client of one room: see the README. Throws TypeError where it could not know where to begin. */
export function createRoomClient(options: RoomClientOptions): RoomClient
