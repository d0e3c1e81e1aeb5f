// Work of one moment done together: at once where it is quiet, otherwise with all that comes until the
// next macrotask. So the messages of one moment are one turn, one commit, and one message to each.

interface Piece<Shared> {
  run(shared: Shared): void
  fail(error: unknown): void
}

/** Gathers work and runs it in batches, in the order in which it came. */
export class Gathering<Shared> {
  readonly #run: (batch: (shared: Shared) => void) => void
  readonly #later: (work: () => void) => void
  /** Work for the next moment; undefined while it is quiet. */
  #gathered: Piece<Shared>[] | undefined

  /**
   * @param run runs a batch with what its pieces share.
   * @param later does something in the next macrotask.
   */
  constructor(
    run: (batch: (shared: Shared) => void) => void,
    later: (work: () => void) => void = (work) => setTimeout(work, 0),
  ) {
    this.#run = run
    this.#later = later
  }

  /** What the work gives, once it was its turn. */
  soon<Result>(work: (shared: Shared) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const piece: Piece<Shared> = {
        run(shared) {
          try {
            resolve(work(shared))
          } catch (error) {
            // Because one that fails must not take the others of its batch with it.
            reject(error)
          }
        },
        fail: reject,
      }
      if (this.#gathered) this.#gathered.push(piece)
      else {
        this.#batch([piece])
        this.#gather()
      }
    })
  }

  /** H2: the timer is armed again only where something came, so none is pending in a quiet room. */
  #gather(): void {
    const gathered: Piece<Shared>[] = []
    this.#gathered = gathered
    this.#later(() => {
      this.#gathered = undefined
      if (gathered.length === 0) return
      this.#batch(gathered)
      this.#gather()
    })
  }

  #batch(batch: readonly Piece<Shared>[]): void {
    try {
      this.#run((shared) => {
        for (const piece of batch) piece.run(shared)
      })
    } catch (error) {
      console.error(error)
      // Because those that never came to their turn would wait for ever.
      for (const piece of batch) piece.fail(error)
    }
  }
}
