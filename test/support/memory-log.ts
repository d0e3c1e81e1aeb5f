// A log in memory, for tests of the room in Node. The contract suite holds it to the real one.

import type {
  Digest,
  Draft,
  EditEntry,
  Event,
  Kept,
  KeyedSeq,
  Log,
  MessageEntry,
  Place,
} from '../../src/room/log.ts'

export class MemoryLog implements Log {
  #events: Event[] = []
  readonly #digests = new Map<number, Digest>()
  /** What of a digest is stored: versions differ in that. */
  stored: (digest: Digest) => Digest = (digest) => digest
  /** When set, the next append fails with it and writes nothing. */
  failure: Error | undefined
  /** The same, for the event of one seq, appended or amended. */
  failsAt: number | undefined

  head(): number {
    return this.#events.length
  }

  append(draft: Draft, digest?: Digest): Event {
    if (this.failure) throw this.failure
    this.#demandWritable(this.head() + 1)
    const event = { seq: this.head() + 1, ...draft }
    this.#events.push(event)
    if (digest) this.#digests.set(event.seq, copyOf(this.stored(digest)))
    else this.#digests.delete(event.seq)
    return event
  }

  find(seq: number): Event | undefined {
    return this.#events[seq - 1]
  }

  amend(event: MessageEntry | EditEntry): void {
    this.#demandWritable(event.seq)
    this.#events = this.#events.with(event.seq - 1, event)
  }

  after(seq: number, limit: number): Event[] {
    return this.#events.slice(seq, seq + limit)
  }

  before(seq: number, limit: number): Event[] {
    const older = this.#events.slice(0, Math.max(0, seq - 1))
    return older.slice(Math.max(0, older.length - limit))
  }

  forget(): void {}

  /** The messages as they are told now. */
  messages(): MessageEntry[] {
    return this.#events.filter((event) => event.type === 'message')
  }

  /** The events as they are, to be put back. */
  snapshot(): () => void {
    const events = this.#events
    const { length } = events
    return () => {
      this.#events = events
      events.length = length
    }
  }

  *kept(places: readonly Place[]): Iterable<Kept> {
    for (const [what, seq] of places) {
      const event = this.find(seq)
      const marks = this.#digests.get(seq)?.[what]
      if (event) yield { what, seq, at: event.at, ...(marks && { marks }) }
    }
  }

  *keys(after: number, upTo: number): Iterable<KeyedSeq> {
    for (const { seq, sender, idempotencyKey } of this.#events.slice(after, upTo)) {
      if (idempotencyKey !== undefined) yield { seq, senderId: sender.id, key: idempotencyKey }
    }
  }

  #demandWritable(seq: number): void {
    if (this.failsAt === seq) throw new Error('the disk is full')
  }
}

const copyOf = (digest: Digest): Digest => ({
  block: digest.block.slice(),
  ...(digest.whole && { whole: digest.whole.slice() }),
  ...(digest.short && { short: digest.short.slice() }),
  ...(digest.long && { long: digest.long.slice() }),
})
