// An outbox in IndexedDB: unsent entries outlive a reload, a crash and the tab. The tabs of one
// person in one room share it. If two tabs send an entry, both use its key, and the log holds one
// event (L5).

import type { Entry, OutboxStore } from './entry.ts'

const DATABASE = 'stompbox.outbox'
const ENTRIES = 'entries'

/** A row of the object store; the first three fields are its key. */
type Row = { userId: string; roomId: string; key: string; entry: Entry }

/** Keeps the entries of one person in one room in this browser. They survive a reload. */
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

/** Deletes the unsent entries of everybody in this browser. Call it at a sign-out. */
export const forgetOutboxes = (): Promise<void> => inStore('readwrite', (store) => store.clear())

/** Runs one request in a transaction of its own. Resolves when the transaction is complete. */
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
    // An open connection would block deleting the database.
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
