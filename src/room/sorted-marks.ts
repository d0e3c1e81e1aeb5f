// A sorted array of fingerprints, with a bit for each small range of them that says whether one is in it: most
// look-ups end there, in a table that is small enough to stay in the cache of the processor.

/** Bits of a fingerprint that tell its range. With 16,384 fingerprints, an eighth of the ranges has one. */
const RANGE_BITS = 17

export class SortedMarks {
  readonly #marks: Uint32Array
  readonly #ranges = new Uint32Array(2 ** RANGE_BITS / 32)

  /** @param marks ascending numbers of 32 bits. */
  constructor(marks: Uint32Array) {
    this.#marks = marks
    for (let index = 0; index < marks.length; index++) {
      const range = rangeOf(marks[index] ?? 0)
      this.#ranges[range >>> 5] = (this.#ranges[range >>> 5] ?? 0) | (1 << (range & 31))
    }
  }

  get size(): number {
    return this.#marks.length
  }

  has(mark: number): boolean {
    const range = rangeOf(mark)
    if (((this.#ranges[range >>> 5] ?? 0) & (1 << (range & 31))) === 0) return false
    let low = 0
    let high = this.#marks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#marks[middle] ?? 0) < mark) low = middle + 1
      else high = middle
    }
    return this.#marks[low] === mark
  }
}

const rangeOf = (mark: number) => mark >>> (32 - RANGE_BITS)
