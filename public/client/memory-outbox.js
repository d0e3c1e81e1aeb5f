// @ts-check
// An outbox that lives as long as its process: for servers, bots and tests.

/** @type {typeof import('./memory-outbox.js').createMemoryOutbox} */
export const createMemoryOutbox = () => {
  /** @type {Map<string, import('./room-client.js').Entry>} */
  const entries = new Map()
  return {
    load: async () => [...entries.values()],
    put: async (entry) => void entries.set(entry.key, entry),
    remove: async (key) => void entries.delete(key),
  }
}
