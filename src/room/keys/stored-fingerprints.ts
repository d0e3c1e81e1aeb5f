// The fingerprints of idempotency-keys as the rows of the log carry them. The row of every 256th
// event has those of its block. The row of every 4,096th also has those of the other blocks of its
// span, behind its own. Older versions wrote and read only the first block of a row.

import type { KeyedRows } from '../ports.ts'
import { fingerprintOf } from './fingerprint.ts'

/** Events whose fingerprints stand in the row of the last of them. Storage depends on it. */
export const KEY_BLOCK = 256

/**
 * Events of a span: to read a million of them span by span takes a quarter of the time that it
 * takes block by block. Storage depends on it.
 */
export const KEY_SPAN = 16 * KEY_BLOCK

/** The numbers of events whose fingerprints stand together. */
export interface KeySizes {
  readonly block: number
  /** A multiple of the block. */
  readonly span: number
}

/** Fingerprints of events in a row, 0 for an event without a key; `after` is the seq before. */
interface Fingerprints {
  readonly after: number
  readonly fingerprints: Uint32Array
}

/** Reads and makes the fingerprints in rows of the log, those of older versions among them. */
export class StoredFingerprints {
  readonly #log: KeyedRows
  readonly #seed: number
  readonly #sizes: KeySizes

  constructor(log: KeyedRows, seed: number, sizes: KeySizes) {
    this.#log = log
    this.#seed = seed
    this.#sizes = sizes
  }

  /** The fingerprint of a key. Ids hold no line feed, so two pairs never share a text. */
  of(senderId: string, key: string): number {
    return fingerprintOf(`${senderId}\n${key}`, this.#seed)
  }

  /** Those after a seq, the end of a span, and up to another event; ascending. */
  *between(from: number, upTo: number): Iterable<Fingerprints> {
    const { block, span } = this.#sizes
    const spans = upTo - (upTo % span)
    for (const { seq, fingerprints } of this.#log.blocks(multiples(from, spans, span))) {
      if (fingerprints?.length === span) {
        yield { after: seq - span, fingerprints: fingerprints.subarray(block) }
      } else yield* this.#blocks(seq - span, seq - block)
      yield this.#blockOf(seq, fingerprints)
    }
    yield* this.#blocks(spans, upTo - (upTo % block))
  }

  /** Those of at most a block of events, from the events themselves. */
  block(after: number, upTo: number): Uint32Array<ArrayBuffer> {
    const fingerprints = new Uint32Array(this.#sizes.block)
    for (const { seq, senderId, key } of this.#log.keys(after, upTo)) {
      fingerprints[seq - after - 1] = this.of(senderId, key)
    }
    return fingerprints
  }

  /** What the row of an event carries that ends a block, which is given. */
  carriedBy(seq: number, own: Uint32Array): Uint32Array {
    const { block, span } = this.#sizes
    if (seq % span !== 0) return own
    const start = seq - span
    const carried = new Uint32Array(span)
    carried.set(own)
    for (const { after, fingerprints } of this.#blocks(start, seq - block)) {
      carried.set(fingerprints, block + after - start)
    }
    return carried
  }

  *#blocks(from: number, upTo: number): Iterable<Fingerprints> {
    const ends = multiples(from, upTo, this.#sizes.block)
    for (const { seq, fingerprints } of this.#log.blocks(ends)) {
      yield this.#blockOf(seq, fingerprints)
    }
  }

  /** Older versions wrote no block, or something else behind it. */
  #blockOf(seq: number, carried: Uint32Array | undefined): Fingerprints {
    const { block } = this.#sizes
    const after = seq - block
    return { after, fingerprints: carried?.subarray(0, block) ?? this.block(after, seq) }
  }
}

const multiples = (after: number, upTo: number, of: number) =>
  Array.from({ length: (upTo - after) / of }, (_, n) => after + (n + 1) * of)
