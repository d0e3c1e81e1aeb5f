// Many sockets of one person in one room, as cheap as can be: they are counted, not read.

import { WebSocket } from 'ws'
import type { Person } from '../support/people.ts'
import { frameText } from '../support/stomp-socket.ts'

/** Sockets that come in at a time. */
const TOGETHER = 50

export class Crowd {
  readonly #url: string
  readonly #person: Person
  readonly #room: string
  readonly #sockets: WebSocket[] = []
  /** WebSocket messages heard by all since the last time that something was awaited. */
  #heard = 0
  #awaited = Number.POSITIVE_INFINITY
  #arrived = () => {}
  #lost: (reason: Error) => void = () => {}

  constructor(url: string, person: Person, room: string) {
    this.#url = url.replace(/^http/, 'ws')
    this.#person = person
    this.#room = room
  }

  get size(): number {
    return this.#sockets.length
  }

  /**
   * Adds sockets until there are so many, or it is so late (as performance.now() tells). Throws
   * where one is refused; those that came in stay.
   */
  async grow(size: number, until: number): Promise<void> {
    while (this.size < size && performance.now() < until) {
      const more = Math.min(TOGETHER, size - this.size)
      const entering = Array.from({ length: more }, () => this.#enter())
      for (const entered of await Promise.allSettled(entering)) {
        if (entered.status === 'rejected') throw entered.reason
        this.#sockets.push(entered.value)
      }
    }
  }

  /** Everybody listens to the log. */
  async subscribe(): Promise<void> {
    const destination = `/topic/chat/room/${this.#room}`
    const frame = frameText('SUBSCRIBE', { id: 'log', destination, receipt: 'r' })
    for (let from = 0; from < this.size; from += TOGETHER) {
      const some = this.#sockets.slice(from, from + TOGETHER)
      await this.#hear(some.length, () => {
        for (const socket of some) socket.send(frame)
      })
    }
  }

  /** Everybody sends a heart-beat, and is answered. */
  beat(): Promise<void> {
    return this.#hear(this.size, () => {
      for (const socket of this.#sockets) socket.send('\n')
    })
  }

  /** The first says something, and everybody hears it. */
  say(content: string): Promise<void> {
    return this.#hear(this.size, () => {
      const headers = { destination: '/pub/send/message', 'content-type': 'text/plain' }
      this.#sockets[0]?.send(frameText('SEND', headers, content))
    })
  }

  close(): void {
    this.#lost = () => {}
    for (const socket of this.#sockets) socket.terminate()
  }

  #enter(): Promise<WebSocket> {
    const headers = { Authorization: `Bearer ${this.#person.accessToken}` }
    const socket = new WebSocket(`${this.#url}/chat?room=${this.#room}`, 'v12.stomp', {
      headers,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    })
    return new Promise((resolve, reject) => {
      // Every error, the later ones too: a socket without a listener would end the process.
      socket.on('error', reject)
      socket.on('unexpected-response', (_, { statusCode }) =>
        reject(new Error(`the upgrade was answered by ${statusCode}`)),
      )
      socket.on('open', () =>
        socket.send(frameText('CONNECT', { 'accept-version': '1.2', ...headers })),
      )
      socket.once('message', (data) => {
        if (!String(data).startsWith('CONNECTED')) reject(new Error(String(data)))
        socket.on('message', () => this.#count())
        socket.on('close', (code) => this.#lost(new Error(`a socket was closed with ${code}`)))
        resolve(socket)
      })
    })
  }

  /** Does something, and waits until so many messages have come. */
  #hear(count: number, work: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#heard = 0
      this.#awaited = count
      this.#arrived = resolve
      this.#lost = reject
      work()
    })
  }

  #count(): void {
    if (++this.#heard === this.#awaited) this.#arrived()
  }
}
