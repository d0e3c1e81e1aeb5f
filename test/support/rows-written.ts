// What a piece of work costs in rows written, which is what is billed.

/** The rows that were written while `work` ran. */
export function rowsWritten(sql: SqlStorage, work: (counting: SqlStorage) => void): number {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = []
  const counting = {
    exec: (query: string, ...bindings: unknown[]) => {
      const cursor = sql.exec(query, ...bindings)
      cursors.push(cursor)
      return cursor
    },
  } as SqlStorage
  work(counting)
  return cursors.reduce((sum, { rowsWritten: rows }) => sum + rows, 0)
}
