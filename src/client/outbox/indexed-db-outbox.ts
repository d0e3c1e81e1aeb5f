// An outbox in IndexedDB: what was said and not sent outlives a reload, a crash and the tab. Tabs of one person in
// one room share it; where two of them send an entry, both use its key, and the log holds one event (L5).

import type { Entry, OutboxStore } from './entry.ts'

const DATABASE = 'stompbox.outbox'
const ENTRIES = 'entries'

export type Row = { userId: string; roomId: string; key: string; entry: Entry }

/** Keeps the entries of one person in one room in this browser: they survive a reload. */
export function createIndexedDbOutbox(owner: { userId: string; roomId: string }): OutboxStore {
  const { userId, roomId } = owner
  const mine = IDBKeyRange.bound([userId, roomId], [userId, roomId, []])
  return {
    load: async () => {
      const rows = await inStore('readonly', (store) => store.getAll(mine))
      return rows.map(({ entry }: Row) => entry)
    },
    put: async (entry) => {
      const row = { userId, roomId, key: entry.key, entry }
      await inStore('readwrite', (store) => store.put(row))
    },
    remove: (key) => inStore('readwrite', (store) => store.delete([userId, roomId, key])),
  }
}

/** Nothing that was said and not sent stays in this browser, of nobody and in no room: for a sign-out. */
export const forgetOutboxes = (): Promise<void> => inStore('readwrite', (store) => store.clear())

/** One act in a transaction of its own; what it gives, once the transaction is complete. */
async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(ENTRIES, mode)
      const request = act(transaction.objectStore(ENTRIES))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    // An open database stands in the way of whoever wants to delete it.
    database.close()
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ENTRIES, { keyPath: ['userId', 'roomId', 'key'] })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
