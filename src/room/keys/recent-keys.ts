// The idempotency-keys of the last full short span and of what follows: their fingerprints in the order of the events.
// A cache of the log, read when somebody asks: so few events that all of them are in the window.

import type { Digest, Log, Place } from '../log/event.ts'
import { type KeyDigests, type Marks, multiples } from './digests.ts'

/** Looks after which a filter is worth it: the first ones after a wake-up go through all. */
const LOOKS = 16

/** Bits of a fingerprint that the filter knows: one look in thirty finds another's, where there are two full spans. */
const FILTER_BITS = 18

interface Window {
  /** The seq before its first place. */
  readonly base: number
  readonly marks: Uint32Array
  /** Where what is older than memory is to be read; nothing once it was. */
  unread: readonly Place[]
  looks: number
  filter: Uint32Array | undefined
}

export class RecentKeys {
  readonly #log: Log
  readonly #digests: KeyDigests
  #window: Window | undefined

  constructor(log: Log, digests: KeyDigests) {
    this.#log = log
    this.#digests = digests
  }

  /** How many events there is room for. */
  get size(): number {
    return this.#window?.marks.length ?? 0
  }

  /** Where what is not in memory is. */
  wanted(): readonly Place[] {
    this.#window ??= this.#begun()
    return this.#window.unread
  }

  /** Is given all that was wanted, that of others among it. */
  give(rows: readonly Marks[]): void {
    if (!this.#window) return
    const { base, marks, filter } = this.#window
    for (const row of rows) {
      if (row.what !== 'block' && row.what !== 'whole') continue
      marks.set(row.marks, row.seq - row.marks.length - base)
      if (filter) noteAll(filter, row.marks)
    }
    this.#window.unread = []
  }

  /** The seqs of a fingerprint, the newest first. */
  find(mark: number): number[] {
    const { base, marks, filter } = this.#looked()
    const found: number[] = []
    if (filter && !isIn(filter, mark)) return found
    for (let end = this.#log.head() - base; end > 0; ) {
      end = marks.lastIndexOf(mark, end - 1)
      if (end >= 0) found.push(base + end + 1)
    }
    return found
  }

  /** What the row of the next event shall carry, if anything. */
  next(mark: number): Digest | undefined {
    const { block } = this.#digests.sizes
    const seq = this.#log.head() + 1
    const last = seq % block === 0
    if (last) this.#window ??= this.#begun()
    if (!this.#window) return undefined
    const { base, marks } = this.#window
    // A failed write needs no undoing: the place stays that of the next event until it is written.
    marks[seq - base - 1] = mark
    return last
      ? this.#digests.digest(seq, marks.subarray(seq - block - base, seq - base))
      : undefined
  }

  /** Is told that the event was appended for which `next` was asked. */
  appended(mark: number): void {
    if (!this.#window) return
    if (this.#log.head() % this.#digests.sizes.short === 0) this.forget()
    else if (this.#window.filter) note(this.#window.filter, mark)
  }

  forget(): void {
    this.#window = undefined
  }

  /** The window, with a filter once it is worth it. */
  #looked(): Window {
    this.#window ??= this.#begun()
    if (++this.#window.looks === LOOKS) {
      this.#window.filter = new Uint32Array(2 ** FILTER_BITS / 32)
      noteAll(this.#window.filter, this.#window.marks)
    }
    return this.#window
  }

  #begun(): Window {
    const { block, short } = this.#digests.sizes
    const head = this.#log.head()
    const base = this.#digests.slicedUpTo('short')
    const from = head - (head % block)
    const marks = new Uint32Array(2 * short)
    marks.set(this.#digests.told(from, head), from - base)
    const full = head - (head % short)
    const unread = multiples(block, full, from).map((seq): Place => ['block', seq])
    if (full > 0) unread.push(['whole', full])
    return { base, marks, unread, looks: 0, filter: undefined }
  }
}

const bitOf = (mark: number) => mark >>> (32 - FILTER_BITS)

function noteAll(filter: Uint32Array, marks: Uint32Array): void {
  for (const mark of marks) note(filter, mark)
}

function note(filter: Uint32Array, mark: number): void {
  const bit = bitOf(mark)
  filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
}

function isIn(filter: Uint32Array, mark: number): boolean {
  const bit = bitOf(mark)
  return ((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
}
