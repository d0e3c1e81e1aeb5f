// What a piece of the room's work is given: the room, the moment, and where to put what it says.

import type { AccessClaims } from '../auth/access-token.ts'
import type { RefusalCode } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import type { RevocationStore } from './connections/revocations.ts'
import type { Session } from './connections/session.ts'
import type { Outbox } from './delivery/outbox.ts'
import type { Replays, Rotation } from './delivery/replay.ts'
import type { KeyedLog } from './keys/keyed-log.ts'
import type { RoomLimits } from './limits/limits.ts'
import type { RateBuckets } from './limits/rate.ts'
import type { Event, Log } from './log/event.ts'
import type { LookStore } from './people/lookalikes.ts'
import type { People } from './people/people.ts'
import type { News } from './people/presence-batch.ts'
import type { SettingsStore } from './people/settings.ts'
import type { StandingStore } from './people/standings.ts'
import type { Connection } from './ports.ts'
import type { QueueStore } from './queues/payload.ts'
import type { TransactionStore } from './transactions.ts'

/** What a room is made of. */
export interface Parts {
  readonly id: string
  readonly limits: RoomLimits
  readonly log: Log
  readonly queues: QueueStore
  readonly transactions: TransactionStore
  readonly keyed: KeyedLog
  /** Messages of each principal. */
  readonly sends: RateBuckets
  /** Since when too much waits for a reader; milliseconds since 1970. */
  readonly stalls: WeakMap<Connection, number>
  readonly rotation: Rotation
  /** Frames of each session. */
  readonly frames: RateBuckets
  /** Sockets of each principal, as they come. */
  readonly joins: RateBuckets
  readonly ownerId: string
  /** What the owner's name looks like, by which the room was made. */
  readonly ownerLook: string
  readonly looks: LookStore
  readonly settings: SettingsStore
  readonly standings: StandingStore
  readonly revocations: RevocationStore
  /** Bytes that the room takes in storage: near enough, and cheap to ask for. */
  storedBytes(): number
  /** Runs writes of which all happen, or none. */
  atomically(writes: () => void): void
  /** Every WebSocket of the room, those about to close among them. */
  connections(): readonly Connection[]
  /** The connections by person. */
  readonly people: People
  /** Who came and went, where that is still to be told. */
  readonly news: News
  /** When a full room was last searched for those that have vanished; milliseconds since 1970. */
  readonly swept: { at: number }
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
  readonly fresh: Fresh
  readonly replays: Replays
  /** Bytes of work queues given out so far. */
  readonly queued: { bytes: number }
  /** What was read so far. */
  readonly read: { frames: number }
}

/** What was appended and is still to be delivered, all of it together. */
export interface Fresh {
  readonly events: Event[]
  /** Characters of their texts. */
  size: number
  /** What is told when it is: the RECEIPTs. */
  readonly answers: (() => void)[]
}

/** Something waits for a subscription: it goes on, or its reader is too slow for now. */
export type Behind = 'moving' | 'stalled'

/** What a turn leaves to be done. */
export interface Leftovers {
  /** Connections found to be over, and why: they are ended when the turn is. */
  readonly lost: Map<Connection, RefusalCode>
  /** Work queues with something new, or a consumer with room: they are shared out when the turn is over. */
  readonly queues: Set<string>
  behind: Behind | undefined
}

/** The token of a frame, verified before the turn: what it says, or why it does not hold. */
export type Credential =
  | { readonly claims: Pick<AccessClaims, 'principal' | 'sessionId' | 'version' | 'expiresAt'> }
  | {
      readonly refused: RefusalCode
      readonly detail?: string | undefined
    }

/** A frame to be answered, with whoever sent it. */
export interface Call<S extends Session = Session> extends Turn {
  readonly connection: Connection
  readonly session: S
  readonly frame: Frame
  /** Undefined where the frame carries no token. */
  readonly credential: Credential | undefined
}
