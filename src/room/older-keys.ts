// The idempotency-keys of the full super blocks: sorted fingerprints as the rows of the log carry them, a row read
// for 16,384 events, and nothing hashed. A cache: a super block is read when somebody asks, and dropped with age.

import type { KeyDigests } from './key-digests.ts'
import { SortedMarks } from './sorted-marks.ts'

/** Whether anything up to an event may be in the window. Without its moment: of one that is as new as can be. */
export type Reaches = (seq: number, at?: number) => boolean

interface SuperBlock {
  readonly at: number
  readonly sorted: SortedMarks
  /** In the order of the events: read where a fingerprint was found among the sorted. */
  inOrder?: Uint32Array
}

export class OlderKeys {
  readonly #digests: KeyDigests
  /** By its last seq. */
  readonly #superBlocks = new Map<number, SuperBlock>()

  constructor(digests: KeyDigests) {
    this.#digests = digests
  }

  get size(): number {
    return [...this.#superBlocks.values()].reduce((sum, { sorted }) => sum + sorted.size, 0)
  }

  /** The seqs of a fingerprint, the newest first. */
  *find(mark: number, head: number, reaches: Reaches): Iterable<number> {
    const { superBlock } = this.#digests.sizes
    let end = head - (head % superBlock)
    for (; end > 0 && reaches(end); end -= superBlock) {
      const keys = this.#superBlocks.get(end) ?? this.#read(end, reaches)
      if (!reaches(end, keys.at)) break
      if (keys.sorted.has(mark)) yield* this.#places(end, keys, mark)
    }
  }

  forget(): void {
    this.#superBlocks.clear()
  }

  /** Drops what is out of the window, too: so there is never more of it than was read in one window. */
  #read(end: number, reaches: Reaches): SuperBlock {
    for (const [each, { at }] of this.#superBlocks) {
      if (!reaches(each, at)) this.#superBlocks.delete(each)
    }
    const { at, marks } = this.#digests.sorted(end)
    const keys = { at, sorted: new SortedMarks(marks) }
    this.#superBlocks.set(end, keys)
    return keys
  }

  *#places(end: number, keys: SuperBlock, mark: number): Iterable<number> {
    keys.inOrder ??= this.#digests.inOrder(end)
    const after = end - keys.inOrder.length
    for (let place = keys.inOrder.length - 1; place >= 0; place--) {
      if (keys.inOrder[place] === mark) yield after + place + 1
    }
  }
}
