// @ts-check
// An outbox in IndexedDB: what was said and not sent outlives a reload, a crash and the tab. Tabs of one person in
// one room share it; where two of them send an entry, both use its key, and the log holds one event (L5).

const DATABASE = 'stompbox.outbox'
const ENTRIES = 'entries'

/** @typedef {{ userId: string, roomId: string, key: string, entry: import('./room-client.js').Entry }} Row */

/** @type {typeof import('./indexed-db-outbox.js').createIndexedDbOutbox} */
export const createIndexedDbOutbox = ({ userId, roomId }) => {
  const mine = IDBKeyRange.bound([userId, roomId], [userId, roomId, []])
  return {
    load: async () => {
      const rows = await inStore('readonly', (store) => store.getAll(mine))
      return rows.map((/** @type {Row} */ { entry }) => entry)
    },
    put: async (entry) => {
      const row = { userId, roomId, key: entry.key, entry }
      await inStore('readwrite', (store) => store.put(row))
    },
    remove: (key) => inStore('readwrite', (store) => store.delete([userId, roomId, key])),
  }
}

/** @type {typeof import('./indexed-db-outbox.js').forgetOutboxes} */
export const forgetOutboxes = () => inStore('readwrite', (store) => store.clear())

/**
 * One act in a transaction of its own; what it gives, once the transaction is complete.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>}
 */
async function inStore(mode, act) {
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

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ENTRIES, { keyPath: ['userId', 'roomId', 'key'] })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
