// What passes on a WebSocket that belongs to a client: looked at from beside it, never touched.

import { Inbox } from '../inbox.ts'
import type { Close } from '../stomp-socket.ts'

/** As much of a WebSocket as both Node's own and that of `ws` have. */
export interface Watched {
  readonly protocol: string | null
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: Close) => void): void
}

export class Wire {
  /** What came in, message by message; bytes as latin1. */
  readonly messages = new Inbox<string>()
  /** When each heart-beat came; milliseconds since 1970. */
  readonly beats = new Inbox<number>()
  /** Kinds of the messages that came in. */
  readonly kinds = new Set<'text' | 'binary'>()
  readonly closed: Promise<Close>
  readonly #socket: Watched

  constructor(socket: Watched) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      const text = typeof data === 'string'
      this.kinds.add(text ? 'text' : 'binary')
      const message = text ? data : Buffer.from(data as ArrayBuffer).toString('latin1')
      if (message === '\n') this.beats.add(Date.now())
      else this.messages.add(message)
    })
    this.closed = new Promise((resolve) => {
      socket.addEventListener('close', ({ code, reason }) => {
        this.messages.end(`closed ${code} ${reason}`)
        this.beats.end(`closed ${code} ${reason}`)
        resolve({ code, reason })
      })
    })
  }

  /** The sub-protocol that was chosen. */
  get protocol(): string | null {
    return this.#socket.protocol
  }
}
