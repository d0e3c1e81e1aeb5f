// What a room tells: the events of its log, and signals, which are told and not kept.

/** An event of the log, as docs/protocol.md tells it. Types that one does not know may come: their seq counts. */
export interface ChatEvent {
  readonly seq: number
  readonly type: string
  readonly at: string
  readonly sender: Person
  readonly content?: string
  readonly idempotencyKey?: string
  readonly replyTo?: number
  /** Of an edit, a deletion or a reaction: the seq of the message. */
  readonly target?: number
  readonly reaction?: string
  readonly on?: boolean
  /** Of a message: the seq of the newest event of each kind that changed it, and who gave which reaction. */
  readonly edited?: number
  readonly reacted?: number
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly deleted?: number
}

export interface Person {
  readonly id: string
  readonly name: string
  /** A guest, without an account. */
  readonly guest?: boolean
  /** The name looks like that of another person here: see "People" in docs/protocol.md. */
  readonly lookalike?: boolean
}

/**
 * What is told and not kept: presence, joined, left, typing, read, standing. A `presence` with `here` is a snapshot;
 * one with `joined` and `left` is a change, told where there are many people. Both have `count`.
 */
export interface Signal {
  readonly type: string
  readonly [field: string]: unknown
}
