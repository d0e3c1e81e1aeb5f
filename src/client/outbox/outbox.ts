// Holds the entries until they are in the log. Sends them in order, one at a time, over reconnects
// and reloads. Keeps the rules Q1 to Q3 of docs/protocol.md.

import { backOff } from '../connection/back-off.ts'
import type { Close } from '../connection/retry-policy.ts'
import { blameFor } from '../connection/retry-policy.ts'
import type { Platform } from '../platform.ts'
import type { Timing } from '../timing.ts'
import type { Entry, EntryContent, OutboxStore } from './entry.ts'
import { withoutRefusal } from './entry.ts'
import { createEntryList } from './entry-list.ts'

/** `sentAt`: undefined until it is sent; in milliseconds since 1970. */
type Attempt = { key: string; receipt: string; timer: unknown; sentAt?: number }

/**
 * After this many internal errors, or closes without an ERROR, an entry fails until somebody
 * retries it.
 */
const STRIKES = 3

/** Refusals that ask for a pause: of everything, or of messages alone. */
const TOO_FAST = 'too-fast'
const SLOW_MODE = 'slow-mode'

/**
 * An outbox of one room, over any number of connections.
 *
 * @param needs `ready`: awaited before each SEND. `transmit`: `again` means that the entry may be
 * in the log already. `onOverdue`: the socket cannot be trusted any more
 */
export function createOutbox(needs: {
  store: OutboxStore
  ready: () => Promise<void>
  transmit: (entry: Entry, receipt: string, again: boolean) => void
  onChange: (entry: Entry) => void
  onOverdue: () => void
  platform: Platform
  timing: Timing
}) {
  const { store, ready, transmit, onChange, onOverdue, platform, timing } = needs
  const entries = createEntryList(store, onChange, platform.now)
  let restored = false
  let open = false
  let attempt: Attempt | undefined
  /** The timers of the pauses that the server asked for, by the code of its refusal. */
  const rests: Map<string, unknown> = new Map()
  let pauses = 0
  let strikes = 0

  function pump() {
    if (!restored || !open || attempt || rests.has(TOO_FAST)) return
    const next = entries.next(({ kind }) => kind !== 'message' || !rests.has(SLOW_MODE))
    if (!next) return
    // Q3: close a connection whose RECEIPT is overdue.
    const timer = platform.setTimeout(onOverdue, timing.receipt)
    attempt = { key: next.key, receipt: platform.newKey(), timer }
    void carry(attempt, next)
  }

  async function carry(mine: Attempt, next: Entry) {
    const again = next.since !== undefined
    const entry: Entry = {
      ...withoutRefusal(next),
      state: 'sending',
      since: next.since ?? platform.now(),
    }
    // Store the attempt first: after a reload we must know that the log may hold the entry.
    await (again ? entries.put(entry) : entries.keep(entry))
    await ready()
    if (attempt !== mine) return
    mine.sentAt = platform.now()
    transmit(entry, mine.receipt, again)
  }

  /** Ends the attempt, and returns its entry. */
  function land() {
    platform.clearTimeout(attempt?.timer)
    const entry = entries.get(attempt?.key)
    attempt = undefined
    return entry
  }

  /** The entry stays until the application retries or withdraws it. */
  function fail(entry: Entry, code: string) {
    strikes = 0
    void entries.keep({ ...entry, state: code === 'key-forgotten' ? 'unsure' : 'failed', code })
  }

  /**
   * The server asks for a pause. The entry keeps its place.
   *
   * @param seconds how long, if the server said it
   */
  function pause(entry: Entry, code: string, seconds = 0) {
    const asked = seconds * 1000
    const until = asked > 0 ? { until: platform.now() + asked } : {}
    void entries.keep({ ...entry, state: 'waiting', code, ...until })
    const waits = { ...timing, longWait: timing.firstWait }
    const delay =
      asked > 0
        ? Math.min(asked, timing.longestAsked)
        : backOff(pauses++, 'long', platform.random, waits)
    endPause(code)
    const timer = platform.setTimeout(() => {
      rests.delete(code)
      pump()
    }, delay)
    rests.set(code, timer)
    pump()
  }

  function endPause(code: string) {
    platform.clearTimeout(rests.get(code))
    rests.delete(code)
  }

  function add(entry: Entry) {
    void entries.keep(entry)
    pump()
    return entry.key
  }

  return {
    get entries() {
      return entries.all
    },

    say: (content: EntryContent) => {
      const [at, order] = [platform.now(), entries.nextOrder()]
      return add({ key: platform.newKey(), ...content, order, state: 'waiting', at })
    },

    restore: async () => {
      await entries.restore()
      restored = true
      pump()
    },

    opened: () => {
      open = true
      pump()
    },

    /** Q1: a close fails an entry only if it is the answer to it. */
    closed: (close?: Close) => {
      open = false
      endPause(TOO_FAST)
      endPause(SLOW_MODE)
      const blame = close && attempt?.sentAt !== undefined && blameFor(close, attempt.receipt)
      const entry = land()
      if (!entry) return
      strikes = blame ? strikes + 1 : 0
      if (blame && (blame.sure || strikes >= STRIKES)) fail(entry, blame.code)
      else entries.put({ ...entry, state: 'waiting' })
    },

    /** The entry is in the log. */
    told: (key: string, seq: number) => {
      const entry = entries.take(key)
      if (!entry) return
      if (attempt?.key === key) land()
      pauses = 0
      strikes = 0
      onChange({ ...withoutRefusal(entry), state: 'sent', seq })
      pump()
    },

    /** The room has changed, so slow mode may be over. */
    roomChanged: () => {
      endPause(SLOW_MODE)
      pump()
    },

    /** @param seconds to wait, if the server said so */
    refused: (receipt: string, code: string, seconds?: number) => {
      if (attempt?.receipt !== receipt) return
      const { sentAt = platform.now() } = attempt
      const entry = land()
      if (!entry) return
      if (code === TOO_FAST) return pause(entry, code, seconds)
      // The log did not hold it when it was sent: so its key counts from then on.
      if (code === SLOW_MODE) return pause({ ...entry, since: sentAt }, code, seconds)
      fail(entry, code)
      pump()
    },

    /**
     * Q2: the same key again. Only an `unsure` entry, whose key may be forgotten, gets a new one.
     */
    retry: (key: string) => {
      const entry = entries.get(key)
      if (entry?.state !== 'failed' && entry?.state !== 'unsure') return key
      entries.take(key)
      const again: Entry = {
        ...withoutRefusal(entry),
        state: 'waiting',
        order: entries.nextOrder(),
      }
      if (entry.state === 'failed') return add(again)
      onChange({ ...entry, state: 'withdrawn' })
      const { since: _, ...anew } = again
      return add({ ...anew, key: platform.newKey(), replaces: key })
    },

    withdraw: (key: string) => {
      if (attempt?.key === key) return undefined
      const entry = entries.take(key)
      if (entry) onChange({ ...entry, state: 'withdrawn' })
      return entry
    },
  }
}
