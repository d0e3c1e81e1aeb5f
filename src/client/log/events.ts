// What a room sends: the events of its log, and signals, which are never stored.

/** An event of the log: see docs/protocol.md. Ignore types you do not know, but count their seq. */
export interface ChatEvent {
  readonly seq: number
  /**
   * How many messages there are up to this event: the difference of two counts the messages
   * between. Undefined in events of before the room counted.
   */
  readonly n?: number
  readonly type: string
  readonly at: string
  readonly sender: Person
  readonly content?: string
  readonly idempotencyKey?: string
  readonly replyTo?: number
  /** For a reply: the message that it answers, at most 200 characters of it. */
  readonly quote?: Quote
  /** For a message or an edit: the ids of the people whom the text mentions. */
  readonly mentions?: readonly string[]
  /** True if it mentions everybody in the room. */
  readonly mentionsRoom?: boolean
  /** For an edit, a deletion, a reaction or a pin: the seq of the message. */
  readonly target?: number
  readonly reaction?: string
  readonly on?: boolean
  /**
   * For a message: the seq of the newest event of each kind that changed it, and the reactions by
   * person.
   */
  readonly edited?: number
  readonly reacted?: number
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly deleted?: number
  /** True for an event that draws no attention to the room. Only messages count as unread. */
  readonly silent?: boolean
  /** For `joined`, `left` and `role`: whom it is about, and the role they have now. */
  readonly user?: { readonly id: string; readonly name?: string; readonly guest?: boolean }
  readonly role?: string
  /** For `left`: `kicked` if somebody else removed them. */
  readonly why?: string
  /** For `renamed`: what is new of the room. */
  readonly name?: string
  readonly description?: string
  readonly archived?: boolean
}

/** What a reply shows of the message that it answers, as it is now. */
export interface Quote {
  readonly seq: number
  readonly sender: Person
  readonly content: string
  /** The seq of the newest edit of that message, and of its deletion. */
  readonly edited?: number
  readonly deleted?: number
}

/** Somebody as events and signals name them. */
export interface Person {
  readonly id: string
  readonly name: string
  /** True for a guest, who has no account. */
  readonly guest?: boolean
  /**
   * True if the name looks like another person's in this room: see "People" in docs/protocol.md.
   */
  readonly lookalike?: boolean
}

/**
 * A message that is never stored: presence, joined, left, typing, read, standing. A `presence` with
 * `here` is a snapshot. In a room with many people, a `presence` with `joined` and `left` is a
 * change. Both have `count`.
 */
export interface Signal {
  readonly type: string
  readonly [field: string]: unknown
}
