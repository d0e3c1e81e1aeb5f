// A room out of what the outside brings, and its first look around when it wakes.

import { lookOf } from '../look.ts'
import { isBehind } from './connections/session.ts'
import { KeyedLog } from './keys/keyed-log.ts'
import { JOINS_BURST, JOINS_PER_SECOND, type RoomLimits } from './limits/limits.ts'
import { RateBuckets } from './limits/rate.ts'
import type { Log } from './log/event.ts'
import { People } from './people/people.ts'
import { PresenceBatch } from './people/presence-batch.ts'
import type {
  Connection,
  LookStore,
  QueueStore,
  RevocationStore,
  SettingsStore,
  StandingStore,
  TransactionStore,
} from './ports.ts'

/** What a room is made of. */
export interface RoomState {
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
  readonly presenceBatch: PresenceBatch
  /** When a full room was last searched for those that have vanished; milliseconds since 1970. */
  readonly lastSweep: { at: number }
  /** A fresh unique id, of letters, digits, `-` and `_`. */
  newId(): string
}

/** Where the next round of replays begins: a place in the list of connections. */
export interface Rotation {
  next: number
}

/** Something waits for a subscription: it goes on, or its reader is too slow for now. */
export type Backlog = 'moving' | 'stalled'

/** What the outside has to bring. */
export type RoomSetup = Omit<
  RoomState,
  | 'keyed'
  | 'sends'
  | 'frames'
  | 'joins'
  | 'stalls'
  | 'rotation'
  | 'people'
  | 'presenceBatch'
  | 'lastSweep'
  | 'ownerLook'
> & {
  /** What the fingerprints of idempotency-keys begin with: 32 bits, always the same here, and secret. */
  readonly keySeed: number
  readonly ownerName: string
}

export function createRoomState(needs: RoomSetup): RoomState {
  const { sendPerSecond, sendBurst, framesPerSecond, framesBurst, socketsPerPrincipal } =
    needs.limits
  return {
    ...needs,
    keyed: new KeyedLog(needs.log, needs.keySeed),
    stalls: new WeakMap(),
    rotation: { next: 0 },
    ownerLook: lookOf(needs.ownerName),
    people: new People(),
    presenceBatch: new PresenceBatch(),
    lastSweep: { at: 0 },
    sends: new RateBuckets({ perSecond: sendPerSecond, burst: sendBurst }),
    frames: new RateBuckets({ perSecond: framesPerSecond, burst: framesBurst }),
    joins: new RateBuckets({
      perSecond: JOINS_PER_SECOND * socketsPerPrincipal,
      burst: JOINS_BURST * socketsPerPrincipal,
    }),
  }
}

/** After an eviction some subscription may be behind; after a crash sessions are gone for good. */
export function wake({
  people,
  presenceBatch,
  transactions,
  ...parts
}: RoomState): Backlog | undefined {
  const connections = parts.connections()
  people.build(connections)
  presenceBatch.woke(people)
  const sessions = connections.map(({ session }) => session)
  const ids = sessions.flatMap((session) => (session.phase === 'connected' ? [session.id] : []))
  transactions.keep(new Set(ids))
  return sessions.some(isBehind) || parts.log.isEmptying ? 'moving' : undefined
}
