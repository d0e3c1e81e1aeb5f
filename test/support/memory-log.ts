// A log in memory, for tests of the room in Node. The contract suite holds it to the real one.

import type { Draft, Event, KeyedSeq, Log } from '../../src/room/log.ts'

export class MemoryLog implements Log {
  readonly #events: Event[] = []
  /** When set, the next append fails with it and writes nothing. */
  failure: Error | undefined
  /** The same, for the event of one seq. */
  failsAt: number | undefined

  head(): number {
    return this.#events.length
  }

  append(draft: Draft): Event {
    if (this.failure) throw this.failure
    if (this.failsAt === this.head() + 1) throw new Error('the disk is full')
    const event = { seq: this.head() + 1, ...draft }
    this.#events.push(event)
    return event
  }

  after(seq: number, limit: number): Event[] {
    return this.#events.slice(seq, seq + limit)
  }

  before(seq: number, limit: number): Event[] {
    const older = this.#events.slice(0, Math.max(0, seq - 1))
    return older.slice(Math.max(0, older.length - limit))
  }

  forget(): void {}

  /** The events as they are, to be put back. */
  snapshot(): () => void {
    const { length } = this.#events
    return () => {
      this.#events.length = length
    }
  }

  *keys(window: number): Iterable<KeyedSeq> {
    for (const { seq, sender, idempotencyKey } of this.#events.slice(-window)) {
      if (idempotencyKey !== undefined) yield { seq, senderId: sender.id, key: idempotencyKey }
    }
  }
}
