// The fingerprints of recent idempotency-keys in memory. Keys of the same hash bucket form a chain
// of seqs, newest first, as zlib chains the positions in its window.

/** Keys of one bucket, on average: each look at one is a cache miss. */
const CHAIN = 4

/** The smallest number of buckets. */
const BUCKETS = 256

export class KeyWindow {
  /** The seq before the first event of the window. */
  readonly base: number
  /** By place, which is the seq without the base: the fingerprint, 0 for an event without a key. */
  readonly #marks: Uint32Array
  /** By place: the place before it in its chain; 0 ends a chain. */
  readonly #before: Uint32Array
  /** By bucket: the newest place of its chain. */
  readonly #newest: Uint32Array

  /** @param capacity events that fit. */
  constructor(base: number, capacity: number) {
    this.base = base
    this.#marks = new Uint32Array(capacity + 1)
    this.#before = new Uint32Array(capacity + 1)
    this.#newest = new Uint32Array(Math.max(BUCKETS, 2 ** Math.floor(Math.log2(capacity / CHAIN))))
  }

  get capacity(): number {
    return this.#marks.length - 1
  }

  /** Adds the events after a seq, in ascending order, each with its fingerprint or 0. */
  add(after: number, marks: ArrayLike<number>): void {
    for (let index = 0; index < marks.length; index++) {
      const mark = marks[index] ?? 0
      if (mark === 0) continue
      const place = after - this.base + index + 1
      const bucket = this.#bucketOf(mark)
      this.#marks[place] = mark
      this.#before[place] = this.#newest[bucket] ?? 0
      this.#newest[bucket] = place
    }
  }

  /** The seqs of a fingerprint, newest first. */
  *find(mark: number): Iterable<number> {
    let place = this.#newest[this.#bucketOf(mark)] ?? 0
    while (place > 0) {
      if (this.#marks[place] === mark) yield this.base + place
      place = this.#before[place] ?? 0
    }
  }

  #bucketOf(mark: number): number {
    return mark & (this.#newest.length - 1)
  }
}
