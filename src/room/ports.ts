// What a room needs of the outside: every interface that its shell implements, by kind in ports/.

import type { RoomLimits } from './limits/limits.ts'
import type { Connection } from './ports/connections.ts'
import type { KeyedRows, Log } from './ports/log.ts'
import type {
  ClearingStore,
  InvitationStore,
  MemberStore,
  ModerationStore,
  ProfileStore,
  ReportStore,
  RevocationStore,
} from './ports/people.ts'
import type {
  KeptWatcher,
  LookStore,
  OwnListStore,
  PinStore,
  QueueStore,
  TransactionStore,
} from './ports/stores.ts'

export type * from './ports/connections.ts'
export type * from './ports/log.ts'
export type * from './ports/people.ts'
export type * from './ports/stores.ts'

/** Everything that the outside brings to a room. */
export interface RoomPorts {
  readonly id: string
  readonly limits: RoomLimits
  /** A secret 32-bit integer, always the same: the seed of fingerprints of idempotency-keys. */
  readonly keySeed: number
  readonly log: Log & KeyedRows
  readonly queues: QueueStore
  readonly transactions: TransactionStore
  readonly looks: LookStore
  readonly ownLists: OwnListStore
  readonly pins: PinStore
  readonly reports: ReportStore
  readonly profile: ProfileStore
  readonly members: MemberStore
  readonly invitations: InvitationStore
  readonly moderation: ModerationStore
  readonly clearings: ClearingStore
  readonly revocations: RevocationStore
  /** Those whose lists of rooms showed this one, as they were kept last. */
  readonly watchers: readonly KeptWatcher[]
  /** Bytes of the room in storage. Approximate, and cheap to ask for. */
  storedBytes(): number
  /** Runs writes of which all happen, or none. */
  atomically(writes: () => void): void
  /** Every WebSocket of the room, those about to close among them. */
  connections(): readonly Connection[]
  /** The clock: milliseconds since 1970. */
  now(): number
  /** A new unique id, of letters, digits, `-` and `_`. */
  newId(): string
  /** A new secret of a hook. */
  newSecret(): string
}
