// What comes in one moment is done together: at once where it is quiet, otherwise with all that
// comes until the next macrotask. So the messages of one moment are one turn, one commit, and one
// message to each connection.

interface Piece<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** Runs items in batches, in the order in which they came. */
export class Batcher<Item, Result> {
  readonly #run: (batch: readonly Item[]) => readonly Result[]
  readonly #later: (work: () => void) => void
  /** Items for the next moment; undefined while it is quiet. */
  #waiting: Piece<Item, Result>[] | undefined

  /**
   * @param run runs a batch, and gives the results of its first items: one at least. The other
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

  /** Gives the pieces that are left for the next batch. */
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
