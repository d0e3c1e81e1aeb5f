// What calls of a real object cost in rows, by its own cursors.

import { runInDurableObject } from 'cloudflare:test'

export interface Rows {
  readonly read: number
  readonly written: number
}

/** The rows that an object reads and writes while `work` runs, whatever it runs there. */
export async function rowsOf(
  stub: DurableObjectStub<undefined>,
  work: () => Promise<unknown>,
): Promise<Rows> {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = []
  const watched = await runInDurableObject(stub, (_object, { storage }) => {
    const { sql } = storage
    const exec = sql.exec.bind(sql)
    Object.assign(sql, {
      exec: (query: string, ...bindings: unknown[]) => {
        const cursor = exec(query, ...bindings)
        cursors.push(cursor)
        return cursor
      },
    })
    return () => Object.assign(sql, { exec })
  })
  try {
    await work()
    // A cursor belongs to its object, and counts what was taken of it.
    return await runInDurableObject(stub, () => ({
      read: cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
      written: cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0),
    }))
  } finally {
    await runInDurableObject(stub, () => void watched())
  }
}
