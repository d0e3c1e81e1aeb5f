// @stomp/stompjs 5, 6 and 7, as they come: their API is one.

import {
  type IFrame,
  type IMessage,
  type StompConfig,
  Client as StompjsClient,
  Versions,
} from '@stomp/stompjs'
import { Client as Stompjs5Client } from 'stompjs-5'
import { Client as Stompjs6Client } from 'stompjs-6'
import { WebSocket as WsWebSocket } from 'ws'
import { Client, type ClientKind, current, type Entry, type Headers, type Heard } from './client.ts'
import { Wire } from './wire.ts'

class Stompjs extends Client {
  wire!: Wire
  readonly #client: StompjsClient
  readonly #subscriptions = new Map<string, () => void>()

  constructor(entry: Entry, StompjsClass: StompjsClass, open: Open, config: StompConfig) {
    super()
    let url = ''
    this.#client = new StompjsClass({
      ...stompjsConfig(entry),
      ...config,
      beforeConnect: async () => {
        url = await entry.ticketUrl()
      },
      webSocketFactory: () => {
        const socket = open(url)
        this.wire = new Wire(socket)
        return socket
      },
      onConnect: (frame) => {
        this.heard.add(shown(frame))
        // What its documentation tells to do: a reconnection has no subscriptions.
        for (const subscribe of this.#subscriptions.values()) subscribe()
      },
      onUnhandledMessage: (message) => this.heard.add(shown(message)),
      onUnhandledReceipt: (frame) => this.heard.add(shown(frame)),
      onStompError: (frame) => this.heard.add(shown(frame)),
    })
    this.#client.activate()
  }

  override subscribe(id: string, destination: string, headers?: Headers | (() => Headers)): void {
    const subscribe = () => {
      this.#client.subscribe(destination, (message) => this.heard.add(shown(message)), {
        ...current(headers),
        id,
      })
    }
    this.#subscriptions.set(id, subscribe)
    subscribe()
  }

  override unsubscribe(id: string): void {
    this.#subscriptions.delete(id)
    this.#client.unsubscribe(id)
  }

  override send(destination: string, body: string | Uint8Array, headers: Headers = {}): void {
    this.#client.publish({ destination, headers, ...bodyOf(body) })
  }

  override begin(transaction: string): void {
    this.#client.begin(transaction)
  }

  override commit(transaction: string): void {
    this.#client.commit(transaction)
  }

  override abort(transaction: string): void {
    this.#client.abort(transaction)
  }

  /** Version 5 gives no promise. */
  override async disconnect(): Promise<void> {
    await this.#client.deactivate()
  }
}

/** What the versions have in common. */
type StompjsClass = new (config: StompConfig) => StompjsClient

/** Opens the WebSocket that a client is given. */
export type Open = (url: string) => WebSocket | WsWebSocket

const PROTOCOLS = Versions.default.protocolVersions()

export const withNodesWebSocket: Open = (url) => new WebSocket(url, PROTOCOLS)
export const withWs: Open = (url) => new WsWebSocket(url, PROTOCOLS)

/** What stompjs and rx-stomp, which is built on it, are configured with alike. */
export const stompjsConfig = ({ person, heartBeat, connectHeaders }: Entry) => ({
  connectHeaders: { Authorization: `Bearer ${person.accessToken}`, ...connectHeaders },
  reconnectDelay: 50,
  ...(heartBeat === undefined
    ? {}
    : { heartbeatIncoming: heartBeat, heartbeatOutgoing: heartBeat }),
})

export const bodyOf = (body: string | Uint8Array) =>
  typeof body === 'string' ? { body } : { binaryBody: body }

export function shown(frame: IFrame | IMessage): Heard {
  const { command, headers, body, binaryBody } = frame
  const acknowledgeable =
    'ack' in frame
      ? {
          ack: (more?: Headers) => frame.ack(more),
          nack: (more?: Headers) => frame.nack(more),
        }
      : {}
  return {
    command: command as Heard['command'],
    headers,
    body,
    bytes: binaryBody,
    ...acknowledgeable,
  }
}

const COMMON = {
  version: '1.2',
  bytes: true,
  escapes: true,
  splits: false,
  waits: true,
  reconnects: true,
  multiFrame: true,
} as const

const stompjs = (version: number, StompjsClass: StompjsClass): ClientKind => ({
  ...COMMON,
  name: `@stomp/stompjs ${version}`,
  sends: 'text',
  connect: async (entry) => new Stompjs(entry, StompjsClass, withNodesWebSocket, {}),
})

export const STOMPJS_5 = stompjs(5, Stompjs5Client as unknown as StompjsClass)
export const STOMPJS_6 = stompjs(6, Stompjs6Client as unknown as StompjsClass)
export const STOMPJS_7 = stompjs(7, StompjsClient)

export const STOMPJS_7_BINARY: ClientKind = {
  ...COMMON,
  name: '@stomp/stompjs 7 with forceBinaryWSFrames',
  sends: 'binary',
  connect: async (entry) =>
    new Stompjs(entry, StompjsClient, withWs, { forceBinaryWSFrames: true }),
}
