// The log by idempotency-key: which key gave which event (L5), for the newest 10,000 events and for 24 hours.
// What is in memory is a cache, dropped and read again at will. Some rows of the log carry the fingerprints of
// the keys before them: one is found among those of a day in few rows, and none writes one more.

import { IDEMPOTENCY_EVENTS, IDEMPOTENCY_MOST, IDEMPOTENCY_TIME } from '../limits/limits.ts'
import type { Draft, Event, Log } from '../log/event.ts'
import { KEY_BLOCK, KEY_SPANS, KeyDigests, type KeySizes } from './digests.ts'
import { OlderKeys, type Reaches } from './older-keys.ts'
import { RecentKeys } from './recent-keys.ts'

/** What is remembered: the newest events, and a time in milliseconds, of which no more than the most. */
export interface KeyLimits extends KeySizes {
  readonly events: number
  readonly time: number
  readonly most: number
}

const LIMITS: KeyLimits = {
  ...{ block: KEY_BLOCK, ...KEY_SPANS },
  ...{ events: IDEMPOTENCY_EVENTS, time: IDEMPOTENCY_TIME, most: IDEMPOTENCY_MOST },
}

/** Seqs looked at for one fingerprint: more than chance gives. */
const MOST_CANDIDATES = 32

/** Milliseconds that the clock may have gone back: blocks are read for so much longer than keys are known. */
const CLOCK_SLACK = 3_600_000

export class KeyedLog {
  readonly #log: Log
  readonly #limits: KeyLimits
  readonly #digests: KeyDigests
  readonly #recent: RecentKeys
  /** Those in short spans, and those in long ones. */
  readonly #older: readonly OlderKeys[]

  /**
   * @param seed a whole number of 32 bits, always the same for a log, and secret.
   * @param limits always the same sizes for a log.
   */
  constructor(log: Log, seed: number, limits = LIMITS) {
    this.#log = log
    this.#limits = limits
    this.#digests = new KeyDigests(log, seed, limits)
    this.#recent = new RecentKeys(log, this.#digests)
    this.#older = [
      new OlderKeys(this.#digests, 'short', () => this.#digests.slicedUpTo('long')),
      new OlderKeys(this.#digests, 'long', () => 0),
    ]
  }

  /** The seq of the event that this sender sent under this key, if it is in the window. */
  find(senderId: string, key: string, now: number): number | undefined {
    let looked = 0
    for (const seq of this.#candidates(this.#digests.fingerprint(senderId, key), now)) {
      const event = this.#log.find(seq)
      const same = event?.idempotencyKey === key && event.sender.id === senderId
      if (same && this.#holds(seq, event.at, now)) return seq
      if (++looked === MOST_CANDIDATES) return undefined
    }
    return undefined
  }

  /** Whether the event of a seq came of what is asked for now. Events of earlier versions do not tell. */
  isOf(seq: number, asked: string): boolean {
    const before = this.#log.asked(seq)
    return before === undefined || before === this.#digests.fingerprintOf(asked)
  }

  /**
   * Appends to the log, and remembers the key. Throws what the log throws, with nothing written.
   *
   * @param asked what is asked for under the key, as a text.
   */
  append(draft: Draft, asked = ''): Event {
    const { idempotencyKey: key, sender } = draft
    const keyed = key !== undefined
    const mark = keyed ? this.#digests.fingerprint(sender.id, key) : 0
    const askedMark = keyed ? this.#digests.fingerprintOf(asked) : undefined
    const event = this.#log.append(draft, this.#recent.next(mark), askedMark)
    this.#recent.appended(mark)
    return event
  }

  /**
   * Whether a key that was first used at a moment would still be known; milliseconds since 1970. What is
   * older may have been forgotten.
   */
  covers(moment: number, now: number): boolean {
    const { events, time, most } = this.#limits
    const head = this.#log.head()
    if (head <= events) return true
    const byTime = Math.max(now - time, this.#at(head - most))
    return moment > Math.min(this.#at(head - events), byTime)
  }

  /** How many fingerprints are in memory. */
  get size(): number {
    return [this.#recent, ...this.#older].reduce((sum, { size }) => sum + size, 0)
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#recent.forget()
    for (const keys of this.#older) keys.forget()
  }

  /** The seqs that may be those of a key, the newest first. */
  *#candidates(mark: number, now: number): Iterable<number> {
    const reaches: Reaches = (seq, at = Number.POSITIVE_INFINITY) =>
      this.#holds(seq, at, now - CLOCK_SLACK)
    this.#read(mark, reaches)
    yield* this.#recent.find(mark)
    for (const keys of this.#older) yield* keys.find(mark, reaches)
  }

  /** All that is wanted at once: each statement costs as much as ten rows. */
  #read(mark: number, reaches: Reaches): void {
    const older = this.#older.flatMap((keys) => keys.wanted(mark, reaches))
    const rows = this.#digests.read([...this.#recent.wanted(), ...older])
    // All are read before any is given: what could not be read is still wanted.
    this.#recent.give(rows)
    for (const keys of this.#older) keys.give(mark, rows)
  }

  /** Exact, so that what is remembered does not depend on what is in memory (H1). */
  #holds(seq: number, at: number, now: number): boolean {
    const { events, time, most } = this.#limits
    const age = this.#log.head() - seq
    return age < events || (age < most && at > now - time)
  }

  /** The moment of an event; before all there is, for one that there is not. */
  #at(seq: number): number {
    return this.#log.find(seq)?.at ?? Number.NEGATIVE_INFINITY
  }
}
