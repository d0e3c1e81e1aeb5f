// The idempotency-keys of full spans whose slices are in the log: of each span the slice that a key is in. A cache:
// slices are read when somebody asks, and dropped when the next span is there.

import type { Place } from '../log/event.ts'
import type { KeyDigests, Marks, Span } from './digests.ts'
import { placesIn, sliceOf } from './slices.ts'

/** Whether anything up to an event may be in the window. Without its moment: of one that is as new as can be. */
export type Reaches = (seq: number, at?: number) => boolean

export class OlderKeys {
  readonly #digests: KeyDigests
  readonly #span: Span
  /** Where longer spans take over. */
  readonly #after: () => number
  /** The slices of one index, those of the newest span first. */
  readonly #columns = new Map<number, readonly Marks[]>()
  /** The seq up to which they go. */
  #upTo = 0

  /** @param after the seq after which spans are of interest. */
  constructor(digests: KeyDigests, span: Span, after: () => number) {
    this.#digests = digests
    this.#span = span
    this.#after = after
  }

  /** How many fingerprints were read. */
  get size(): number {
    return [...this.#columns.values()].flat().reduce((sum, { marks }) => sum + marks.length, 0)
  }

  /** Where a fingerprint may be that is not in memory, as far as it reaches. */
  wanted(mark: number, reaches: Reaches): Place[] {
    const { span, block } = this.#digests.size(this.#span)
    const upTo = this.#digests.slicedUpTo(this.#span)
    if (upTo !== this.#upTo) this.forget()
    this.#upTo = upTo
    const index = this.#indexOf(mark)
    if (this.#columns.has(index)) return []
    const places: Place[] = []
    for (let end = upTo; end > this.#after(); end -= span) {
      // The slices of a span are in the rows of the one after it.
      const row = end + (index + 1) * block
      if (!reaches(row)) break
      places.push([this.#span, row])
    }
    return places
  }

  /** Is given all that was wanted for a fingerprint, that of others among it. */
  give(mark: number, rows: readonly Marks[]): void {
    const index = this.#indexOf(mark)
    if (this.#columns.has(index)) return
    this.#columns.set(
      index,
      rows.filter(({ what }) => what === this.#span),
    )
  }

  /** The seqs of a fingerprint, the newest first; now and then that of another one. */
  find(mark: number, reaches: Reaches): number[] {
    const size = this.#digests.size(this.#span)
    const index = this.#indexOf(mark)
    const found: number[] = []
    for (const { seq, at, marks } of this.#columns.get(index) ?? []) {
      if (!reaches(seq, at)) break
      const start = seq - (index + 1) * size.block - size.span
      for (const place of placesIn(marks, mark, size)) found.push(start + place + 1)
    }
    return found
  }

  forget(): void {
    this.#columns.clear()
  }

  #indexOf(mark: number): number {
    return sliceOf(mark, this.#digests.size(this.#span))
  }
}
