// What a piece of the room's work is given: the room, the moment, and where to put what it says.

import type { AccessClaims } from '../auth/access-token.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Connection } from './connection.ts'
import type { RoomLimits } from './limits.ts'
import type { Log } from './log.ts'
import type { Outbox } from './outbox.ts'
import type { RateBuckets } from './rate.ts'
import type { RecentKeys } from './recent-keys.ts'
import type { Session } from './session.ts'

/** What a room is made of. */
export interface Parts {
  readonly id: string
  readonly limits: RoomLimits
  readonly log: Log
  readonly keys: RecentKeys
  readonly rates: RateBuckets
  /** Every WebSocket of the room, those about to close among them. */
  connections(): Iterable<Connection>
  /** A fresh unique id, of letters, digits, `-` and `_`. */
  newId(): string
}

/** One synchronous stretch of work. What it says leaves when it is over. */
export interface Turn {
  readonly room: Parts
  /** Milliseconds since 1970. */
  readonly now: number
  readonly outbox: Outbox
  readonly leftovers: Leftovers
}

export type Behind = 'moving' | 'stalled'

/** What a turn leaves to be done. */
export interface Leftovers {
  /** Connections found to be over, and why: they are ended when the turn is. */
  readonly lost: Map<Connection, 'token-expired' | 'no-sign-of-life'>
  /** Some subscription is behind the head of the log; all such are, for readers too slow: stalled. */
  behind: Behind | undefined
}

/** The token of a frame, verified before the turn: what it says, or why it does not hold. */
export type Credential =
  | { readonly claims: Omit<AccessClaims, 'sessionId' | 'signedInAt'> }
  | { readonly refused: 'token-invalid' | 'token-expired' | 'unavailable' }

/** A frame to be answered, with whoever sent it. */
export interface Call<S extends Session = Session> extends Turn {
  readonly connection: Connection
  readonly session: S
  readonly frame: Frame
  /** Undefined where the frame carries no token. */
  readonly credential: Credential | undefined
}
