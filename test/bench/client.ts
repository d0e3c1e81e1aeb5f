// One member of a room, as cheap as a client can be. It knows no protocol: every frame ends with a
// NUL, and what a member sends comes back at every member exactly once.

import { WebSocket } from 'ws'

/** Somebody in the room. */
export interface Member {
  readonly url: string
  /** The sub-protocol offered, if any. */
  readonly protocol?: string
  /** Sent first. */
  readonly hello: readonly string[]
  /** How many frames answer that. */
  readonly welcome: number
  /** What stands before and after the content of a message; `{me}` is the name of the sender. */
  readonly head: string
  readonly tail: string
}

/** How a member talks. */
export interface Talk {
  /** How many of its messages may be on the way. */
  readonly window: number
  /** Octets of each. */
  readonly content: number
}

const NUL = 0
/** Stands around the time at which a message was sent, and in nothing else that is heard. */
const MARK = '~'.charCodeAt(0)
/** One message in so many carries its time. */
const MARKED = 16
/** Milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000

export class Client {
  /** Frames since the last reset. */
  heard = 0
  /** Messages since the last reset. */
  sent = 0
  /** Milliseconds that marked messages took to here, whoever sent them. */
  latencies: number[] = []
  /** Milliseconds until own messages came back. */
  roundTrips: number[] = []
  readonly #member: Member
  readonly #socket: WebSocket
  readonly #name: string
  readonly #proof: Buffer
  /** When each message on the way was sent, the oldest first. */
  readonly #onTheWay: number[] = []
  #talk: Talk | undefined

  constructor(member: Member, index: number, lost: (reason: string) => void) {
    this.#member = member
    this.#name = `^${index}^`
    this.#proof = Buffer.from(this.#name)
    this.#socket = new WebSocket(member.url, member.protocol ?? [], {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      // Because a load that costs much would be measured in place of the server.
      skipUTF8Validation: true,
    })
    this.#socket.on('open', () => {
      for (const frame of member.hello) this.#socket.send(frame)
    })
    this.#socket.on('message', (data: Buffer) => this.#hear(data))
    this.#socket.on('close', (code) => lost(`member ${index} was closed with ${code}`))
    this.#socket.on('error', ({ message }) => lost(`member ${index}: ${message}`))
  }

  get entered(): boolean {
    return this.#socket.readyState === WebSocket.OPEN && this.heard >= this.#member.welcome
  }

  reset(): void {
    this.heard = this.sent = 0
    this.latencies = []
    this.roundTrips = []
  }

  talk(talk: Talk): void {
    this.#talk = talk
    for (let index = 0; index < talk.window; index++) this.#send(talk)
  }

  hush(): void {
    this.#talk = undefined
  }

  #send({ content }: Talk): void {
    const now = performance.now()
    const mark = this.sent++ % MARKED === 0 ? `~${now.toFixed(3)}~` : ''
    const { head, tail } = this.#member
    const text = `${this.#name}${mark}`.padEnd(content, 'x')
    this.#onTheWay.push(now)
    this.#socket.send(head.replace('{me}', this.#name) + text + tail)
  }

  #hear(data: Buffer): void {
    const now = performance.now()
    for (let at = data.indexOf(NUL); at !== -1; at = data.indexOf(NUL, at + 1)) this.heard++
    for (let at = data.indexOf(MARK); at !== -1; at = data.indexOf(MARK, at + 1)) {
      const end = data.indexOf(MARK, at + 1)
      this.latencies.push(now - Number(data.toString('latin1', at + 1, end)))
      at = end
    }
    if (this.#onTheWay.length > 0) this.#hearOwn(data, now)
  }

  /** An own message that came back makes room for the next. */
  #hearOwn(data: Buffer, now: number): void {
    const proof = this.#proof
    for (let at = data.indexOf(proof); at !== -1; at = data.indexOf(proof, at + 1)) {
      this.roundTrips.push(now - (this.#onTheWay.shift() ?? now))
      if (this.#talk) this.#send(this.#talk)
    }
  }
}
