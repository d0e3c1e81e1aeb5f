// Somebody in a room with the STOMP client that most people use: @stomp/stompjs, as it comes.

import { Client, type IFrame, type IMessage, type StompConfig } from '@stomp/stompjs'
import { expect } from 'vitest'
import { Inbox } from './inbox.ts'
import { type Person, ticketUrl } from './people.ts'

/** An event as it stands in a MESSAGE and in a page. */
export interface ChatEvent {
  readonly seq: number
  readonly n: number
  readonly type: string
  readonly at: string
  readonly sender: { readonly id: string; readonly name: string }
  readonly content: string
  readonly idempotencyKey?: string
  readonly replyTo?: number
}

export class Chatter {
  readonly roomId: string
  readonly client: Client
  readonly receipts = new Inbox<IFrame>()
  readonly errors = new Inbox<IFrame>()
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  #count = 0

  constructor(roomId: string, config: StompConfig) {
    this.roomId = roomId
    this.client = new Client({ reconnectDelay: 0, ...config })
    this.client.onUnhandledReceipt = (frame) => this.receipts.add(frame)
    this.client.onStompError = (frame) => this.errors.add(frame)
    this.closed = new Promise((resolve) => {
      this.client.onWebSocketClose = ({ code, reason }) => {
        this.receipts.end(`closed ${code}`)
        this.errors.end(`closed ${code}`)
        resolve({ code, reason })
      }
    })
  }

  /** Subscribes, and waits until the room has said so. */
  async listen(
    destination: string,
    headers: Record<string, string> = {},
  ): Promise<Inbox<IMessage>> {
    const messages = new Inbox<IMessage>()
    const receipt = this.#receipt()
    this.client.subscribe(destination, (message) => messages.add(message), { ...headers, receipt })
    await this.#told(receipt)
    return messages
  }

  /** The log of the room, after a seq or from now on. */
  log(after?: number): Promise<Inbox<IMessage>> {
    const headers: Record<string, string> = after === undefined ? {} : { after: String(after) }
    return this.listen(`/topic/chat/room/${this.roomId}`, headers)
  }

  signals(): Promise<Inbox<IMessage>> {
    return this.listen(`/topic/rooms/${this.roomId}`)
  }

  /** Sends a message and waits for its RECEIPT, which tells the seq. */
  async send(body: string | object, headers: Record<string, string> = {}): Promise<number> {
    const receipt = this.#receipt()
    this.client.publish({
      destination: '/pub/send/message',
      headers: { ...headers, receipt },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return Number((await this.#told(receipt)).headers.seq)
  }

  /** Says DISCONNECT, waits for its RECEIPT and closes. */
  leave(): Promise<void> {
    return this.client.deactivate()
  }

  #receipt(): string {
    return `receipt-${++this.#count}`
  }

  #told(receipt: string): Promise<IFrame> {
    return this.receipts.find(({ headers }) => headers['receipt-id'] === receipt)
  }
}

/** Goes into a room with a fresh ticket. */
export async function enter(
  url: string,
  person: Person,
  roomId: string,
  config: StompConfig = {},
): Promise<Chatter> {
  const chatter = new Chatter(roomId, {
    brokerURL: await ticketUrl(url, person, roomId),
    connectHeaders: { Authorization: `Bearer ${person.accessToken}` },
    ...config,
  })
  await new Promise<void>((resolve, reject) => {
    chatter.client.onConnect = () => resolve()
    chatter.errors.find(() => true).then(({ body }) => reject(new Error(body)), reject)
    chatter.client.activate()
  })
  return chatter
}

export const eventOf = (message: IMessage): ChatEvent => JSON.parse(message.body)

/** `[seq, prev]` of each message, as its headers tell. */
export const chainOf = (messages: readonly IMessage[]): [number, number][] =>
  messages.map(({ headers }) => [Number(headers.seq), Number(headers.prev)])

/** `[seq, prev]` of each message between two seqs when nothing is missing and nothing doubled. */
export const chain = (first: number, last: number): [number, number][] =>
  Array.from({ length: last - first + 1 }, (_, index) => [first + index, first + index - 1])

/** A person as clients see one. */
export const user = ({ id, name }: Person) => ({ id, name, guest: true })

/** What an event must be, at whatever time it was said. */
export const said = (seq: number, person: Person, rest: object) => ({
  seq,
  n: expect.any(Number),
  type: 'message',
  at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  sender: user(person),
  ...rest,
})
