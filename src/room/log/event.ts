// The room's ordered durable events: their shape, and what is needed of whatever stores them.

import type { Person } from '../people/people.ts'
import type { Reactions } from './reactions.ts'

/** An entry of the log. */
export type Event = MessageEntry | EditEntry | DeletionEntry | ReactionEntry

interface Entry {
  /** 1, 2, 3 … without a hole. */
  readonly seq: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** As they were when it was said. */
  readonly sender: Person
  readonly idempotencyKey?: string
}

/**
 * What somebody said, as it is now. It carries the newest event of each kind that changed it: a reader who
 * has it has their effect, and drops those that are not newer.
 */
export interface MessageEntry extends Entry {
  readonly type: 'message'
  /** '' once it is deleted. */
  readonly content: string
  /** The seq of the event that this one answers. */
  readonly replyTo?: number
  /** The seq of the newest edit. */
  readonly edited?: number
  /** The seq of the newest reaction, or of the newest that was taken back. */
  readonly reacted?: number
  /** None: there is no such property. */
  readonly reactions?: Reactions
  /** The seq of the deletion. Nothing changes the message any more, and nothing else is left of its changes. */
  readonly deleted?: number
}

interface Change extends Entry {
  /** The seq of the message that it changes. */
  readonly target: number
}

export interface EditEntry extends Change {
  readonly type: 'edit'
  /** '' once the message is deleted. */
  readonly content: string
  /** The seq of the edit before it: from the newest edit on, all are found. For the room alone. */
  readonly earlier?: number
}

export interface DeletionEntry extends Change {
  readonly type: 'delete'
}

export interface ReactionEntry extends Change {
  readonly type: 'reaction'
  readonly reaction: string
  /** False: it was taken back. */
  readonly on: boolean
}

/** An event to be: the log gives it its place. */
export type Draft = DraftOf<Event>

type DraftOf<E> = E extends Event ? Omit<E, 'seq'> : never

/** A key under which an event was sent. */
export interface KeyedSeq {
  readonly seq: number
  readonly senderId: string
  readonly key: string
}

/** The fingerprints that are stored in the row of an event, if any are. */
export interface Digest {
  readonly seq: number
  readonly marks: Uint32Array | undefined
}

export interface Log {
  /** The last seq; 0 in an empty log. */
  head(): number
  /**
   * L1: writes one row and gives the event with the next seq. Throws, with nothing written, if it cannot.
   *
   * @param digest kept in the same row, and given back by `digests`.
   * @param asked a fingerprint kept in the same row, and given back by `asked`.
   */
  append(draft: Draft, digest?: Uint32Array, asked?: number): Event
  /** The fingerprint that was kept with the event of a seq, if any was. */
  asked(seq: number): number | undefined
  /** The event of a seq, if there is one. */
  find(seq: number): Event | undefined
  /** Writes one row: what the event of the same seq tells from now on. Its type, moment, sender and key stay. */
  amend(event: MessageEntry): void
  /**
   * Takes the texts out of the edits of a message that is being deleted: writes a row for each, at most `limit` now. All
   * of them are told as empty at once; what is left is taken out by `emptyMore`, also after an eviction.
   */
  emptyEdits(message: MessageEntry, limit: number): void
  /** Goes on with what is left of one message, at most `limit` edits. */
  emptyMore(limit: number): void
  /** Whether something is left. */
  readonly isEmptying: boolean
  /** At most `limit` events after `seq`, ascending; read as far as they are taken, before anything is written. */
  after(seq: number, limit: number): Iterable<Event>
  /** The same of those before `seq`: the newest ones, ascending. */
  before(seq: number, limit: number): Iterable<Event>
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
  /** The idempotency-keys of the events after a seq, up to another, ascending; of no more than a few hundred. */
  keys(after: number, upTo: number): Iterable<KeyedSeq>
  /** The digests that were kept with events of these seqs, in their order; none for a seq without an event. */
  digests(seqs: readonly number[]): Iterable<Digest>
}
