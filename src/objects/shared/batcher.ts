// Work of one moment in one batch: items run in order, and share what costs the same for one as for
// many, such as a commit.

interface Piece<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** Runs items in order: at once where it is quiet, else with all until the next macrotask. */
export class Batcher<Item, Result> {
  readonly #run: (batch: readonly Item[]) => readonly Result[]
  readonly #later: (work: () => void) => void
  /** Items of the next batch; undefined while it is quiet. */
  #waiting: Piece<Item, Result>[] | undefined

  /**
   * @param run runs a batch, and returns the results of its first items, one at least. The other
   * items are for the next batch, before what comes later (R4).
   * @param later does something in the next macrotask.
   */
  constructor(
    run: (batch: readonly Item[]) => readonly Result[],
    later: (work: () => void) => void = (work) => setTimeout(work, 0),
  ) {
    this.#run = run
    this.#later = later
  }

  /** The result of an item, once it was its turn. Rejects with what its batch has thrown. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const piece = { item, resolve, reject }
      if (this.#waiting) this.#waiting.push(piece)
      else this.#wait(this.#runBatch([piece]))
    })
  }

  /** H2: the timer is set again only where something came, so a quiet room has no timer. */
  #wait(waiting: Piece<Item, Result>[]): void {
    this.#waiting = waiting
    this.#later(() => {
      this.#waiting = undefined
      if (waiting.length === 0) return
      this.#wait(this.#runBatch(waiting))
    })
  }

  /** Returns the pieces that are left for the next batch. */
  #runBatch(batch: readonly Piece<Item, Result>[]): Piece<Item, Result>[] {
    try {
      const results = this.#run(batch.map(({ item }) => item))
      for (const [index, result] of results.entries()) batch[index]?.resolve(result)
      return batch.slice(results.length)
    } catch (error) {
      console.error(error)
      // Those that were not run would wait for ever.
      for (const { reject } of batch) reject(error)
      return []
    }
  }
}
