// webstomp-client 1.2, as it comes. The access token is its passcode.

import webstomp, {
  type Frame,
  type Message,
  type Options,
  type Client as WebstompClient,
} from 'webstomp-client'
import { WebSocket as WsWebSocket } from 'ws'
import { Client, type ClientKind, current, type Entry, type Headers, type Heard } from './client.ts'
import { Wire } from './wire.ts'

class Webstomp extends Client {
  readonly wire: Wire
  readonly #client: WebstompClient

  constructor(client: WebstompClient, { person }: Entry) {
    super()
    this.#client = client
    this.wire = new Wire(client.ws)
    client.onreceipt = (frame) => this.heard.add(shown(frame))
    // Its types forget it.
    Object.assign(client, { onreceive: (message: Message) => this.heard.add(shown(message)) })
    client.connect(
      'anything',
      person.accessToken,
      (frame) => frame && this.heard.add(shown(frame)),
      (reason) => {
        if ('command' in reason) this.heard.add(shown(reason))
        else this.heard.end(`closed ${reason.code}`)
      },
    )
  }

  override subscribe(id: string, destination: string, headers?: Headers | (() => Headers)): void {
    this.#client.subscribe(destination, (message) => this.heard.add(shown(message)), {
      ...current(headers),
      id,
    })
  }

  override unsubscribe(id: string): void {
    this.#client.unsubscribe(id)
  }

  override send(destination: string, body: string | Uint8Array, headers: Headers = {}): void {
    this.#client.send(destination, String(body), headers)
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

const shown = (frame: Frame | Message) => frame as unknown as Heard

const PROTOCOLS = ['v10.stomp', 'v11.stomp', 'v12.stomp']

const optionsOf = ({ heartBeat }: Entry): Options => ({
  debug: false,
  protocols: PROTOCOLS,
  ...(heartBeat === undefined ? {} : { heartbeat: { outgoing: heartBeat, incoming: heartBeat } }),
})

const COMMON = {
  version: '1.2',
  bytes: false,
  escapes: false,
  waits: false,
  reconnects: false,
  multiFrame: false,
} as const

export const WEBSTOMP: ClientKind = {
  ...COMMON,
  name: 'webstomp-client 1.2',
  splits: true,
  sends: 'text',
  async connect(entry) {
    return new Webstomp(webstomp.client(await entry.ticketUrl(), optionsOf(entry)), entry)
  },
}

export const WEBSTOMP_BINARY: ClientKind = {
  ...COMMON,
  name: 'webstomp-client 1.2 with binary',
  splits: false,
  sends: 'binary',
  async connect(entry) {
    const socket = new WsWebSocket(await entry.ticketUrl(), PROTOCOLS)
    return new Webstomp(webstomp.over(socket, { ...optionsOf(entry), binary: true }), entry)
  },
}
