// stompjs 2.3.3, the one that many pages still load, as it comes.

import Stomp, { type Client as Stompjs2Client } from 'stompjs'
import { WebSocket } from 'ws'
import { Client, type ClientKind, current, type Entry, type Headers, type Heard } from './client.ts'
import { Wire } from './wire.ts'

class Stompjs2 extends Client {
  readonly wire: Wire
  readonly #client: Stompjs2Client

  constructor(url: string, { person, heartBeat }: Entry) {
    super()
    const socket = new WebSocket(url, ['v10.stomp', 'v11.stomp'])
    this.wire = new Wire(socket)
    this.#client = Stomp.over(socket)
    if (heartBeat !== undefined) {
      this.#client.heartbeat = { outgoing: heartBeat, incoming: heartBeat }
    }
    this.#client.onreceipt = (frame) => this.heard.add(frame as Heard)
    this.#client.onreceive = (message) => this.heard.add(message as unknown as Heard)
    this.#client.connect(
      { Authorization: `Bearer ${person.accessToken}` },
      (frame) => this.heard.add(frame as Heard),
      (reason) => {
        if (typeof reason === 'string') this.heard.end(reason)
        else this.heard.add(reason as Heard)
      },
    )
  }

  override subscribe(id: string, destination: string, headers?: Headers | (() => Headers)): void {
    this.#client.subscribe(destination, (message) => this.heard.add(message as unknown as Heard), {
      ...current(headers),
      id,
    })
  }

  override unsubscribe(id: string): void {
    this.#client.unsubscribe(id)
  }

  override send(destination: string, body: string | Uint8Array, headers: Headers = {}): void {
    this.#client.send(destination, { ...headers }, String(body))
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

  /** Says DISCONNECT and closes in one tick. */
  override async disconnect(): Promise<void> {
    this.#client.disconnect()
  }
}

export const STOMPJS_2: ClientKind = {
  name: 'stompjs 2.3.3',
  version: '1.1',
  bytes: false,
  escapes: false,
  splits: true,
  waits: false,
  reconnects: false,
  multiFrame: false,
  sends: 'text',
  connect: async (entry) => new Stompjs2(await entry.ticketUrl(), entry),
}
