// What else is stored: queues, transactions, looks of names, own lists, pins, watchers.

import type { Frame } from '../../stomp/frame.ts'
import type { Payload, QueuedMessage, QueueSize } from '../queues/queued-message.ts'

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
  /** Counts a message that was given up. Returns how many of this queue were so far. */
  dropped(queue: string): number
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
  /** All that waits in the room. */
  size(): QueueSize
  /** The part of it that one person has sent. */
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

/**
 * What the names of the owner and the moderators look like. Their names stay theirs while they are
 * away.
 */
export interface LookStore {
  /** The ids of people whose name looks like this. Some of them may no longer be moderators. */
  holders(look: string): readonly string[]
  /** Replaces what the name of a person looks like; undefined: forgets it. */
  keep(personId: string, look: string | undefined): unknown
}

/**
 * What the own list of somebody does with a direct room. `hidden`: it is left out. `untold`: it is
 * listed, and their account has not heard of that yet.
 */
export type OwnListState = 'hidden' | 'untold'

/** Those states by person. A change writes one row. */
export interface OwnListStore {
  /** Undefined: it is listed, and their account knows that. */
  get(personId: string): OwnListState | undefined
  /** Kept in memory: to ask costs no query. */
  all(): ReadonlyMap<string, OwnListState>
  /** Undefined forgets it. */
  set(personId: string, state: OwnListState | undefined): void
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** The pinned messages, each with the seq of the event that pinned it. A change writes one row. */
export interface PinStore {
  /** The seq of the event that pinned a message; undefined where it is not pinned. */
  get(seq: number): number | undefined
  /** Keeps that the event `pinned` has pinned the message `seq`. */
  add(seq: number, pinned: number): void
  /** The pin of the message goes, if there is one. */
  remove(seq: number): void
  /** Their seqs, the newest pin first. */
  all(): readonly number[]
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/**
 * What the log says of a member whose row is so old that nothing changes it: `last-spoken.ts` knows
 * when.
 */
export interface FinallySpoken {
  /** Their marker, as their row has it. */
  readonly after: number
  /** The seq of their last message after it; 0: none. */
  readonly seq: number
}

/** Somebody who watches the room, as they are kept: the id alone, or with a FinallySpoken. */
export type KeptWatcher = string | readonly [personId: string, after: number, seq: number]
