// The fingerprints of idempotency-keys as the rows of the log carry them. The row of every 256th event has those of its
// block, in the order of the events; and a slice of those of the last full span, of a short one and of a long one. That of
// the last event of a short span has those of the whole span beside.

import type { Digest, Kept, Log, Place } from '../log/event.ts'
import { fingerprint } from './fingerprint.ts'
import { joined, type SpanSize, slice } from './slices.ts'

/** Events whose fingerprints stand in the row of the last of them. */
export const KEY_BLOCK = 256

/** Events whose fingerprints stand in slices in the rows of the blocks that follow. */
export const KEY_SPANS = { short: 4096, long: 65_536 }

/** Powers of two, each greater than the one before. */
export interface KeySizes {
  readonly block: number
  readonly short: number
  readonly long: number
}

export type Span = 'short' | 'long'

/** Fingerprints with the seq and the moment of the row that carries them. */
export type Marks = Required<Kept>

export class KeyDigests {
  readonly sizes: KeySizes
  readonly #log: Log
  readonly #seed: number

  constructor(log: Log, seed: number, sizes: KeySizes) {
    this.#log = log
    this.#seed = seed
    this.sizes = sizes
  }

  fingerprint(senderId: string, key: string): number {
    // Ids hold no line feed, so two pairs never share a text.
    return fingerprint(`${senderId}\n${key}`, this.#seed)
  }

  /** The same of what was asked for. */
  fingerprintOf(asked: string): number {
    return fingerprint(asked, this.#seed)
  }

  size(span: Span): SpanSize {
    return { span: this.sizes[span], block: this.sizes.block }
  }

  /** The seq up to which all slices of such spans are there: where the last full one begins. */
  slicedUpTo(span: Span): number {
    const events = this.sizes[span]
    return Math.max(0, Math.floor(this.#log.head() / events) - 1) * events
  }

  /** What rows carry, in that order: blocks, with 0 for an event that has no key, and slices. */
  read(places: readonly Place[]): Marks[] {
    if (places.length === 0) return []
    return Array.from(this.#log.kept(places), (kept) => ({ ...kept, marks: this.#marks(kept) }))
  }

  /** The fingerprints of events as they themselves tell them. */
  told(after: number, upTo: number): Uint32Array {
    const marks = new Uint32Array(upTo - after)
    for (const { seq, senderId, key } of this.#log.keys(after, upTo)) {
      marks[seq - after - 1] = this.fingerprint(senderId, key)
    }
    return marks
  }

  /** What the last row of a block carries; `block`: its own fingerprints. */
  digest(row: number, block: Uint32Array): Digest {
    return {
      block,
      ...(row % this.sizes.short === 0 && { whole: this.#whole(row, block) }),
      ...(row > this.sizes.short && { short: this.#cut('short', row) }),
      ...(row > this.sizes.long && { long: this.#cut('long', row) }),
    }
  }

  /** A row may be of a version that stored nothing there, or more behind a block. */
  #marks({ what, seq, marks }: Kept): Uint32Array {
    const { block } = this.sizes
    if (what === 'block') return marks?.subarray(0, block) ?? this.told(seq - block, seq)
    if (marks) return marks
    return what === 'whole' ? this.#whole(seq) : this.#cut(what, seq)
  }

  /** The fingerprints of a short span by its blocks; the last of them may not be stored yet. */
  #whole(end: number, last?: Uint32Array): Uint32Array {
    const { block, short } = this.sizes
    const start = end - short
    const marks = new Uint32Array(short)
    const stored = multiples(block, start, last ? end - block : end)
    for (const each of this.read(stored.map((seq) => ['block', seq]))) {
      marks.set(each.marks, each.seq - block - start)
    }
    if (last) marks.set(last, short - block)
    return marks
  }

  /** The slice that a row carries, of the last span that is full before it. */
  #cut(span: Span, row: number): Uint32Array {
    const { block, short } = this.sizes
    const size = this.size(span)
    const end = Math.floor((row - 1) / size.span) * size.span
    const start = end - size.span
    const index = (row - end) / block - 1
    if (span === 'short') {
      const [whole] = this.read([['whole', end]])
      return slice(whole?.marks ?? this.#whole(end), index, size)
    }
    const offset = (Math.floor((index * short) / size.span) + 1) * block
    const shorts = multiples(short, start, end).map((seq): Place => ['short', seq + offset])
    const stored = this.read(shorts.filter(([, seq]) => seq < row))
    const parts = stored.map(({ marks }) => marks)
    // The first row carries the slice that it is made of, so it is cut here.
    if (parts.length < shorts.length) parts.push(this.#cut('short', row))
    return joined(parts, this.size('short'), index, size)
  }
}

/** Those of a number after another, and up to one. */
export const multiples = (of: number, after: number, upTo: number) =>
  Array.from({ length: (upTo - after) / of }, (_, index) => after + (index + 1) * of)
