// The version of a storage, and the steps from each to the next. PRAGMA user_version does not work
// in an object, so a table of one row keeps it.

/**
 * What each version adds to the one before; the newest is the number of steps. A step adds tables,
 * indexes that are not unique, and columns that are nullable or have a default: so the version
 * before works on the storage of the next, and a deploy can be rolled back.
 */
export type Migrations = readonly ((sql: SqlStorage) => void)[]

/**
 * Brings the storage to the newest version; a newer version is left as it is. All of it happens, or
 * nothing.
 *
 * @param newest the statements that make the newest version where nothing is stored: the same as
 * all steps, at fewer rows.
 */
export function migrate(
  storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>,
  migrations: Migrations,
  newest?: readonly string[],
): void {
  const { sql } = storage
  const from = storedVersion(sql)
  if (from >= migrations.length) return
  storage.transactionSync(() => {
    if (from === 0 && newest) for (const statement of newest) sql.exec(statement)
    else for (const step of migrations.slice(from)) step(sql)
    sql.exec('CREATE TABLE IF NOT EXISTS storage_version (version INTEGER NOT NULL) STRICT')
    sql.exec('DELETE FROM storage_version')
    sql.exec('INSERT INTO storage_version (version) VALUES (?)', migrations.length)
  })
}

/** The version of a storage; 0 for one that holds nothing yet. */
export function storedVersion(sql: SqlStorage): number {
  const tables = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'storage_version'")
  if (tables.toArray().length === 0) return 0
  return sql.exec<{ version: number }>('SELECT version FROM storage_version').one().version
}
