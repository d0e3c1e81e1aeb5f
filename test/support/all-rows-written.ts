// What a piece of work costs in rows written, whichever objects it wakes, inside workerd.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

/** A statement that wrote rows, and how many; of an alarm, `setAlarm`. */
export interface Written {
  readonly what: string
  readonly rows: number
}

/**
 * What all objects write while `work` runs, those too that wake meanwhile. An alarm that is set is
 * billed as a row.
 */
export async function allRowsWritten(work: () => Promise<unknown>): Promise<Written[]> {
  const written: Written[] = []
  const stub = env.ACCOUNT.get(env.ACCOUNT.idFromName('any'))
  const restore = await runInDurableObject(stub, (_object, { storage }) => {
    // All objects of this isolate have the same prototypes.
    const sql = Object.getPrototypeOf(storage.sql) as SqlStorage
    const kept = Object.getPrototypeOf(storage) as DurableObjectStorage
    const { exec } = sql
    const { setAlarm } = kept
    sql.exec = function (this: SqlStorage, query: string, ...values: unknown[]) {
      const cursor = exec.call(this, query, ...values)
      // A statement that writes has written when its cursor comes.
      if (cursor.rowsWritten > 0) written.push({ what: query, rows: cursor.rowsWritten })
      return cursor
    } as SqlStorage['exec']
    kept.setAlarm = function (this: DurableObjectStorage, ...values) {
      written.push({ what: 'setAlarm', rows: 1 })
      return setAlarm.apply(this, values)
    }
    return () => {
      sql.exec = exec
      kept.setAlarm = setAlarm
    }
  })
  try {
    await work()
  } finally {
    restore()
  }
  return written
}

/** How many rows of which tables. */
export function tablesOf(written: readonly Written[]): Record<string, number> {
  const rows: Record<string, number> = {}
  for (const { what, rows: count } of written) {
    const [, table = what] = /(?:INTO|UPDATE|FROM) (\w+)/.exec(what) ?? []
    rows[table] = (rows[table] ?? 0) + count
  }
  return rows
}
