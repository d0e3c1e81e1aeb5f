// An outbox that lives as long as its process: for servers, bots and tests.

import type { Entry, OutboxStore } from './entry.ts'

/** Keeps entries in memory. They survive a new client in the same process, but no reload. */
export function createMemoryOutbox(): OutboxStore {
  const entries: Map<string, Entry> = new Map()
  return {
    load: async () => [...entries.values()],
    put: async (entry) => void entries.set(entry.key, entry),
    remove: async (key) => void entries.delete(key),
  }
}
