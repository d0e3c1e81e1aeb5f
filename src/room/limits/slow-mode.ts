// Slow mode: when each person spoke last. Memory only: after an eviction the log tells it, by one
// bounded query.

import type { Log } from '../ports.ts'
import { SLOW_MODE_EVENTS, SLOW_MODE_PEOPLE } from './limits.ts'

/** When each person sent their last message. Edits and reactions do not count. */
export class SlowMode {
  /** By person, milliseconds since 1970; undefined: the log is to be asked. */
  #last: Map<string, number> | undefined
  /** Since when all of it is known. */
  #since = 0

  /**
   * The seconds that somebody still has to wait, where two messages are `seconds` apart; 0: none.
   */
  secondsLeft(log: Log, personId: string, seconds: number, now: number): number {
    const since = now - seconds * 1000
    if (!this.#last || since < this.#since) {
      this.#last = new Map(log.lastMessages(since, SLOW_MODE_EVENTS))
      this.#since = since
    }
    const last = this.#last.get(personId)
    return last === undefined ? 0 : Math.max(0, Math.ceil((last - since) / 1000))
  }

  /** Somebody has spoken. Nothing is kept until somebody has asked. */
  note(personId: string, now: number): void {
    this.#last?.set(personId, now)
    // R5: too many people to remember. The log is asked again.
    if (this.#last && this.#last.size > SLOW_MODE_PEOPLE) this.forget()
  }

  /** Writes were undone. */
  forget(): void {
    this.#last = undefined
  }
}
