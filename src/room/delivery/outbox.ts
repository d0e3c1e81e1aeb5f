// What one turn says to each connection, in order. It is sent when the turn is over, so what failed
// was never told. Each frame is a WebSocket message of its own, except for clients that read
// several frames of one message.

import type { Encoded } from '../../stomp/encode.ts'
import { sharesMessages } from '../connections/session.ts'
import { CONNECTION_TURN_BYTES, QUEUED_MESSAGE_BYTES, ROOM_MOST_BYTES } from '../limits/limits.ts'
import type { Connection } from '../ports.ts'

interface Parcel {
  /** WebSocket messages: a frame each, or frames that share one. */
  readonly messages: (Encoded | Encoded[])[]
  beat: boolean
  /** What was put in, as `bytes` of the outbox counts it. */
  bytes: number
  close: { readonly code: number; readonly reason: string } | undefined
}

const utf8 = new TextEncoder()

/** What a turn says, by connection. `flush` sends it; until then nothing has left. */
export class Outbox {
  readonly #parcels = new Map<Connection, Parcel>()
  #bytes = 0

  /** R4: what was put in so far; a text counts one for each UTF-16 unit. */
  get bytes(): number {
    return this.#bytes
  }

  /** The same for one connection. */
  bytesFor(connection: Connection): number {
    return this.#parcels.get(connection)?.bytes ?? 0
  }

  /** R4: whether this turn has said to a connection, or to the room, as much as it may. */
  isFull(connection: Connection): boolean {
    // Nearly every turn ends here.
    if (this.#bytes < CONNECTION_TURN_BYTES) return false
    if (this.#bytes >= ROOM_MOST_BYTES) return true
    return this.bytesFor(connection) >= CONNECTION_TURN_BYTES
  }

  /** Adds an encoded frame; nothing follows a close. */
  add(connection: Connection, frame: Encoded): void {
    const parcel = this.#parcel(connection)
    if (!parcel.close) this.#put(parcel, frame, sharesMessages(connection.session))
  }

  /**
   * The same for several: frames, or texts of several frames where those may share a WebSocket
   * message.
   */
  addAll(connection: Connection, frames: readonly Encoded[]): void {
    const parcel = this.#parcel(connection)
    if (parcel.close) return
    const shared = sharesMessages(connection.session)
    for (const frame of frames) this.#put(parcel, frame, shared)
  }

  /** Closes the connection after what was said to it. The first close counts. */
  close(connection: Connection, code: number, reason: string): void {
    this.#parcel(connection).close ??= { code, reason }
  }

  /**
   * A heart-beat, unless the turn says anything else to this connection. It is never sent before a
   * frame: some clients take the empty line for its command.
   */
  beat(connection: Connection): void {
    this.#parcel(connection).beat = true
  }

  /** Sends everything, in one go. */
  flush(): void {
    for (const [connection, { messages, beat, close }] of this.#parcels) {
      if (beat && messages.length === 0 && !close) messages.push('\n')
      const { binary } = connection.session
      for (const message of messages) {
        if (!Array.isArray(message)) connection.send(binary ? bytesOf(message) : message)
        else if (binary) connection.send(joined(message))
        else for (const text of texts(message)) connection.send(text)
      }
      if (close) connection.close(close.code, close.reason)
    }
    this.#parcels.clear()
    this.#bytes = 0
  }

  #put(parcel: Parcel, frame: Encoded, shared: boolean): void {
    const { messages } = parcel
    let { length } = frame
    const last = shared ? messages.at(-1) : undefined
    if (Array.isArray(last)) last.push(frame)
    else if (messages.push(shared ? [frame] : frame) > 1) length += QUEUED_MESSAGE_BYTES
    parcel.bytes += length
    this.#bytes += length
  }

  #parcel(connection: Connection): Parcel {
    let parcel = this.#parcels.get(connection)
    if (!parcel) {
      parcel = { messages: [], beat: false, bytes: 0, close: undefined }
      this.#parcels.set(connection, parcel)
    }
    return parcel
  }
}

/** Frames as one text, except for bytes that no text can carry. */
function texts(frames: readonly Encoded[]): Encoded[] {
  const packed: Encoded[] = []
  for (const frame of frames) {
    const last = packed.at(-1)
    if (typeof frame === 'string' && typeof last === 'string') {
      packed[packed.length - 1] = last + frame
    } else packed.push(frame)
  }
  return packed
}

const bytesOf = (frame: Encoded) => (typeof frame === 'string' ? utf8.encode(frame) : frame)

function joined(parts: readonly Encoded[]): Uint8Array {
  const arrays = parts.map(bytesOf)
  const [only] = arrays
  if (only && arrays.length === 1) return only
  const whole = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of arrays) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
