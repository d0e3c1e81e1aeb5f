// The entries of an outbox in order. It reports each change and stores what must outlive the
// client.

import type { Entry, OutboxStore } from './entry.ts'

/** A list of the entries. `onChange` gets each change, except for what `take` removes. */
export function createEntryList(
  store: OutboxStore,
  onChange: (entry: Entry) => void,
  now: () => number,
) {
  let entries: Map<string, Entry> = new Map()
  let lastOrder = 0

  /** Makes a change that a reload may lose. */
  function put(entry: Entry) {
    entries.set(entry.key, entry)
    onChange(entry)
  }

  /** A place after all others, also after a reload. */
  function nextOrder() {
    lastOrder = Math.max(now(), lastOrder + 1)
    return lastOrder
  }

  return {
    put,
    nextOrder,

    get all() {
      return [...entries.values()]
    },

    get: (key: string | undefined) => (key === undefined ? undefined : entries.get(key)),

    /** The next entry to send, if it is one that may go. */
    next: (mayGo: (entry: Entry) => boolean) => {
      for (const entry of entries.values()) {
        if (entry.state === 'waiting' && mayGo(entry)) return entry
      }
      return undefined
    },

    /** Makes a change, and resolves when it would survive a reload. */
    keep: (entry: Entry) => {
      put(entry)
      return store.put(entry)
    },

    /** Removes an entry without a call of the listener. */
    take: (key: string) => {
      const entry = entries.get(key)
      entries.delete(key)
      if (entry) void store.remove(key)
      return entry
    },

    /** Loads the entries of an earlier client. They go before those that were added since. */
    restore: async () => {
      const kept = (await store.load()).filter(({ key }) => !entries.has(key))
      const since = [...entries.values()]
      entries = new Map()
      for (const entry of kept.sort((one, other) => one.order - other.order)) {
        lastOrder = Math.max(lastOrder, entry.order)
        put(entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry)
      }
      const lastKept = kept[kept.length - 1]?.order ?? 0
      // If the clock was set back, the new entries got places before the stored ones.
      const misplaced = since.some(({ order }) => order <= lastKept)
      for (const entry of since) {
        const placed = misplaced ? { ...entry, order: nextOrder() } : entry
        entries.set(entry.key, placed)
        if (misplaced) void store.put(placed)
      }
    },
  }
}
