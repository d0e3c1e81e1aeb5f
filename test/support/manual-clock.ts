// A clock that a test moves by hand, with the timers that hang on it.

interface Timer {
  readonly at: number
  readonly act: () => void
}

export class ManualClock {
  /** Milliseconds since 1970. */
  time = Date.parse('2026-11-21T08:00:00Z')
  readonly #timers = new Set<Timer>()

  readonly now = (): number => this.time

  readonly setTimeout = (act: () => void, delay: number): Timer => {
    const timer = { at: this.time + Math.max(0, delay), act }
    this.#timers.add(timer)
    return timer
  }

  readonly clearTimeout = (timer: unknown): void => {
    this.#timers.delete(timer as Timer)
  }

  /** How many are running. */
  get timers(): number {
    return this.#timers.size
  }

  /** Lets time pass: each timer in its turn, and after each all that it set going. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds
    await settled()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next)
      this.time = Math.max(this.time, next.at)
      next.act()
      await settled()
    }
    this.time = end
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end)
    return due.sort((one, other) => one.at - other.at)[0]
  }
}

/** Until no promise has anything left to do. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
