// Holds the entries until they are in the log. Sends them in order, one at a time, over reconnects
// and reloads. Keeps the rules Q1 to Q3 of docs/protocol.md.

import { backOff } from '../connection/back-off.ts'
import type { Close } from '../connection/retry-policy.ts'
import { blameFor } from '../connection/retry-policy.ts'
import type { Platform } from '../platform.ts'
import type { Timing } from '../timing.ts'
import type { Entry, EntryContent, OutboxStore } from './entry.ts'
import { withoutCode } from './entry.ts'
import { createEntryList } from './entry-list.ts'

export type Attempt = { key: string; receipt: string; timer: unknown; sent: boolean }

/**
 * After this many internal errors, or closes without an ERROR, an entry fails until somebody
 * retries it.
 */
const STRIKES = 3

/**
 * @param needs `ready`: awaited before each SEND. `transmit`: `again` means that the entry may be
 *   in the log already. `onOverdue`: the socket cannot be trusted any more
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
  /** Runs while the server asks for a pause. */
  let rest: unknown
  let pauses = 0
  let strikes = 0

  function pump() {
    if (!restored || !open || attempt || rest !== undefined) return
    const next = entries.waiting
    if (!next) return
    // Q3: close a connection whose RECEIPT is overdue.
    const timer = platform.setTimeout(onOverdue, timing.receipt)
    attempt = { key: next.key, receipt: platform.newKey(), timer, sent: false }
    void carry(attempt, next)
  }

  async function carry(mine: Attempt, next: Entry) {
    const again = next.since !== undefined
    const entry: Entry = {
      ...withoutCode(next),
      state: 'sending',
      since: next.since ?? platform.now(),
    }
    // Store the attempt first: after a reload we must know that the log may hold the entry.
    await (again ? entries.put(entry) : entries.keep(entry))
    await ready()
    if (attempt !== mine) return
    mine.sent = true
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

  /** The server asks for a pause. The entry keeps its place. */
  function pause(entry: Entry) {
    entries.put({ ...entry, state: 'waiting', code: 'too-fast' })
    const waits = { ...timing, longWait: timing.firstWait }
    const delay = backOff(pauses, 'long', platform.random, waits)
    pauses += 1
    rest = platform.setTimeout(() => {
      rest = undefined
      pump()
    }, delay)
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
      platform.clearTimeout(rest)
      rest = undefined
      const blame = close && attempt?.sent && blameFor(close, attempt.receipt)
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
      onChange({ ...withoutCode(entry), state: 'sent', seq })
      pump()
    },

    refused: (receipt: string, code: string) => {
      if (attempt?.receipt !== receipt) return
      const entry = land()
      if (!entry) return
      if (code === 'too-fast') return pause(entry)
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
      const again: Entry = { ...withoutCode(entry), state: 'waiting', order: entries.nextOrder() }
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
