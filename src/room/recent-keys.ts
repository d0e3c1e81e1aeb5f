// Which idempotency-key gave which event (L5). A cache of the log: dropped and read again at will.

import { IDEMPOTENCY_WINDOW } from './limits.ts'
import type { Log } from './log.ts'

export class RecentKeys {
  readonly #log: Log
  #seqs: Map<string, number> | undefined

  constructor(log: Log) {
    this.#log = log
  }

  /** The seq of the event that this sender sent under this key, if it is among the newest. */
  find(senderId: string, key: string): number | undefined {
    const seq = this.#loaded().get(name(senderId, key))
    return seq !== undefined && seq > this.#log.head() - IDEMPOTENCY_WINDOW ? seq : undefined
  }

  /** Remembers an event just appended, and forgets the ones that have left the window. */
  add(senderId: string, key: string, seq: number): void {
    const seqs = this.#loaded()
    // Because a key that is used again, long after, would keep its old place before the others.
    seqs.delete(name(senderId, key))
    seqs.set(name(senderId, key), seq)
    for (const [oldest, its] of seqs) {
      if (its > seq - IDEMPOTENCY_WINDOW) break
      seqs.delete(oldest)
    }
  }

  /** How many are remembered. */
  get size(): number {
    return this.#loaded().size
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#seqs = undefined
  }

  #loaded(): Map<string, number> {
    if (!this.#seqs) {
      this.#seqs = new Map()
      for (const { senderId, key, seq } of this.#log.keys(IDEMPOTENCY_WINDOW)) {
        this.#seqs.set(name(senderId, key), seq)
      }
    }
    return this.#seqs
  }
}

/** Ids hold no line feed, so two pairs never share a name. */
const name = (senderId: string, key: string) => `${senderId}\n${key}`
