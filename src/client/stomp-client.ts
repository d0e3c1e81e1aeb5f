// The part of @stomp/stompjs that the client uses. The application passes the class in, so nothing
// here imports it.

/** A MESSAGE frame of stompjs. */
export interface StompMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly binaryBody: Uint8Array
  ack(headers?: Record<string, string>): void
  nack(headers?: Record<string, string>): void
}

/** The Client class of stompjs. */
export type StompClientClass = new (config: StompClientConfig) => StompClient

/** What the client calls of a Client of stompjs 7. */
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

/** What the client sets of its configuration; times in milliseconds. */
export interface StompClientConfig {
  // biome-ignore lint/suspicious/noExplicitAny: a socket of the application's own class.
  webSocketFactory?: () => any
  connectHeaders?: Record<string, string>
  reconnectDelay?: number
  heartbeatIncoming?: number
  heartbeatOutgoing?: number
  discardWebsocketOnCommFailure?: boolean
  forceBinaryWSFrames?: boolean
  onConnect?: () => void
  onStompError?: (frame: {
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }) => void
  onHeartbeatReceived?: () => void
  onWebSocketClose?: (close: { readonly code: number; readonly reason: string }) => void
}

/** The platform's WebSocket class, or that of the package `ws`. */
export type WebSocketClass = new (url: string, protocols: string[]) => object
