// What a room needs of the outside: every interface that its shell implements stands here.

import type { Revocation } from '../auth/bearer.ts'
import type { AccessClaims } from '../auth/tokens/access-token.ts'
import type { Refusal, RefusalCode } from '../refusals.ts'
import type { Decoder } from '../stomp/decoder.ts'
import type { Encoded } from '../stomp/encode.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Session } from './connections/session.ts'
import type { KeyBlock, KeyedSeq } from './keys/key-window.ts'
import type { RoomLimits } from './limits/limits.ts'
import type { Draft, Event, MessageEntry } from './log/event.ts'
import type { Invitation } from './membership/invitation.ts'
import type { MemberPlace, MemberRow } from './membership/member.ts'
import type { RoomProfile } from './membership/profile.ts'
import type { Clearing, ModerationEntry, NewModerationEntry } from './moderation/act.ts'
import type { NewReport, Report, ReportsQuery, Settlement } from './moderation/report.ts'
import type { Payload, QueuedMessage, QueueSize } from './queues/queued-message.ts'

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
  readonly pins: PinStore
  readonly reports: ReportStore
  readonly profile: ProfileStore
  readonly members: MemberStore
  readonly invitations: InvitationStore
  readonly moderation: ModerationStore
  readonly clearings: ClearingStore
  readonly revocations: RevocationStore
  /** Bytes that the room takes in storage: near enough, and cheap to ask for. */
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

/** A live WebSocket. */
export interface Connection {
  /** Plain data; assigning it persists it. */
  session: Session
  /** True while the peer reads so slowly that what is sent would pile up. */
  readonly congested: boolean
  /** Whether the runtime has answered a heart-beat of it since then; milliseconds since 1970. */
  beatSince(time: number): boolean
  /** When it answered the last one, as the runtime knows now; 0: none. Milliseconds since 1970. */
  readonly beatAt: number
  /** Sends one WebSocket message, text or binary. A connection that has gone is no error. */
  send(message: Encoded): void
  close(code: number, reason: string): void
}

/** A connection with what has come on it and was not read yet. */
export interface Inbound extends Connection {
  readonly decoder: Decoder
  /** Messages that have come and were not read yet. */
  readonly inbox: (string | ArrayBuffer)[]
  /** How many frames there were before the message that is being read. */
  begun: number | undefined
  /** How long one frame may stay unfinished; milliseconds. */
  readonly frameMs: number
}

/** What is to become of a message after its hook was asked. */
export interface HookVerdict {
  /** Undefined: it may be published. */
  readonly refusal?: Refusal
  /** It was checked and charged before the hook was asked. */
  readonly isCharged: boolean
}

/** A connection that is to be read. */
export interface Arrival {
  readonly connection: Inbound
  /** A frame that was read before, with what its token says: it is answered first. */
  readonly verified?: {
    readonly frame: Frame
    /** Undefined where the frame carries no token. */
    readonly credential: Credential | undefined
    /** Whether this token was not seen on this connection before. */
    readonly isNew: boolean
    /** What the hook said of it; undefined where nobody was to be asked. */
    readonly hook?: HookVerdict | undefined
  }
}

/**
 * What is left of an arrival: a frame that waits for its token or for the hook, more to read, or
 * nothing.
 */
export type Reading = Frame | 'more' | undefined

/** The token of a frame, verified before its turn: what it says, or why it does not hold. */
export type Credential =
  | { readonly claims: Pick<AccessClaims, 'principal' | 'sessionId' | 'version' | 'expiresAt'> }
  | { readonly refused: RefusalCode; readonly detail?: string | undefined }

/** The ordered durable events of a room. They are appended with their keys: see KeyedRows. */
export interface Log {
  /** The last seq; 0 in an empty log. */
  head(): number
  /** The event of a seq, if there is one. */
  find(seq: number): Event | undefined
  /** Replaces what the event of that seq tells; its type, time, sender and key stay. One row. */
  amend(event: MessageEntry): void
  /**
   * Takes the texts out of the edits of a message that is being deleted: one row each, at most
   * `limit` now. All are told as empty at once. `emptyMore` goes on, also after an eviction.
   */
  emptyEdits(message: MessageEntry, limit: number): void
  /** Goes on with what is left of one message, at most `limit` edits. */
  emptyMore(limit: number): void
  /** Whether something is left. */
  readonly isEmptying: boolean
  /** The seqs of somebody's messages between two seqs that are not deleted, the newest first. */
  messagesOf(personId: string, after: number, before: number): number[]
  /** Who sent a message after a time, among the newest `events`, and when each did last. */
  lastMessages(since: number, events: number): Iterable<readonly [personId: string, at: number]>
  /** At most `limit` events after `seq`, ascending. They are read as far as they are taken. */
  after(seq: number, limit: number): Iterable<Event>
  /** The same of those before `seq`: the newest ones, ascending. */
  before(seq: number, limit: number): Iterable<Event>
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** The same events, appended with what `keys/` remembers of their keys in the same row. */
export interface KeyedRows extends Pick<Log, 'head' | 'find'> {
  /**
   * L1: writes one row. Returns the event with the next seq. If it throws, nothing is written.
   *
   * @param block fingerprints kept in the same row, and given back by `blocks`.
   * @param request a fingerprint kept in the same row, given back by `requestFingerprint`.
   */
  append(draft: Draft, block?: Uint32Array, request?: number): Event
  /** The fingerprint of the request that led to the event of a seq, if it was kept. */
  requestFingerprint(seq: number): number | undefined
  /** The keys of the events after a seq and up to another, ascending; of a few hundred at most. */
  keys(after: number, upTo: number): Iterable<KeyedSeq>
  /** The fingerprints kept with these seqs, in their order; none for a seq without an event. */
  blocks(seqs: readonly number[]): Iterable<KeyBlock>
}

/** Work queues: a message is stored until it is acknowledged. */
export interface QueueStore {
  /** Writes one row. */
  put(queue: string, senderId: string, load: Payload, now: number): void
  /** The oldest messages whose ids are not among `except`, at most `limit`. */
  next(queue: string, except: ReadonlySet<number>, limit: number): QueuedMessage[]
  /** What is in one of them. */
  payload(queue: string, id: number): Payload | undefined
  /** Counts one more delivery: writes one row. */
  delivered(queue: string, id: number): void
  /** Removes one row. */
  remove(queue: string, id: number): void
  /** Counts a message that was given up; gives how many of this queue were so far. */
  dropped(queue: string): number
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
  /** All that waits in the room. */
  size(): QueueSize
  /** What of it one person has sent. */
  sizeOf(senderId: string): QueueSize
  /** The queues in which something waits. */
  names(): { readonly size: number; has(queue: string): boolean }
}

/** The frames of open transactions: stored, so an eviction before COMMIT changes nothing (H1). */
export interface TransactionStore {
  /** Adds a frame to a transaction of a session: writes one row. */
  add(sessionId: string, transaction: number, frame: Frame): void
  /** The frames of a transaction, in the order added. */
  frames(sessionId: string, transaction: number): Frame[]
  /** Forgets a transaction, or all of a session. */
  remove(sessionId: string, transaction?: number): void
  /** Forgets the transactions of all sessions but these. */
  keep(sessionIds: ReadonlySet<string>): void
}

/** What the names of the owner and the moderators look like. They keep them while they are away. */
export interface LookStore {
  /** The ids of people whose name looks like this. Some of them may no longer be moderators. */
  holders(look: string): readonly string[]
  /** Replaces what the name of a person looks like; undefined: forgets it. */
  keep(personId: string, look: string | undefined): unknown
}

/** The pinned messages, each with the seq of the event that pinned it. A change writes one row. */
export interface PinStore {
  get(seq: number): number | undefined
  add(seq: number, pinned: number): void
  remove(seq: number): void
  /** Their seqs, the newest pin first. */
  all(): readonly number[]
  forget(): void
}

/** Messages that were reported to the moderators. */
export interface ReportStore {
  /** Writes one row. Where there are more than `most` then, the oldest settled one goes. */
  add(report: NewReport, most: number): Report
  find(id: number): Report | undefined
  /** The open reports of a person. */
  openOf(personId: string): Report[]
  readonly openCount: number
  /** The newest first. */
  page(query: ReportsQuery): Report[]
  /** Writes one row. */
  settle(id: number, settlement: Settlement): unknown
}

/** What the room is. */
export interface ProfileStore {
  get(): RoomProfile
  /**
   * Replaces it: writes one row.
   *
   * @param hookSecret a new one, null for none any more, undefined where it stays.
   */
  set(profile: RoomProfile, hookSecret?: string | null): unknown
  /** The secret of the hook, where it has one. */
  readonly hookSecret: string | undefined
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** Members, and others whose role was set: a row for each. */
export interface MemberStore {
  get(personId: string): MemberRow | undefined
  /** Writes one row. */
  put(member: MemberRow): unknown
  /** The row goes. */
  remove(personId: string): unknown
  /** How many rows there are. */
  readonly size: number
  /**
   * Those whose name key begins with a text, by role (the highest first), name key and id.
   *
   * @param all also those who are no members, and the banned.
   */
  page(prefix: string, after: MemberPlace | undefined, all: boolean, limit: number): MemberRow[]
  /** The banned whose id comes after another, by id; bans that have ended are among them. */
  banned(after: string, limit: number): MemberRow[]
  /**
   * Members who may read and bear one of these names, by name key: at most so many of each name, by
   * id, and at most `limit` in all.
   */
  named(nameKeys: readonly string[], ofEach: number, limit: number): MemberRow[]
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** Invitations: a few dozen, those that are over among them. A change writes one row. */
export interface InvitationStore {
  /** All that are kept, the newest first. */
  all(): readonly Invitation[]
  /** By the digest of its secret. */
  find(digest: string): Invitation | undefined
  put(invitation: Invitation): unknown
  remove(digest: string): unknown
}

/** What moderators are clearing. */
export interface ClearingStore {
  all(): readonly Clearing[]
  /** Writes one row. */
  set(all: readonly Clearing[]): void
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** The moderation log. */
export interface ModerationStore {
  /** Writes one row. Of more than `most` the oldest go, in time. */
  add(entry: NewModerationEntry, most: number): void
  /** Those with a lower number, the newest first. */
  page(before: number | undefined, limit: number): ModerationEntry[]
}

/** Sign-ins that ended before their tokens did. */
export interface RevocationStore {
  /** Keeps one until it has ended, and drops those that have. `now` in seconds since 1970. */
  add(revocation: Revocation, now: number): void
  /** Those of a person. */
  of(personId: string): Revocation[]
}
