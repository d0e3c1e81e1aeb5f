// L5: the log by idempotency-key, for the newest 10,000 events and for 24 hours. Rows of events
// carry the fingerprints of keys, so a key costs no row of its own. What is in memory is a cache:
// it is read from these rows when somebody sends a key.

import { IDEMPOTENCY_EVENTS, IDEMPOTENCY_MOST, IDEMPOTENCY_TIME } from '../limits/limits.ts'
import type { Draft, Event } from '../log/event.ts'
import type { KeyedRows } from '../ports.ts'
import { fingerprintOf } from './fingerprint.ts'
import { KeyWindow } from './key-window.ts'
import { KEY_BLOCK, KEY_SPAN, type KeySizes, StoredFingerprints } from './stored-fingerprints.ts'

/**
 * Which keys are known: those of the newest events, and of a time in milliseconds, up to `most`
 * events.
 */
export interface KeyLimits extends KeySizes {
  readonly events: number
  readonly time: number
  readonly most: number
}

const LIMITS: KeyLimits = {
  block: KEY_BLOCK,
  span: KEY_SPAN,
  events: IDEMPOTENCY_EVENTS,
  time: IDEMPOTENCY_TIME,
  most: IDEMPOTENCY_MOST,
}

/** Events with the same fingerprint that are compared: more than occur by chance. */
const MOST_CANDIDATES = 32

/**
 * A clock may go back by an hour (H1): keys are read for so much longer than they are known, and
 * for as long again, since the events may also be stamped by a clock that went back.
 */
const CLOCK_SLACK = 2 * 3_600_000

/** The smallest number of events that fit into a window after those that were read. */
const SPARE = 1024

/** Finds and appends events by idempotency-key (L5). */
export class KeyedLog {
  readonly #log: KeyedRows
  readonly #seed: number
  readonly #limits: KeyLimits
  readonly #stored: StoredFingerprints
  /** Undefined until somebody sends a key. */
  #window: KeyWindow | undefined
  /** The fingerprints of the block that is being filled; undefined while they are unknown. */
  #block: Uint32Array<ArrayBuffer> | undefined

  /**
   * @param seed a secret 32-bit integer, always the same for a log.
   * @param limits always the same block and span for a log.
   */
  constructor(log: KeyedRows, seed: number, limits = LIMITS) {
    this.#log = log
    this.#seed = seed
    this.#limits = limits
    this.#stored = new StoredFingerprints(log, seed, limits)
  }

  /**
   * The seq of the event that this sender sent under this key, if the key is still known.
   * @param now milliseconds since 1970.
   */
  find(senderId: string, key: string, now: number): number | undefined {
    let compared = 0
    this.#window ??= this.#read(now)
    for (const seq of this.#window.find(this.#stored.of(senderId, key))) {
      const event = this.#log.find(seq)
      const same = event?.idempotencyKey === key && event.sender.id === senderId
      if (same && this.#isKnown(seq, event.at, now)) return seq
      if (++compared === MOST_CANDIDATES) return undefined
    }
    return undefined
  }

  /**
   * Whether the event of a seq came from the same request. For rows of older versions it is true.
   */
  isOf(seq: number, request: string): boolean {
    const earlier = this.#log.requestFingerprint(seq)
    return earlier === undefined || earlier === fingerprintOf(request, this.#seed)
  }

  /**
   * Appends to the log, and remembers the key.
   *
   * @param request what was asked for under the key, as text.
   * @throws what the log throws, with nothing written.
   */
  append(draft: Draft, request = ''): Event {
    const { idempotencyKey: key, sender } = draft
    const seq = this.#log.head() + 1
    const fingerprint = key === undefined ? 0 : this.#stored.of(sender.id, key)
    const carried = this.#fill(seq, fingerprint)
    const requestFingerprint = key === undefined ? undefined : fingerprintOf(request, this.#seed)
    const event = this.#log.append(draft, carried, requestFingerprint)
    if (carried) this.#block = new Uint32Array(this.#limits.block)
    this.#remember(seq, fingerprint)
    return event
  }

  /**
   * Whether a key that was first used at a time would still be known. An older one may be
   * forgotten.
   *
   * @param at milliseconds since 1970.
   */
  covers(at: number, now: number): boolean {
    const { events, time, most } = this.#limits
    const head = this.#log.head()
    if (head <= events) return true
    const byTime = Math.max(now - time, this.#at(head - most))
    return at > Math.min(this.#at(head - events), byTime)
  }

  /** The number of fingerprints that fit into memory. */
  get size(): number {
    return this.#window?.capacity ?? 0
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#window = this.#block = undefined
  }

  /**
   * Notes the fingerprint of the next event. If the event ends a block, returns what its row
   * carries.
   */
  #fill(seq: number, fingerprint: number): Uint32Array | undefined {
    const place = (seq - 1) % this.#limits.block
    const isLast = place === this.#limits.block - 1
    if (isLast) this.#block ??= this.#stored.block(seq - 1 - place, seq - 1)
    // A failed write needs no undoing: the next event takes the same place.
    if (this.#block) this.#block[place] = fingerprint
    return isLast && this.#block ? this.#stored.carriedBy(seq, this.#block) : undefined
  }

  #remember(seq: number, fingerprint: number): void {
    if (!this.#window) return
    // Where no space is left, the window is read again, with space for more.
    if (seq - this.#window.base > this.#window.capacity) this.#window = undefined
    else this.#window.add(seq - 1, [fingerprint])
  }

  /** Reads the fingerprints of all events whose keys are known. */
  #read(now: number): KeyWindow {
    const { block } = this.#limits
    const head = this.#log.head()
    const base = this.#oldest(now)
    const full = head - (head % block)
    const window = new KeyWindow(base, head - base + Math.max(SPARE, (head - base) >>> 2))
    for (const { after, fingerprints } of this.#stored.between(base, head)) {
      window.add(after, fingerprints)
    }
    this.#block ??= this.#stored.block(full, head)
    window.add(full, this.#block.subarray(0, head - full))
    return window
  }

  /** The seq before the first span that may have a known key. */
  #oldest(now: number): number {
    const { span, events, most } = this.#limits
    const head = this.#log.head()
    const spansBefore = (seq: number) => Math.max(0, Math.floor(seq / span))
    // Bisects for the newest span that is too old, between spans that are never known and spans
    // that always are.
    let low = spansBefore(head - most)
    let high = spansBefore(head - events)
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const isOld = !this.#isKnown(middle * span, this.#at(middle * span), now - CLOCK_SLACK)
      if (isOld) low = middle
      else high = middle - 1
    }
    return low * span
  }

  /** The exact rule, so the answer does not depend on what is in memory (H1). */
  #isKnown(seq: number, at: number, now: number): boolean {
    const { events, time, most } = this.#limits
    const age = this.#log.head() - seq
    return age < events || (age < most && at > now - time)
  }

  /** When an event was appended; a removed event is older than any other. */
  #at(seq: number): number {
    return this.#log.find(seq)?.at ?? Number.NEGATIVE_INFINITY
  }
}
