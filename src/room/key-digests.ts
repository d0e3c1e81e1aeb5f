// The fingerprints of idempotency-keys as the rows of the log carry them. The row of every 256th event has those
// of its block, in the order of the events; that of every 16,384th has after them those of its super block, sorted.

import { fingerprint } from './key-table.ts'
import type { KeptDigest, Log } from './log.ts'

/** Events whose fingerprints stand in the row of the last of them. */
export const KEY_BLOCK = 256

/** The same, for those that stand there sorted; a multiple of a block. */
export const KEY_SUPER_BLOCK = 16_384

export interface KeySizes {
  readonly block: number
  readonly superBlock: number
}

/** Fingerprints up to an event, and its moment. */
export interface Marks {
  readonly at: number
  readonly marks: Uint32Array
}

export class KeyDigests {
  readonly sizes: KeySizes
  readonly #log: Log
  readonly #seed: number
  /** Those of the block that is not full yet, and after them what was there before. */
  #open: Uint32Array | undefined

  constructor(log: Log, seed: number, sizes: KeySizes) {
    this.#log = log
    this.#seed = seed
    this.sizes = sizes
  }

  fingerprint(senderId: string, key: string): number {
    // Ids hold no line feed, so two pairs never share a text.
    return fingerprint(`${senderId}\n${key}`, this.#seed)
  }

  /** The fingerprints of a full block by its last seq; 0 for an event that has no key. */
  block(end: number): Marks {
    const { block } = this.sizes
    const { at, digest } = this.#row(end)
    return { at, marks: digest?.subarray(0, block) ?? this.#told(end - block, end) }
  }

  /** The same of a full super block. */
  inOrder(end: number): Uint32Array {
    return this.#blocks(end - this.sizes.superBlock, end)
  }

  /** The same, sorted: from one row, but for a log that was written before its rows carried them. */
  sorted(end: number): Marks {
    const { block } = this.sizes
    const { at, digest } = this.#row(end)
    if (digest && digest.length > block) return { at, marks: digest.subarray(block) }
    return { at, marks: sortedMarks(this.inOrder(end)) }
  }

  /** Those of the block that is not full yet. */
  open(): Uint32Array {
    const head = this.#log.head()
    const start = head - (head % this.sizes.block)
    this.#open ??= this.#told(start, head)
    return this.#open.subarray(0, head - start)
  }

  /** What the row of the next event shall carry, if anything. */
  next(mark: number): Uint32Array | undefined {
    const { block, superBlock } = this.sizes
    const seq = this.#log.head() + 1
    const last = seq % block === 0
    if (last) this.open()
    // Because a place stays that of the next event until it is written, a failed write needs no undoing.
    this.#open?.fill(mark, (seq - 1) % block, ((seq - 1) % block) + 1)
    if (!last || !this.#open) return undefined
    if (seq % superBlock !== 0) return this.#open
    const whole = this.#blocks(seq - superBlock, seq - block)
    whole.set(this.#open, superBlock - block)
    return superDigest(whole, block)
  }

  forget(): void {
    this.#open = undefined
  }

  #row(seq: number): KeptDigest {
    return this.#log.digest(seq) ?? { at: Number.NEGATIVE_INFINITY }
  }

  /** Those of the blocks after a seq and up to another, with room for a super block. */
  #blocks(after: number, upTo: number): Uint32Array {
    const { block, superBlock } = this.sizes
    const marks = new Uint32Array(superBlock)
    for (let start = after; start < upTo; start += block) {
      marks.set(this.block(start + block).marks, start - after)
    }
    return marks
  }

  /** Those of a block as its events tell them. */
  #told(after: number, upTo: number): Uint32Array {
    const marks = new Uint32Array(this.sizes.block)
    for (const { seq, senderId, key } of this.#log.keys(after, upTo)) {
      marks[seq - after - 1] = this.fingerprint(senderId, key)
    }
    return marks
  }
}

/** What the last row of a super block carries, from the fingerprints of all its events. */
export function superDigest(marks: Uint32Array, block = KEY_BLOCK): Uint32Array {
  const sorted = sortedMarks(marks)
  const digest = new Uint32Array(block + sorted.length)
  digest.set(marks.subarray(marks.length - block))
  digest.set(sorted, block)
  return digest
}

/** Ascending, after a 0: so there is something of a super block without keys too. */
function sortedMarks(marks: Uint32Array): Uint32Array {
  const sorted = new Uint32Array(marks.length + 1)
  sorted.set(marks, 1)
  sorted.sort()
  return sorted.slice(sorted.lastIndexOf(0))
}
