// What one person may ask of the HTTP API: a token bucket that is full again after ten seconds
// (R5). It lives in memory alone: an object that is evicted was idle for ten seconds, so forgetting
// the bucket changes nothing.

/** Seconds in which an empty bucket is full again. */
const FULL_AFTER = 10
const MINUTE = 60

/** What fits into a bucket: no request may cost more. */
export const burstOf = (perMinute: number): number => (perMinute * FULL_AFTER) / MINUTE

/** The bucket of one person, filled by REQUESTS_PER_MINUTE. */
export class RequestBudget {
  readonly #perSecond: number
  readonly #burst: number
  #left: number
  /** Milliseconds since 1970. */
  #at = 0

  constructor(perMinute: number) {
    this.#perSecond = perMinute / MINUTE
    this.#burst = burstOf(perMinute)
    this.#left = this.#burst
  }

  /**
   * Takes the cost and returns 0. If too little is left, takes nothing and returns the seconds
   * until it would do.
   *
   * @param now milliseconds since 1970.
   */
  take(cost: number, now: number): number {
    const passed = Math.max(0, now - this.#at) / 1000
    this.#left = Math.min(this.#burst, this.#left + passed * this.#perSecond)
    this.#at = now
    if (cost > this.#left) return (cost - this.#left) / this.#perSecond
    this.#left -= cost
    return 0
  }
}
