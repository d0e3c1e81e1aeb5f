// What one turn says, to whom, in order. It leaves when the turn is over, as one WebSocket message
// for each connection: so what failed on the way was never told, and many frames cost one send.

import type { Connection } from './connection.ts'

interface Parcel {
  frames: string
  close: { readonly code: number; readonly reason: string } | undefined
}

export class Outbox {
  readonly #parcels = new Map<Connection, Parcel>()

  /** Adds an encoded frame; nothing follows a close. */
  add(connection: Connection, frame: string): void {
    const parcel = this.#parcel(connection)
    if (!parcel.close) parcel.frames += frame
  }

  close(connection: Connection, code: number, reason: string): void {
    this.#parcel(connection).close ??= { code, reason }
  }

  /** Whether anything is to be said to this connection. */
  has(connection: Connection): boolean {
    return this.#parcels.has(connection)
  }

  /** Sends everything, in one go. */
  flush(): void {
    for (const [connection, { frames, close }] of this.#parcels) {
      if (frames !== '') connection.send(frames)
      if (close) connection.close(close.code, close.reason)
    }
    this.#parcels.clear()
  }

  #parcel(connection: Connection): Parcel {
    let parcel = this.#parcels.get(connection)
    if (!parcel) {
      parcel = { frames: '', close: undefined }
      this.#parcels.set(connection, parcel)
    }
    return parcel
  }
}
