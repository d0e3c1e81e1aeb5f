// The log by idempotency-key: which key gave which event (L5), for the newest 10,000 events and for 24 hours.
// What is in memory is a cache, dropped and read again at will. Every 256th row of the log carries the
// fingerprints of the keys of its block: a day of messages is read in few rows, and none writes one more.

import { fingerprint, KeyTable } from './key-table.ts'
import { IDEMPOTENCY_EVENTS, IDEMPOTENCY_MOST, IDEMPOTENCY_TIME } from './limits.ts'
import type { Draft, Event, Log } from './log.ts'

/** Events whose fingerprints stand in the row of the last of them. */
export const KEY_BLOCK = 256

/** Seqs looked at for one fingerprint: more than chance gives. */
const MOST_CANDIDATES = 32

export class KeyedLog {
  readonly #log: Log
  readonly #seed: number
  /** The keys of the window, in two tables of which the older is dropped when the newer holds a window. */
  #tables: { readonly newer: KeyTable; readonly older: KeyTable; readonly since: Mark } | undefined
  /** The fingerprints of the block that is not full yet. */
  #tail: Uint32Array | undefined

  /** @param seed a whole number of 32 bits, always the same for a log, and secret. */
  constructor(log: Log, seed: number) {
    this.#log = log
    this.#seed = seed
  }

  /** The seq of the event that this sender sent under this key, if it is in the window. */
  find(senderId: string, key: string, now: number): number | undefined {
    const mark = this.#fingerprint(senderId, key)
    const { newer, older } = this.#loaded(now)
    const candidates = [...newer.find(mark), ...older.find(mark)].slice(0, MOST_CANDIDATES)
    return candidates.find((seq) => {
      const event = this.#log.find(seq)
      return (
        event?.idempotencyKey === key && event.sender.id === senderId && this.#holds(event, now)
      )
    })
  }

  /** Appends to the log, and remembers the key. Throws what the log throws, with nothing written. */
  append(draft: Draft): Event {
    const seq = this.#log.head() + 1
    const place = (seq - 1) % KEY_BLOCK
    const { idempotencyKey: key, sender } = draft
    const mark = key === undefined ? 0 : this.#fingerprint(sender.id, key)
    const last = place === KEY_BLOCK - 1
    if (last || this.#tail) this.#loadedTail()[place] = mark
    const event = this.#log.append(draft, last ? this.#loadedTail() : undefined)
    if (last) this.#tail = undefined
    if (mark !== 0 && this.#tables) {
      this.#tables.newer.add(mark, seq)
      this.#turnOver(event)
    }
    return event
  }

  /**
   * Whether a key that was first used at a moment would still be known; milliseconds since 1970. What is
   * older may have been forgotten.
   */
  covers(moment: number, now: number): boolean {
    const head = this.#log.head()
    if (head <= IDEMPOTENCY_EVENTS) return true
    const byTime = Math.max(now - IDEMPOTENCY_TIME, this.#at(head - IDEMPOTENCY_MOST))
    return moment > Math.min(this.#at(head - IDEMPOTENCY_EVENTS), byTime)
  }

  /** How many are remembered. */
  get size(): number {
    return this.#tables ? this.#tables.newer.size + this.#tables.older.size : 0
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#tables = undefined
    this.#tail = undefined
  }

  /** Exact, so that what is remembered does not depend on what is in memory (H1). */
  #holds({ seq, at }: Mark, now: number): boolean {
    const age = this.#log.head() - seq
    return age < IDEMPOTENCY_EVENTS || (age < IDEMPOTENCY_MOST && at > now - IDEMPOTENCY_TIME)
  }

  /** The moment of an event; before all there is, for one that there is not. */
  #at(seq: number): number {
    return this.#log.find(seq)?.at ?? Number.NEGATIVE_INFINITY
  }

  #fingerprint(senderId: string, key: string): number {
    // Ids hold no line feed, so two pairs never share a text.
    return fingerprint(`${senderId}\n${key}`, this.#seed)
  }

  #loaded(now: number) {
    this.#tables ??= {
      newer: this.#read(now),
      older: new KeyTable(),
      since: { seq: this.#log.head(), at: now },
    }
    return this.#tables
  }

  /** Reads the blocks back from the head until one is out of the window. */
  #read(now: number): KeyTable {
    const table = new KeyTable()
    const head = this.#log.head()
    const tail = this.#loadedTail()
    let end = head - (head % KEY_BLOCK)
    for (const [place, mark] of tail.subarray(0, head - end).entries()) {
      if (mark !== 0) table.add(mark, end + place + 1)
    }
    for (; end > 0; end -= KEY_BLOCK) {
      const last = this.#log.find(end)
      if (!last || !this.#holds(last, now)) break
      const marks = this.#log.digest(end) ?? this.#marks(end - KEY_BLOCK, end)
      for (const [place, mark] of marks.entries()) {
        if (mark !== 0) table.add(mark, end - KEY_BLOCK + place + 1)
      }
    }
    return table
  }

  #loadedTail(): Uint32Array {
    const head = this.#log.head()
    this.#tail ??= this.#marks(head - (head % KEY_BLOCK), head)
    return this.#tail
  }

  /** The fingerprints of a block as its events tell them. */
  #marks(after: number, upTo: number): Uint32Array {
    const marks = new Uint32Array(KEY_BLOCK)
    for (const { seq, senderId, key } of this.#log.keys(after, upTo)) {
      marks[seq - after - 1] = this.#fingerprint(senderId, key)
    }
    return marks
  }

  /** Starts a new table once the newer one holds a whole window; the older one is out of it then. */
  #turnOver({ seq, at }: Mark): void {
    if (!this.#tables) return
    const { newer, since } = this.#tables
    const events = seq - since.seq
    const whole = events >= IDEMPOTENCY_EVENTS && at - since.at >= IDEMPOTENCY_TIME
    if (!whole && events < IDEMPOTENCY_MOST) return
    this.#tables = { newer: new KeyTable(), older: newer, since: { seq, at } }
  }
}

/** A place in the log and its moment. */
interface Mark {
  readonly seq: number
  readonly at: number
}
