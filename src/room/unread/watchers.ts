// The members whose accounts have a list of rooms open, and when each is told what is new (U1, R4).
// Who waits is memory alone: a notice that is lost is made good by the next one.

import { MAX_WATCHERS, NOTICES_PER_SECOND, WATCHER_PERIOD } from '../limits/glance-limits.ts'
import type { FinallySpoken, KeptWatcher } from '../ports.ts'
import type { SpokenMemory } from './last-spoken.ts'

/** One of them. Whoever watches anew is another. Times in milliseconds since 1970. */
export interface Watcher {
  readonly personId: string
  /** When they were told last; 0: not yet. */
  readonly toldAt: number
}

const SECOND = 1000

/** The watchers of a room, and who of them waits to be told. */
export class Watchers implements SpokenMemory {
  /** By person, who watched last at the end. */
  readonly #watchers = new Map<string, Watcher>()
  /** Whom something is new for, in that order. */
  readonly #waiting = new Set<string>()
  /** When the newest notices were given: NOTICES_PER_SECOND at most. */
  readonly #notices: number[] = []
  /** Nobody is due before that time. */
  #dueAt = 0
  #isKept = true
  /** What was found in the log, of whoever watches or may. */
  readonly #spoken = new Map<string, FinallySpoken>()

  /** @param kept those who watched when they were kept last. */
  constructor(kept: readonly KeptWatcher[]) {
    for (const each of kept) {
      const [personId, after, seq] = typeof each === 'string' ? [each] : each
      this.#watchers.set(personId, { personId, toldAt: 0 })
      if (after !== undefined && seq !== undefined) this.#spoken.set(personId, { after, seq })
    }
  }

  get size(): number {
    return this.#watchers.size
  }

  /** R5: the one who has watched longest makes room for the newest. */
  add(personId: string): void {
    const before = this.#watchers.get(personId)
    this.#watchers.delete(personId)
    this.#watchers.set(personId, { personId, toldAt: before?.toldAt ?? 0 })
    if (!before) this.#isKept = false
    const [oldest] = this.#watchers.keys()
    if (this.#watchers.size > MAX_WATCHERS && oldest !== undefined) this.remove(oldest)
  }

  /** @param only undefined: whichever they are. */
  remove(personId: string, only?: Watcher): void {
    const watcher = this.#watchers.get(personId)
    if (!watcher || (only && only !== watcher)) return
    this.#watchers.delete(personId)
    this.#waiting.delete(personId)
    this.#isKept = false
  }

  /** Something is new for somebody, who need not watch. */
  note(personId: string): void {
    const watcher = this.#watchers.get(personId)
    if (!watcher || this.#waiting.has(personId)) return
    this.#waiting.add(personId)
    this.#dueAt = Math.min(this.#dueAt, watcher.toldAt + WATCHER_PERIOD)
  }

  /** Something is new for everybody. */
  noteAll(): void {
    if (this.#waiting.size === this.#watchers.size) return
    for (const personId of this.#watchers.keys()) this.note(personId)
  }

  /**
   * Takes those who are to be told now: they wait no more, and are told at that time.
   *
   * @param most of them at most.
   */
  take(now: number, most: number): Watcher[] {
    if (this.#waiting.size === 0 || this.#isEarly(now)) return []
    const free = Math.min(most, this.#freeNotices(now))
    if (free <= 0) return []
    const taken: Watcher[] = []
    this.#dueAt = Number.POSITIVE_INFINITY
    for (const personId of this.#waiting) {
      const { toldAt = 0 } = this.#watchers.get(personId) ?? {}
      const isDue = now >= toldAt + WATCHER_PERIOD || now < toldAt
      if (isDue && taken.length < free) taken.push(this.#told(personId, now))
      else this.#dueAt = Math.min(this.#dueAt, isDue ? now : toldAt + WATCHER_PERIOD)
    }
    return taken
  }

  /** When the next is due; undefined: nobody waits. Milliseconds since 1970. */
  nextAt(now: number): number | undefined {
    if (this.#waiting.size === 0) return undefined
    const [oldest = 0] = this.#notices
    const isFree = this.#freeNotices(now) > 0
    const at = Math.max(this.#dueAt, isFree ? 0 : oldest + SECOND)
    return Math.min(at, now + WATCHER_PERIOD)
  }

  recall(personId: string): FinallySpoken | undefined {
    return this.#spoken.get(personId)
  }

  remember(personId: string, spoken: FinallySpoken): void {
    if (this.#spoken.size >= MAX_WATCHERS) this.#spoken.clear()
    this.#spoken.set(personId, spoken)
    if (this.#watchers.has(personId)) this.#isKept = false
  }

  /** Those who watch, where they have changed since this was asked last. */
  takeUnkept(): readonly KeptWatcher[] | undefined {
    if (this.#isKept) return undefined
    this.#isKept = true
    return Array.from(this.#watchers.keys(), (personId) => {
      const spoken = this.#spoken.get(personId)
      return spoken ? [personId, spoken.after, spoken.seq] : personId
    })
  }

  /** A clock that went back makes nobody wait. */
  #isEarly(now: number): boolean {
    return now < this.#dueAt && this.#dueAt <= now + WATCHER_PERIOD
  }

  #told(personId: string, now: number): Watcher {
    const watcher = { personId, toldAt: now }
    this.#watchers.set(personId, watcher)
    this.#waiting.delete(personId)
    this.#notices.push(now)
    return watcher
  }

  /** R4: how many notices may be given now. */
  #freeNotices(now: number): number {
    const isOver = (at: number) => now >= at + SECOND || now < at
    while (this.#notices.length > 0 && isOver(this.#notices[0] ?? 0)) this.#notices.shift()
    return NOTICES_PER_SECOND - this.#notices.length
  }
}
