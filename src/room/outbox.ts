// What one turn says, to whom, in order. It leaves when the turn is over, as one WebSocket message
// for each connection: so what failed on the way was never told, and many frames cost one send.

import type { Encoded } from '../stomp/encode.ts'
import type { Connection } from './connection.ts'

interface Parcel {
  frames: Encoded[]
  beat: boolean
  close: { readonly code: number; readonly reason: string } | undefined
}

const utf8 = new TextEncoder()

export class Outbox {
  readonly #parcels = new Map<Connection, Parcel>()

  /** Adds an encoded frame; nothing follows a close. */
  add(connection: Connection, frame: Encoded): void {
    const parcel = this.#parcel(connection)
    if (!parcel.close) parcel.frames.push(frame)
  }

  close(connection: Connection, code: number, reason: string): void {
    this.#parcel(connection).close ??= { code, reason }
  }

  /**
   * A sign of life, unless the turn says anything else to this connection. It never stands before a
   * frame: some clients take the empty line for its command.
   */
  beat(connection: Connection): void {
    this.#parcel(connection).beat = true
  }

  /** Sends everything, in one go. */
  flush(): void {
    for (const [connection, { frames, beat, close }] of this.#parcels) {
      if (beat && frames.length === 0 && !close) frames.push('\n')
      for (const message of messages(frames, connection.session.binary)) connection.send(message)
      if (close) connection.close(close.code, close.reason)
    }
    this.#parcels.clear()
  }

  #parcel(connection: Connection): Parcel {
    let parcel = this.#parcels.get(connection)
    if (!parcel) {
      parcel = { frames: [], beat: false, close: undefined }
      this.#parcels.set(connection, parcel)
    }
    return parcel
  }
}

/** Frames as WebSocket messages of the client's kind: one, but for octets that no text can carry. */
function messages(frames: readonly Encoded[], binary: boolean): Encoded[] {
  const packed: Encoded[] = []
  for (const frame of frames) {
    const last = packed.at(-1)
    if (typeof frame === 'string' && typeof last === 'string')
      packed[packed.length - 1] = last + frame
    else packed.push(frame)
  }
  return binary && packed.length > 0 ? [joined(packed)] : packed
}

function joined(parts: readonly Encoded[]): Uint8Array {
  const octets = parts.map((part) => (typeof part === 'string' ? utf8.encode(part) : part))
  const [only] = octets
  if (only && octets.length === 1) return only
  const whole = new Uint8Array(octets.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of octets) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
