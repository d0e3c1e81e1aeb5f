// A token bucket for each owner, a principal or a session. Memory only: an object that was evicted
// was idle for so long that its buckets would be full again (config.ts holds the limits to that).

interface Bucket {
  readonly tokens: number
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What a bucket gets in a second, and what it holds at most. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** Above so many buckets, and then above twice what was left, full buckets are forgotten. */
const MANY = 1024

/** The bucket of one owner. */
export class TokenBucket {
  readonly #rate: Rate
  #bucket: Bucket

  constructor(rate: Rate) {
    this.#rate = rate
    this.#bucket = { tokens: rate.burst, at: 0 }
  }

  /** Takes so many tokens; false when there are fewer. */
  take(now: number, cost = 1): boolean {
    const tokens = refilled(this.#bucket, this.#rate, now)
    const enough = tokens >= cost
    this.#bucket = { tokens: enough ? tokens - cost : tokens, at: now }
    return enough
  }
}

/** A bucket for each owner, by id. Full buckets are forgotten, so memory is bounded (R4). */
export class RateBuckets {
  readonly #rate: Rate
  readonly #buckets = new Map<string, Bucket>()
  #many = MANY

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** Takes one token of `owner`; false when there is none. */
  take(owner: string, now: number): boolean {
    const tokens = this.#tokens(this.#buckets.get(owner), now)
    const enough = tokens >= 1
    if (enough && this.#buckets.size > this.#many) this.#forgetFull(now)
    this.#buckets.set(owner, { tokens: enough ? tokens - 1 : tokens, at: now })
    return enough
  }

  /**
   * Takes so many tokens, even if there are fewer: until the debt is paid, `take` returns false.
   */
  debit(owner: string, now: number, tokens: number): void {
    this.#buckets.set(owner, {
      tokens: this.#tokens(this.#buckets.get(owner), now) - tokens,
      at: now,
    })
  }

  #tokens(bucket: Bucket | undefined, now: number): number {
    return bucket ? refilled(bucket, this.#rate, now) : this.#rate.burst
  }

  #forgetFull(now: number): void {
    for (const [owner, bucket] of this.#buckets) {
      if (this.#tokens(bucket, now) >= this.#rate.burst) this.#buckets.delete(owner)
    }
    this.#many = Math.max(MANY, 2 * this.#buckets.size)
  }
}

/** What a bucket holds now. A clock that went back changes nothing. */
function refilled({ tokens, at }: Bucket, { perSecond, burst }: Rate, now: number): number {
  return Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * perSecond)
}
