// R2, R4: how much waits in a WebSocket for its peer, so that a slow reader is noticed.

import { CONNECTION_TURN_BYTES, QUEUED_MESSAGE_BYTES } from '../../../room/limits/limits.ts'

/** Bytes waiting in a socket beyond which nothing more is put into it: a few turns' worth. */
const MOST_BYTES = 8 * CONNECTION_TURN_BYTES

/** The weight of one message in the average length. */
const WEIGHT = 1 / 16

/** Bytes at most of a UTF-16 unit, and of a WebSocket message's header (RFC 6455, 5.2). */
const MOST_OF_A_UNIT = 3
const MOST_OF_A_HEADER = 10

/** What waits in one WebSocket, in bytes of memory. The runtime is asked only if need be. */
export class SendBuffer {
  readonly #ws: WebSocket
  /** An upper bound of the bytes of memory that wait in the socket. Unknown after an eviction. */
  #most = Number.POSITIVE_INFINITY
  /** The recent average length of messages. Short ones take more memory than their bytes. */
  #usualLength = QUEUED_MESSAGE_BYTES

  constructor(ws: WebSocket) {
    this.#ws = ws
  }

  /** Whether nothing more is put in. */
  get isFull(): boolean {
    return this.holdsMoreThan(MOST_BYTES)
  }

  /** Whether more than so many bytes wait for the peer. */
  holdsMoreThan(bytes: number): boolean {
    if (this.#most <= bytes) return false
    const buffered = (this.#ws as { bufferedAmount?: number }).bufferedAmount ?? 0
    const messages = Math.ceil(buffered / this.#usualLength)
    this.#most = buffered + messages * QUEUED_MESSAGE_BYTES
    return this.#most > bytes
  }

  /** A message of that length is put in. */
  add(length: number): void {
    this.#most += MOST_OF_A_UNIT * length + MOST_OF_A_HEADER + QUEUED_MESSAGE_BYTES
    this.#usualLength += (length - this.#usualLength) * WEIGHT
  }
}
