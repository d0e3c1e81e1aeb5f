// The log, as its shell stores it.

import type { KeyBlock, KeyedSeq } from '../keys/key-window.ts'
import type { Draft, Event, MessageEntry } from '../log/event.ts'
import type { Mentions } from '../log/mentions.ts'

/** The ordered durable events of a room. They are appended with their keys: see KeyedRows. */
export interface Log {
  /** The last seq; 0 in an empty log. */
  head(): number
  /** The event of a seq, if there is one. */
  find(seq: number): Event | undefined
  /**
   * U1: how many messages there are up to a seq. Of the head it is known; of another it is one row.
   */
  messagesUpTo(seq: number): number
  /**
   * The head when messages began to be counted: each event up to it counts as one. 0 in a new log.
   */
  readonly countedFrom: number
  /** U1: the messages after a seq that mention somebody now. Looks at `most` events at most. */
  mentioning(after: number, most: number): MentioningMessages
  /**
   * The seq of the newest message of somebody among the `most` events after a seq; undefined for
   * none.
   */
  lastMessageOf(personId: string, after: number, most: number): number | undefined
  /** The seq of the newest message of each person after a seq. */
  lastMessagesAfter(seq: number): ReadonlyMap<string, number>
  /** The newest message that is not deleted, among the newest `most` events. */
  lastMessage(most: number): MessageEntry | undefined
  /**
   * Replaces the content of the event with that seq; its type, time, sender and key stay. One row.
   */
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
  /** At most `limit` events after `seq`, ascending. Rows are read as the caller iterates. */
  after(seq: number, limit: number): Iterable<Event>
  /** The same of those before `seq`: the newest ones, ascending. */
  before(seq: number, limit: number): Iterable<Event>
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** What `Log.mentioning` finds: each message once, the order is any. */
export interface MentioningMessages {
  readonly messages: readonly Mentions[]
  /** False: there are older ones, which were not looked at. */
  readonly isWhole: boolean
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
