// What there is in a world: a room, its senders and its readers, as plain data that is replaced and
// never changed. What happens to it stands in steps.ts.

/** How big a world is. */
export interface World {
  /**
   * For each sender its sends, in order, and how many messages are in each: more are a transaction.
   */
  readonly senders: readonly (readonly number[])[]
  readonly readers: number
}

/** A message before it has a place in the log. */
export interface Draft {
  readonly message: string
  readonly key: string
}

/** A row of the log. `name` is what its idempotency-key is remembered under. */
export interface Event {
  readonly seq: number
  readonly message: string
  readonly name: string
}

/** A MESSAGE on its way to a reader. */
export interface Delivery {
  readonly seq: number
  readonly prev: number
  readonly message: string
}

/** Seqs of the keys remembered. */
export type Keys = Readonly<Record<string, number>>

export interface Room {
  readonly kind: 'room'
  readonly log: readonly Event[]
  /** So many events of the log are in storage; the others are written and not yet committed. */
  readonly durable: number
  /** What an eviction takes; null after one. */
  readonly memory: Memory | null
}

export interface Memory {
  readonly head: number
  readonly keys: Keys
}

export interface Sender {
  readonly kind: 'sender'
  readonly id: string
  /**
   * For each send that is over what its RECEIPT told of its last message; null where it was given
   * up.
   */
  readonly receipts: readonly (Told | null)[]
  /** What is being sent, kept until its RECEIPT. */
  readonly drafts: readonly Draft[]
  readonly socket: SenderSocket | null
  /**
   * SENDs that were on their way on connections that the sender has left. The room may get them at
   * any time, or never; again too, because several connections may hold the same one.
   */
  readonly late: readonly (readonly Draft[])[]
}

export interface SenderSocket {
  /** The SEND on its way up. */
  readonly up: readonly Draft[] | null
  /** The RECEIPT on its way down; held while what it tells is not durable. */
  readonly receipt: { readonly seq: number; readonly held: boolean } | null
  /** Keys remembered in the session: none, in the protocol as it is. */
  readonly keys: Keys
}

export interface Reader {
  readonly kind: 'reader'
  /** What the application was shown, in order. */
  readonly shown: readonly Told[]
  /** The seq that it will resume after. */
  readonly last: number
  readonly socket: ReaderSocket | null
}

/** Where a client was told that a message is. */
export interface Told {
  readonly seq: number
  readonly message: string
}

export interface ReaderSocket {
  /** The SUBSCRIBE on its way up: its `after`. */
  readonly asked: number | null
  readonly subscription: Subscription | null
  /** MESSAGEs of this subscription on their way down, in order. */
  readonly down: readonly Delivery[]
  /** So many at the end of `down` wait for something to be durable. */
  readonly held: number
  /** It reads so slowly that the room sends nothing more for now. */
  readonly congested: boolean
  /** In the memory of the room: a turn is due that gives it its next chunk. */
  readonly due: boolean
  /** The same: what it will send in that turn. Nothing, in the protocol as it is. */
  readonly unsent: readonly Delivery[]
}

/** What the session remembers of a subscription, and what the model knows besides. */
export interface Subscription {
  /** The last seq given, while it is behind; null at the head. */
  readonly cursor: number | null
  /** Only the model knows: the last seq given, or what was wrong with it. */
  readonly given: number | 'a hole' | 'a double' | 'a wrong prev'
}

export type Part = Room | Sender | Reader

const LETTERS = 'abcdefgh'

/** The messages of a sender's next send; none when it has sent everything. */
export function draftsOf(sends: readonly number[], done: number, id: string): Draft[] {
  const before = sends.slice(0, done).reduce((sum, count) => sum + count, 0)
  return Array.from({ length: sends[done] ?? 0 }, (_, index) => ({
    message: `${id}${before + index + 1}`,
    // Keys are each sender's own, so two senders use the same ones.
    key: `k${before + index + 1}`,
  }))
}

/** A world in which nothing has happened: the room, then the senders, then the readers. */
export function beginning({ senders, readers }: World): Part[] {
  const room: Room = { kind: 'room', log: [], durable: 0, memory: null }
  return [
    room,
    ...senders.map((sends, index): Sender => {
      const id = LETTERS[index] ?? '?'
      const drafts = draftsOf(sends, 0, id)
      return { kind: 'sender', id, receipts: [], drafts, socket: null, late: [] }
    }),
    ...Array.from(
      { length: readers },
      (): Reader => ({ kind: 'reader', shown: [], last: 0, socket: null }),
    ),
  ]
}

/** Every message that will ever be sent. */
export function messagesOf({ senders }: World): string[] {
  return senders.flatMap((sends, index) =>
    sends.flatMap((_, done) =>
      draftsOf(sends, done, LETTERS[index] ?? '?').map(({ message }) => message),
    ),
  )
}
