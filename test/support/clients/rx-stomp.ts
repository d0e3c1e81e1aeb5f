// @stomp/rx-stomp 2, as it comes.

import { RxStomp } from '@stomp/rx-stomp'
import type { Subscription } from 'rxjs'
import { Client, type ClientKind, current, type Entry, type Headers } from './client.ts'
import { bodyOf, shown, stompjsConfig, withNodesWebSocket } from './stompjs-5-to-7.ts'
import { Wire } from './wire.ts'

class RxStompClient extends Client {
  wire!: Wire
  readonly #client = new RxStomp()
  readonly #subscriptions = new Map<string, Subscription>()

  constructor(entry: Entry) {
    super()
    let url = ''
    this.#client.configure({
      ...stompjsConfig(entry),
      beforeConnect: async () => {
        url = await entry.ticketUrl()
      },
      webSocketFactory: () => {
        const socket = withNodesWebSocket(url)
        this.wire = new Wire(socket)
        return socket
      },
    })
    this.#client.serverHeaders$.subscribe((headers) =>
      this.heard.add({ command: 'CONNECTED', headers, body: '' }),
    )
    this.#client.unhandledMessage$.subscribe((message) => this.heard.add(shown(message)))
    this.#client.unhandledReceipts$.subscribe((frame) => this.heard.add(shown(frame)))
    this.#client.stompErrors$.subscribe((frame) => this.heard.add(shown(frame)))
    this.#client.activate()
  }

  override subscribe(id: string, destination: string, headers?: Headers | (() => Headers)): void {
    const subHeaders = () => ({ ...current(headers), id })
    const messages = this.#client.watch({ destination, subHeaders })
    this.#subscriptions.set(
      id,
      messages.subscribe((message) => this.heard.add(shown(message))),
    )
  }

  override unsubscribe(id: string): void {
    this.#subscriptions.get(id)?.unsubscribe()
  }

  override send(destination: string, body: string | Uint8Array, headers: Headers = {}): void {
    this.#client.publish({ destination, headers, ...bodyOf(body) })
  }

  // It has no transactions of its own: its users ask the client under it.
  override begin(transaction: string): void {
    this.#client.stompClient.begin(transaction)
  }

  override commit(transaction: string): void {
    this.#client.stompClient.commit(transaction)
  }

  override abort(transaction: string): void {
    this.#client.stompClient.abort(transaction)
  }

  override disconnect(): Promise<void> {
    return this.#client.deactivate()
  }
}

export const RX_STOMP: ClientKind = {
  name: '@stomp/rx-stomp 2',
  version: '1.2',
  bytes: true,
  escapes: true,
  splits: false,
  waits: true,
  reconnects: true,
  multiFrame: true,
  sends: 'text',
  connect: async (entry) => new RxStompClient(entry),
}
