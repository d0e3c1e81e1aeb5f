// The idempotency-keys after the last full super block, in a table. A cache of the log, read back from the head as
// far as somebody asks.

import type { KeyDigests, Marks } from './key-digests.ts'
import { KeyTable } from './key-table.ts'
import type { Reaches } from './older-keys.ts'

export class RecentKeys {
  readonly #digests: KeyDigests
  #table: KeyTable | undefined
  /** The table has all keys after this seq, the end of a block. */
  #from = 0
  /** That block, once it was read and found to be too old. */
  #next: Marks | undefined

  constructor(digests: KeyDigests) {
    this.#digests = digests
  }

  get size(): number {
    return this.#table?.size ?? 0
  }

  /** The seqs of a fingerprint, the newest first. */
  find(mark: number, head: number, reaches: Reaches): number[] {
    this.#table ??= this.#begun(head)
    const { block, superBlock } = this.#digests.sizes
    for (; this.#from % superBlock !== 0; this.#from -= block) {
      this.#next ??= this.#digests.block(this.#from)
      if (!reaches(this.#from, this.#next.at)) break
      add(this.#table, this.#next.marks, this.#from - block)
      this.#next = undefined
    }
    return this.#table.find(mark)
  }

  /** Is told that an event was appended. */
  appended(seq: number, mark: number): void {
    if (seq % this.#digests.sizes.superBlock === 0) this.forget()
    else if (mark !== 0) this.#table?.add(mark, seq)
  }

  forget(): void {
    this.#table = undefined
    this.#next = undefined
  }

  #begun(head: number): KeyTable {
    this.#from = head - (head % this.#digests.sizes.block)
    const table = new KeyTable()
    add(table, this.#digests.open(), this.#from)
    return table
  }
}

function add(table: KeyTable, marks: Uint32Array, after: number): void {
  for (const [place, mark] of marks.entries()) {
    if (mark !== 0) table.add(mark, after + place + 1)
  }
}
