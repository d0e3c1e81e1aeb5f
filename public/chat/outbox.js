// @ts-check
// The reader's own messages from the moment they are typed until the log holds them. One is on its
// way at a time, so their order survives refusals and reconnects. No DOM, no stompjs.

/**
 * `attempts`: times transmitted. `seq`: known from the RECEIPT. `code`: why it failed.
 * @typedef {{ key: string, author: string, content: string, at: string, attempts: number,
 *   state: 'sending' | 'sent' | 'failed', seq?: number, code?: string }} Outgoing
 */

const STORAGE_KEY = 'stompbox.outbox.'
const ATTEMPTS_MAX = 3
const SILENCE_MS = 15_000

/** What a reload would bring back is gone, in every room. */
export function forgetOutboxes() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(STORAGE_KEY)) sessionStorage.removeItem(key)
  }
}

/**
 * @param {{
 *   roomId: string,
 *   transmit: (entry: Outgoing, receipt: string) => void,
 *   onChange: (entry: Outgoing) => void,
 *   onSilence: () => void,
 * }} needs `onSilence`: a RECEIPT is overdue, the socket cannot be trusted
 */
export function createOutbox({ roomId, transmit, onChange, onSilence }) {
  const storageKey = `${STORAGE_KEY}${roomId}`
  /** @type {Map<string, Outgoing>} in the order of sending */
  const entries = new Map()
  /** @type {{ key: string, receipt: string } | null} */
  let inFlight = null
  let open = false
  /** The room was left: what is kept stays as it is. */
  let left = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  function save() {
    if (left) return
    const kept = [...entries.values()].filter(({ state }) => state !== 'sent')
    if (kept.length === 0) sessionStorage.removeItem(storageKey)
    else sessionStorage.setItem(storageKey, JSON.stringify(kept))
  }

  /** @param {Outgoing} entry */
  function put(entry) {
    entries.set(entry.key, entry)
    save()
    onChange(entry)
  }

  function land() {
    clearTimeout(timer)
    inFlight = null
  }

  function pump() {
    if (!open || inFlight) return
    const next = [...entries.values()].find(({ state }) => state === 'sending')
    if (!next) return
    const entry = { ...next, attempts: next.attempts + 1 }
    entries.set(entry.key, entry)
    inFlight = { key: entry.key, receipt: crypto.randomUUID() }
    timer = setTimeout(onSilence, SILENCE_MS)
    transmit(entry, inFlight.receipt)
  }

  /**
   * @param {string} key
   * @param {string} code
   */
  function fail(key, code) {
    const entry = entries.get(key)
    if (inFlight?.key === key) land()
    if (entry) put({ ...entry, state: 'failed', code })
    pump()
  }

  return {
    /**
     * Those a reload of the page left behind; to be called once, before anything is sent.
     * @param {(author: string) => boolean} isMine
     */
    restore: (isMine) => {
      /** @type {Outgoing[]} */
      const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]')
      for (const entry of kept) if (isMine(entry.author)) put({ ...entry, attempts: 0 })
    },

    /**
     * @param {string} content
     * @param {string} author
     */
    add: (content, author) => {
      const [key, at] = [crypto.randomUUID(), new Date().toISOString()]
      put({ key, author, content, at, attempts: 0, state: 'sending' })
      pump()
    },

    /** Again, under the same idempotency-key. @param {string} key */
    retry: (key) => {
      const entry = entries.get(key)
      if (entry?.state !== 'failed') return
      const { code: _, ...rest } = entry
      entries.delete(key)
      put({ ...rest, state: 'sending', attempts: 0 })
      pump()
    },

    /** Gives up a failed one, and gives its text back. @param {string} key */
    withdraw: (key) => {
      const entry = entries.get(key)
      entries.delete(key)
      save()
      return entry?.content
    },

    opened: () => {
      open = true
      pump()
    },

    /** @param {string | undefined} blame the code, where the frame in flight ended the connection */
    closed: (blame) => {
      open = false
      const entry = inFlight ? entries.get(inFlight.key) : undefined
      land()
      if (!entry) return
      if (blame) fail(entry.key, blame)
      else if (entry.attempts >= ATTEMPTS_MAX) fail(entry.key, 'unanswered')
    },

    /** Nothing will be sent any more. @param {string} code */
    end: (code) => {
      open = false
      for (const { key, state } of [...entries.values()]) if (state === 'sending') fail(key, code)
    },

    /** The room is left: nothing is sent, nor kept for a reload, from now on. */
    leave: () => {
      open = false
      left = true
      land()
    },

    /**
     * It is durable. Returns whether the entry still waits for its event.
     * @param {string} key
     * @param {number} seq
     */
    acknowledge: (key, seq) => {
      if (inFlight?.key === key) land()
      const entry = entries.get(key)
      if (entry) put({ ...entry, state: 'sent', seq })
      pump()
      return entry !== undefined
    },

    /**
     * @param {string} receipt
     * @param {string} code
     */
    refuse: (receipt, code) => {
      if (inFlight?.receipt === receipt) fail(inFlight.key, code)
    },

    /** Its event is in the log: nothing more to do. @param {string} key */
    settle: (key) => {
      if (inFlight?.key === key) land()
      const known = entries.delete(key)
      if (known) save()
      pump()
      return known
    },
  }
}
