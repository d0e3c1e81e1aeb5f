// @ts-check
// What the reader said, from the moment it was said until the log holds it: in order, one on its way at a
// time, over reconnects and reloads. The rules Q1 to Q3 of docs/protocol.md are kept here. No stompjs.
import { backOff } from './back-off.js'
import { uncoded } from './entry.js'
import { createEntryList } from './entry-list.js'
import { blameOf } from './verdict.js'

/** @typedef {import('./room-client.js').Entry} Entry */
/** @typedef {{ key: string, receipt: string, timer: unknown, sent: boolean }} Flight */

/** After so many "internal error", or closes without an ERROR, about one entry it waits for somebody to look at it. */
const STRIKES = 3

/**
 * `ready`: what has to be before something is sent. `again`: it may be in the log already. `onOverdue`: the
 * socket cannot be trusted.
 * @param {{
 *   store: import('./room-client.js').OutboxStore,
 *   ready: () => Promise<void>,
 *   transmit: (entry: Entry, receipt: string, again: boolean) => void,
 *   onChange: (entry: Entry) => void,
 *   onOverdue: () => void,
 *   platform: import('./room-client.js').Platform,
 *   timing: import('./room-client.js').Timing,
 * }} needs
 */
export function createOutbox(needs) {
  const { store, ready, transmit, onChange, onOverdue, platform, timing } = needs
  const entries = createEntryList(store, onChange, platform.now)
  let restored = false
  let open = false
  /** @type {Flight | undefined} */
  let flight
  /** @type {unknown} runs while the server wants a pause */
  let rest
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

  /**
   * @param {Flight} mine
   * @param {Entry} next
   */
  async function carry(mine, next) {
    const again = next.since !== undefined
    /** @type {Entry} */
    const entry = { ...uncoded(next), state: 'sending', since: next.since ?? platform.now() }
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

  /**
   * It stays, and goes nowhere until the application decides.
   * @param {Entry} entry
   * @param {string} code
   */
  function fail(entry, code) {
    strikes = 0
    void entries.keep({ ...entry, state: code === 'key-forgotten' ? 'unsure' : 'failed', code })
  }

  /** The server wants a pause; nothing overtakes what has to wait. @param {Entry} entry */
  function pause(entry) {
    entries.put({ ...entry, state: 'waiting', code: 'too-fast' })
    const waits = { ...timing, longWait: timing.firstWait }
    const delay = backOff(pauses, 'long', platform.random, waits)
    pauses += 1
    rest = platform.setTimeout(() => {
      rest = undefined
      pump()
    }, delay)
  }

  /** @param {Entry} entry */
  function add(entry) {
    void entries.keep(entry)
    pump()
    return entry.key
  }

  return {
    get entries() {
      return entries.all
    },

    /** @param {import('./entry.js').Saying} saying */
    say: (saying) => {
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

    /** Q1: no close ends an entry, unless it is the answer to it. @param {import('./verdict.js').Close} [close] */
    closed: (close) => {
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

    /**
     * It is in the log.
     * @param {string} key
     * @param {number} seq
     */
    told: (key, seq) => {
      const entry = entries.take(key)
      if (!entry) return
      if (flight?.key === key) land()
      pauses = 0
      strikes = 0
      onChange({ ...uncoded(entry), state: 'sent', seq })
      pump()
    },

    /**
     * @param {string} receipt
     * @param {string} code
     */
    refused: (receipt, code) => {
      if (flight?.receipt !== receipt) return
      const entry = land()
      if (!entry) return
      if (code === 'too-fast') return pause(entry)
      fail(entry, code)
      pump()
    },

    /** Q2: again under the same key; only what may be too old for its key gets another one. @param {string} key */
    retry: (key) => {
      const entry = entries.get(key)
      if (entry?.state !== 'failed' && entry?.state !== 'unsure') return key
      entries.take(key)
      /** @type {Entry} */
      const again = { ...uncoded(entry), state: 'waiting', order: entries.nextOrder() }
      if (entry.state === 'failed') return add(again)
      onChange({ ...entry, state: 'withdrawn' })
      const { since: _, ...anew } = again
      return add({ ...anew, key: platform.newKey(), replaces: key })
    },

    /** @param {string} key */
    withdraw: (key) => {
      if (flight?.key === key) return undefined
      const entry = entries.take(key)
      if (entry) onChange({ ...entry, state: 'withdrawn' })
      return entry
    },
  }
}
