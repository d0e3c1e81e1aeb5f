// The room's ordered durable events: their shape, from a message to a
// system event.

import type { Mentions } from './mentions.ts'
import type { Reactions } from './reactions.ts'
import type { SystemContent } from './system-note.ts'

/** Somebody as the signals name them. */
export interface Person {
  readonly id: string
  readonly name: string
  /** A guest, without an account. */
  readonly guest?: true
  /** The name looks like that of another person here. */
  readonly lookalike?: true
}

/** An entry of the log. */
export type Event = MessageEntry | EditEntry | DeletionEntry | ReactionEntry | SystemEntry

interface Logged {
  /** 1, 2, 3 … without a hole. */
  readonly seq: number
  /**
   * U1: how many messages there are up to it. Undefined in events that a version before wrote.
   */
  readonly n?: number | undefined
  /** Milliseconds since 1970. */
  readonly at: number
  /** As they were when it was said. */
  readonly sender: Person
  readonly idempotencyKey?: string
}

/**
 * What somebody said, as it is now. It carries the newest event of each kind that changed it: a
 * reader who has it has their effect, and drops those that are not newer.
 */
export interface MessageEntry extends Logged, Mentions {
  readonly type: 'message'
  /** '' once it is deleted. */
  readonly content: string
  /** The seq of the message that this one answers. */
  readonly replyTo?: number
  /** That message as it is now: it is read with this one, and never stored. */
  readonly quote?: Quote
  /** The seq of the newest edit. */
  readonly edited?: number
  /** The seq of the newest reaction, or of the newest that was taken back. */
  readonly reacted?: number
  /** None: there is no such property. */
  readonly reactions?: Reactions
  /**
   * The seq of the deletion. Nothing changes the message any more, and nothing else is left of its
   * changes.
   */
  readonly deleted?: number
}

/** What a reply shows of the message that it answers. */
export interface Quote {
  readonly seq: number
  readonly sender: Person
  /** The first characters; '' once the message is deleted. */
  readonly content: string
  /** As in the message. */
  readonly edited?: number
  readonly deleted?: number
}

interface Change extends Logged {
  /** The seq of the message that it changes. */
  readonly target: number
}

/** An edit of a message, with its content from then on. */
export interface EditEntry extends Change, Mentions {
  readonly type: 'edit'
  /** '' once the message is deleted. */
  readonly content: string
  /** The seq of the edit before it: from the newest edit on, all are found. For the room alone. */
  readonly earlier?: number
}

/** A deletion of a message: nothing changes the message after it. */
interface DeletionEntry extends Change {
  readonly type: 'delete'
}

/** A reaction that was given or taken back. */
interface ReactionEntry extends Change {
  readonly type: 'reaction'
  readonly reaction: string
  /** False: it was taken back. */
  readonly on: boolean
}

/** What the room notes of itself and its people. */
export type SystemEntry = Logged & SystemContent

/** An event to be: the log gives it its place. */
export type Draft = DraftOf<Event>

type DraftOf<E> = E extends Event ? Omit<E, 'seq' | 'n'> : never
