// What a room needs of a live WebSocket, and no more.

import type { Encoded } from '../stomp/encode.ts'
import type { Session } from './connections/session.ts'

export interface Connection {
  /** Plain data; assigning it persists it. */
  session: Session
  /** True while the peer reads so slowly that what is sent would pile up. */
  readonly congested: boolean
  /** Whether the runtime has answered a heart-beat of it since a moment; milliseconds since 1970. */
  beatSince(moment: number): boolean
  /** When it answered the last one, as the runtime knows now; 0: none. Milliseconds since 1970. */
  readonly beatAt: number
  /** Sends one WebSocket message, text or binary. A connection that has gone is no error. */
  send(message: Encoded): void
  close(code: number, reason: string): void
}
