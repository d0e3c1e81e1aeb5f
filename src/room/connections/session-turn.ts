// What the rules of a connection need of a turn. A room has such turns, and so have the sockets of
// an account: the wire is the same.

import type { RefusalCode } from '../../refusals.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { RoomLimits } from '../limits/limits.ts'
import type { RateBuckets } from '../limits/rate.ts'
import type { Connection } from '../ports.ts'

/** Where the connections are. */
export interface SessionHost {
  readonly limits: Pick<RoomLimits, 'heartBeat' | 'socketsPerPrincipal' | 'maxSubscriptions'>
  /** Frames of each session. */
  readonly frames: RateBuckets
  readonly people: { connectionsOf(personId: string): readonly Connection[] }
  /** Every WebSocket, those about to close among them. */
  connections(): readonly Connection[]
  /** A new unique id, of letters, digits, `-` and `_`. */
  newId(): string
}

/** One synchronous stretch of work. What it says is sent when it is over. */
export interface SessionTurn {
  /** A room, or the sockets of an account. */
  readonly room: SessionHost
  /** Milliseconds since 1970. */
  readonly now: number
  readonly outbox: Outbox
  readonly deferred: {
    /** Connections found to be over, and why: they are ended with the turn. */
    readonly lost: Map<Connection, RefusalCode>
    /** Whether something waits for a subscription. `stalled`: its reader is too slow for now. */
    backlog: 'moving' | 'stalled' | undefined
  }
}
