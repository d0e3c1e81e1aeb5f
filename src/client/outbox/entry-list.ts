// The entries of an outbox in their order, each change of them told and what has to outlive the client stored.

import type { Entry, OutboxStore } from './entry.ts'

export function createEntryList(
  store: OutboxStore,
  onChange: (entry: Entry) => void,
  now: () => number,
) {
  let entries: Map<string, Entry> = new Map()
  let lastOrder = 0

  /** A change that a reload may forget. */
  function put(entry: Entry) {
    entries.set(entry.key, entry)
    onChange(entry)
  }

  /** A place behind all others, also after a reload. */
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

    /** The next to be sent. */
    get waiting() {
      for (const entry of entries.values()) if (entry.state === 'waiting') return entry
      return undefined
    },

    /** Resolves when it would survive a reload. */
    keep: (entry: Entry) => {
      put(entry)
      return store.put(entry)
    },

    /** It is here no more; the listener is not told. */
    take: (key: string) => {
      const entry = entries.get(key)
      entries.delete(key)
      if (entry) void store.remove(key)
      return entry
    },

    /** Brings back what an earlier life left, before all that was said since. */
    restore: async () => {
      const kept = (await store.load()).filter(({ key }) => !entries.has(key))
      const since = [...entries.values()]
      entries = new Map()
      for (const entry of kept.sort((one, other) => one.order - other.order)) {
        lastOrder = Math.max(lastOrder, entry.order)
        put(entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry)
      }
      const lastKept = kept[kept.length - 1]?.order ?? 0
      // A clock that was set back gave them places before what was kept.
      const misplaced = since.some(({ order }) => order <= lastKept)
      for (const entry of since) {
        const placed = misplaced ? { ...entry, order: nextOrder() } : entry
        entries.set(entry.key, placed)
        if (misplaced) void store.put(placed)
      }
    },
  }
}
