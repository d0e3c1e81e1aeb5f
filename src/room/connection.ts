// What a room needs of a live WebSocket, and no more.

import type { Session } from './session.ts'

export interface Connection {
  /** Plain data; assigning it persists it. */
  session: Session
  /** True while the peer reads so slowly that what is sent would pile up. */
  readonly congested: boolean
  /** Whether the runtime has answered a heart-beat of it since a moment; milliseconds since 1970. */
  beatSince(moment: number): boolean
  /** Sends text as one WebSocket message, in the client's kind. A connection that has gone is no error. */
  send(text: string): void
  close(code: number, reason: string): void
}
