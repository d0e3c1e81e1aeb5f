// What every STOMP client can do, whatever its API calls it: a scenario is written once and played
// by all of them. An adapter only translates; what a client cannot do stands in its kind.

import { Inbox } from '../inbox.ts'
import type { Person } from '../people.ts'
import type { Wire } from './wire.ts'

export type Headers = Record<string, string>

/** A frame as the client shows it to its user. */
export interface Heard {
  readonly command: 'CONNECTED' | 'MESSAGE' | 'RECEIPT' | 'ERROR'
  readonly headers: Readonly<Headers>
  readonly body: string
  /** The body as bytes, where the client can show them. */
  readonly bytes?: Uint8Array
  /** On a MESSAGE: the client's own way to acknowledge it. */
  ack?(headers?: Headers): void
  nack?(headers?: Headers): void
}

/** Where, as whom and how a client connects. */
export interface Entry {
  readonly person: Person
  /** Asked before every connection. */
  ticketUrl(): Promise<string>
  /** Milliseconds, both ways; the client's default without it. */
  readonly heartBeat?: number
  /** More headers of CONNECT, where its users set them. */
  readonly connectHeaders?: Headers
}

export interface ClientKind {
  readonly name: string
  /** The newest version that it offers. */
  readonly version: '1.1' | '1.2'
  /** Why it cannot be played here. */
  readonly missing?: string
  /** Sends and shows bodies that are not UTF-8. */
  readonly bytes: boolean
  /** Escapes header values, and undoes it. */
  readonly escapes: boolean
  /** Sends a long frame in pieces of 16 Ki UTF-16 units, wherever they end. */
  readonly splits: boolean
  /** Waits for the RECEIPT of its DISCONNECT; the others close in the same tick. */
  readonly waits: boolean
  /** Connects again by itself. */
  readonly reconnects: boolean
  /** Reads several frames of one WebSocket message, and its users may say `multi-frame`. */
  readonly multiFrame: boolean
  /** The kind of WebSocket message that it sends. */
  readonly sends: 'text' | 'binary'
  connect(entry: Entry): Promise<Client>
}

export abstract class Client {
  /** Everything it was told, in order. */
  readonly heard = new Inbox<Heard>()
  #receipts = 0

  /** What was seen on the WebSocket that it uses now. */
  abstract readonly wire: Wire
  /** Headers that are a function are asked again at every reconnection. */
  abstract subscribe(id: string, destination: string, headers?: Headers | (() => Headers)): void
  abstract unsubscribe(id: string): void
  abstract send(destination: string, body: string | Uint8Array, headers?: Headers): void
  abstract begin(transaction: string): void
  abstract commit(transaction: string): void
  abstract abort(transaction: string): void
  /** Leaves as its users make it leave. */
  abstract disconnect(): Promise<void>

  connected(): Promise<Heard> {
    return this.heard.find(({ command }) => command === 'CONNECTED')
  }

  error(): Promise<Heard> {
    return this.heard.find(({ command }) => command === 'ERROR')
  }

  /** Subscribes, and waits until the room has said so. */
  async listen(id: string, destination: string, headers: Headers = {}): Promise<void> {
    const receipt = this.newReceipt()
    this.subscribe(id, destination, { ...headers, receipt })
    await this.told(receipt)
  }

  /** Sends, and gives the RECEIPT. */
  ask(destination: string, body: string | Uint8Array, headers: Headers = {}): Promise<Heard> {
    const receipt = this.newReceipt()
    this.send(destination, body, { ...headers, receipt })
    return this.told(receipt)
  }

  /** Acknowledges a message, or says that it was not processed, and waits for the RECEIPT. */
  async settle(how: 'ack' | 'nack', message: Heard, headers: Headers = {}): Promise<void> {
    const receipt = this.newReceipt()
    message[how]?.({ ...headers, receipt })
    await this.told(receipt)
  }

  /** All messages of a subscription, as soon as there are so many. */
  messages(id: string, least: number): Promise<Heard[]> {
    return this.heard.count(least, isMessageOf(id))
  }

  /** Those that have come. */
  soFar(id: string): Heard[] {
    return this.heard.items.filter(isMessageOf(id))
  }

  newReceipt(): string {
    return `receipt-${++this.#receipts}`
  }

  told(receipt: string): Promise<Heard> {
    return this.heard.find(
      ({ command, headers }) => command === 'RECEIPT' && headers['receipt-id'] === receipt,
    )
  }
}

const isMessageOf =
  (id: string) =>
  ({ command, headers }: Heard) =>
    command === 'MESSAGE' && headers.subscription === id

/** What a user finds in `headers`, now. */
export const current = (headers: Headers | (() => Headers) = {}): Headers =>
  typeof headers === 'function' ? headers() : headers
