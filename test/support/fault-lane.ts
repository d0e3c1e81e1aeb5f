// One direction of a connection through the fault proxy: what passes does so in order, however
// late.

interface Waiting {
  readonly act: () => void
  /** Milliseconds of `performance.now`. */
  readonly due: number
}

export class Lane {
  #waiting: Waiting[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #held = false
  #closed = false

  /** Does something in so many milliseconds, after everything that came before it. */
  push(act: () => void, delay = 0): void {
    if (this.#closed) return
    this.#waiting.push({ act, due: performance.now() + delay })
    this.#go()
  }

  /** Lets nothing pass until `release`. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.#go()
  }

  /** Lets everything pass that waits, at once. */
  flush(): void {
    this.#held = false
    this.#waiting = this.#waiting.map(({ act }) => ({ act, due: 0 }))
    this.#go()
  }

  /** Drops what waits, and whatever comes. */
  close(): void {
    this.#closed = true
    this.#waiting = []
    clearTimeout(this.#timer)
  }

  #go(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (!this.#held) {
      const [next] = this.#waiting
      if (!next) return
      const left = next.due - performance.now()
      if (left > 0) {
        this.#timer = setTimeout(() => this.#go(), left)
        return
      }
      this.#waiting.shift()
      next.act()
    }
  }
}
