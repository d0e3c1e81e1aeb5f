// What the reader said, from the moment it was said until the log holds it: in order, one on its way at a
// time, over reconnects and reloads. The rules Q1 to Q3 of docs/protocol.md are kept here. No stompjs.

import { backOff } from '../connection/back-off.ts'
import type { Close } from '../connection/retry-policy.ts'
import { blameOf } from '../connection/retry-policy.ts'
import type { Platform } from '../platform.ts'
import type { Timing } from '../timing.ts'
import type { Entry, OutboxStore, Saying } from './entry.ts'
import { uncoded } from './entry.ts'
import { createEntryList } from './entry-list.ts'

export type Flight = { key: string; receipt: string; timer: unknown; sent: boolean }

/** After so many "internal error", or closes without an ERROR, about one entry it waits for somebody to look at it. */
const STRIKES = 3

/**
 * `ready`: what has to be before something is sent. `again`: it may be in the log already. `onOverdue`: the
 * socket cannot be trusted.
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
  let flight: Flight | undefined
  /** Runs while the server wants a pause. */
  let rest: unknown
  let pauses = 0
  let strikes = 0

  function pump() {
    if (!restored || !open || flight || rest !== undefined) return
    const next = entries.waiting
    if (!next) return
    // Q3: a connection whose RECEIPT is overdue is left.
    const timer = platform.setTimeout(onOverdue, timing.receipt)
    flight = { key: next.key, receipt: platform.newKey(), timer, sent: false }
    void carry(flight, next)
  }

  async function carry(mine: Flight, next: Entry) {
    const again = next.since !== undefined
    const entry: Entry = { ...uncoded(next), state: 'sending', since: next.since ?? platform.now() }
    // The attempt is kept first: after a reload it must be known that the log may hold the entry.
    await (again ? entries.put(entry) : entries.keep(entry))
    await ready()
    if (flight !== mine) return
    mine.sent = true
    transmit(entry, mine.receipt, again)
  }

  /** What was on its way is not any more. */
  function land() {
    platform.clearTimeout(flight?.timer)
    const entry = entries.get(flight?.key)
    flight = undefined
    return entry
  }

  /** It stays, and goes nowhere until the application decides. */
  function fail(entry: Entry, code: string) {
    strikes = 0
    void entries.keep({ ...entry, state: code === 'key-forgotten' ? 'unsure' : 'failed', code })
  }

  /** The server wants a pause; nothing overtakes what has to wait. */
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

    say: (saying: Saying) => {
      const [at, order] = [platform.now(), entries.nextOrder()]
      return add({ key: platform.newKey(), ...saying, order, state: 'waiting', at })
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

    /** Q1: no close ends an entry, unless it is the answer to it. */
    closed: (close?: Close) => {
      open = false
      platform.clearTimeout(rest)
      rest = undefined
      const blame = close && flight?.sent && blameOf(close, flight.receipt)
      const entry = land()
      if (!entry) return
      strikes = blame ? strikes + 1 : 0
      if (blame && (blame.sure || strikes >= STRIKES)) fail(entry, blame.code)
      else entries.put({ ...entry, state: 'waiting' })
    },

    /** It is in the log. */
    told: (key: string, seq: number) => {
      const entry = entries.take(key)
      if (!entry) return
      if (flight?.key === key) land()
      pauses = 0
      strikes = 0
      onChange({ ...uncoded(entry), state: 'sent', seq })
      pump()
    },

    refused: (receipt: string, code: string) => {
      if (flight?.receipt !== receipt) return
      const entry = land()
      if (!entry) return
      if (code === 'too-fast') return pause(entry)
      fail(entry, code)
      pump()
    },

    /** Q2: again under the same key; only what may be too old for its key gets another one. */
    retry: (key: string) => {
      const entry = entries.get(key)
      if (entry?.state !== 'failed' && entry?.state !== 'unsure') return key
      entries.take(key)
      const again: Entry = { ...uncoded(entry), state: 'waiting', order: entries.nextOrder() }
      if (entry.state === 'failed') return add(again)
      onChange({ ...entry, state: 'withdrawn' })
      const { since: _, ...anew } = again
      return add({ ...anew, key: platform.newKey(), replaces: key })
    },

    withdraw: (key: string) => {
      if (flight?.key === key) return undefined
      const entry = entries.take(key)
      if (entry) onChange({ ...entry, state: 'withdrawn' })
      return entry
    },
  }
}
