// The meter of a room: what Cloudflare bills, counted where it happens. Integers in memory: a
// message costs a few additions. usage-checkpoint.ts stores them.

import type { Counts } from '../../../cost.ts'

type Cursor = Pick<SqlStorageCursor<Record<string, SqlStorageValue>>, 'rowsRead' | 'rowsWritten'>

/** The counts of one room since it woke, on top of those that were stored. */
export class Meter {
  inboundMessages = 0
  messages = 0
  wakeUps = 0
  /** Each writes a row. */
  alarmsSet = 0
  #requests = 0
  #since: number | undefined
  #activeMs = 0
  #rowsRead = 0
  #rowsWritten = 0
  /** Cursors that may still be read: their counts grow until then. */
  readonly #cursors: Cursor[] = []
  /** What is under way. */
  #running = 0
  #begunAt = 0
  readonly #onIdle: (quiet: boolean) => void

  /** @param onIdle told after each piece of work, and whether it was the last one under way. */
  constructor(onIdle: (quiet: boolean) => void = () => {}) {
    this.#onIdle = onIdle
  }

  /** Counts the rows of a statement, once it was read. */
  add(cursor: Cursor): void {
    this.#cursors.push(cursor)
  }

  /** A request that reached the object. */
  request<Result>(work: () => Result): Result {
    this.#requests++
    this.#begin()
    try {
      return work()
    } finally {
      this.#end()
    }
  }

  /** A request that takes its time. */
  async requestDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#requests++
    return this.during(work)
  }

  /** Work that takes its time. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#begin()
    try {
      return await work()
    } finally {
      this.#end()
    }
  }

  /**
   * Work to be done later. Until then the object cannot hibernate, and that time is billed.
   *
   * @returns what calls it off.
   */
  later(ms: number, work: () => void): () => void {
    this.#begin()
    let pending = true
    const end = () => {
      if (pending) this.#end()
      pending = false
    }
    const timer = setTimeout(() => {
      try {
        work()
      } finally {
        end()
      }
    }, ms)
    return () => {
      clearTimeout(timer)
      end()
    }
  }

  /** The counts until now; what is under way counts as active. */
  counts(): Counts {
    this.#sum()
    const running = this.#running > 0 ? Date.now() - this.#begunAt : 0
    return {
      since: this.#since ?? Date.now(),
      messages: this.messages,
      inboundMessages: this.inboundMessages,
      requests: this.#requests,
      wakeUps: this.wakeUps,
      activeSeconds: (this.#activeMs + running) / 1000,
      rowsRead: this.#rowsRead,
      rowsWritten: this.#rowsWritten + this.alarmsSet,
    }
  }

  /** The text for a row that is about to be written: it counts that row, and tells when. */
  checkpoint(now: number): string {
    return `${this.text(1)} ${now}`
  }

  /** All counts as text, for `resume`. */
  text(rows = 0): string {
    const counts = this.counts()
    return [
      counts.since,
      counts.messages,
      counts.inboundMessages,
      counts.requests,
      counts.wakeUps,
      Math.round(counts.activeSeconds * 1000),
      counts.rowsRead,
      counts.rowsWritten + rows,
    ].join(' ')
  }

  /** Goes on from the newest of several texts: counts only grow. */
  resume(texts: Iterable<string>): void {
    const kept = [...texts].map((text) => text.split(' ').map(Number))
    const most = (place: number) => Math.max(0, ...kept.map((counts) => counts[place] ?? 0))
    this.#since = most(0) || Date.now()
    this.messages += most(1)
    this.inboundMessages += most(2)
    this.#requests += most(3)
    this.wakeUps += most(4)
    this.#activeMs += most(5)
    this.#rowsRead += most(6)
    this.#rowsWritten += most(7)
  }

  /** The counts so far are stored elsewhere: begins at zero again. */
  reset(): void {
    this.#sum()
    this.messages = this.inboundMessages = this.wakeUps = this.alarmsSet = 0
    this.#requests = this.#activeMs = this.#rowsRead = this.#rowsWritten = 0
    this.#begunAt = Date.now()
  }

  #sum(): void {
    for (const { rowsRead, rowsWritten } of this.#cursors) {
      this.#rowsRead += rowsRead
      this.#rowsWritten += rowsWritten
    }
    this.#cursors.length = 0
  }

  #begin(): void {
    if (this.#running++ === 0) this.#begunAt = Date.now()
  }

  #end(): void {
    // Cursors are summed here too, because a busy room is never quiet. None is read after its turn.
    this.#sum()
    if (--this.#running === 0) this.#activeMs += Math.max(0, Date.now() - this.#begunAt)
    this.#onIdle(this.#running === 0)
  }
}
