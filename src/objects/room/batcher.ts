// Work of one moment done together: at once where it is quiet, otherwise with all that comes until the
// next macrotask. So the messages of one moment are one turn, one commit, and one message to each. R4: what is more
// than a batch should do waits for the next one, before what comes later.

interface Piece<Shared> {
  run(shared: Shared): void
  fail(error: unknown): void
}

/** Gathers work and runs it in batches, in the order in which it came. */
export class Gathering<Shared> {
  readonly #run: (batch: (shared: Shared) => void) => void
  readonly #isFull: (shared: Shared) => boolean
  readonly #later: (work: () => void) => void
  /** Work for the next moment; undefined while it is quiet. */
  #gathered: Piece<Shared>[] | undefined

  /**
   * @param run runs a batch with what its pieces share.
   * @param isFull whether a batch has done enough: asked before each piece but the first.
   * @param later does something in the next macrotask.
   */
  constructor(
    run: (batch: (shared: Shared) => void) => void,
    isFull: (shared: Shared) => boolean,
    later: (work: () => void) => void = (work) => setTimeout(work, 0),
  ) {
    this.#run = run
    this.#isFull = isFull
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
            // One that fails must not take the others of its batch with it.
            reject(error)
          }
        },
        fail: reject,
      }
      if (this.#gathered) this.#gathered.push(piece)
      else {
        this.#gather(this.#batch([piece]))
      }
    })
  }

  /** H2: the timer is armed again only where something came, so none is pending in a quiet room. */
  #gather(gathered: Piece<Shared>[]): void {
    this.#gathered = gathered
    this.#later(() => {
      this.#gathered = undefined
      if (gathered.length === 0) return
      this.#gather(this.#batch(gathered))
    })
  }

  /** Gives the pieces that are left for the next batch. */
  #batch(batch: readonly Piece<Shared>[]): Piece<Shared>[] {
    let done = 0
    try {
      this.#run((shared) => {
        for (const piece of batch) {
          if (done > 0 && this.#isFull(shared)) return
          done++
          piece.run(shared)
        }
      })
    } catch (error) {
      console.error(error)
      // Those that were not run yet would wait for ever.
      for (const piece of batch) piece.fail(error)
      return []
    }
    return batch.slice(done)
  }
}
