// The tables of a new object are those that an old one has after its migrations.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { NEWEST as NEW_ACCOUNT } from '../../src/objects/account/schema.ts'
import { MIGRATIONS as ACCOUNT } from '../../src/objects/account/sql-account.ts'
import { MIGRATIONS as ROOM } from '../../src/objects/room/storage/migrations.ts'
import { NEWEST as NEW_ROOM } from '../../src/objects/room/storage/schema.ts'
import { migrate, storedVersion } from '../../src/objects/shared/migrate.ts'
import { rowsWritten } from '../support/rows-written.ts'

/** Runs in the storage of an object that holds nothing. */
const inEmpty = <Value>(name: string, work: (storage: DurableObjectStorage) => Value) =>
  runInDurableObject(env.THROTTLE.get(env.THROTTLE.idFromName(name)), (_object, { storage }) =>
    work(storage),
  )

/** Everything that is made in a storage, without the spaces: an added column leaves others. */
function schemaOf({ sql }: DurableObjectStorage): string[] {
  const query = 'SELECT type, name, tbl_name, sql FROM sqlite_master'
  const made = sql.exec<Record<string, string | null>>(query).toArray()
  return made
    .filter(({ name }) => !/^_cf/.test(name ?? ''))
    .map((row) =>
      JSON.stringify(row)
        .replace(/\\n|\s+/g, ' ')
        .replace(/ *([(),]) */g, '$1'),
    )
    .sort()
}

describe.each([
  { kind: 'a room', steps: ROOM, newest: NEW_ROOM },
  { kind: 'an account', steps: ACCOUNT, newest: NEW_ACCOUNT },
])('the tables of $kind', ({ kind, steps, newest }) => {
  it.each(Array.from(steps.keys()))('are the same from version %i on', async (version) => {
    const made = await inEmpty(`${kind} new`, (storage) => {
      migrate(storage, steps, newest)
      expect(storedVersion(storage.sql)).toBe(steps.length)
      return schemaOf(storage)
    })
    const migrated = await inEmpty(`${kind} ${version}`, (storage) => {
      migrate(storage, steps.slice(0, version))
      // What is stored takes the steps, whatever a new one would take.
      migrate(storage, steps, version === 0 ? undefined : newest)
      expect(storedVersion(storage.sql)).toBe(steps.length)
      return schemaOf(storage)
    })
    expect(made).toEqual(migrated)
    expect(made.length).toBeGreaterThan(newest.length)
  })

  it('[C1] cost two rows each where they are new, and no more for the steps', async () => {
    const rows = await inEmpty(`${kind} rows`, ({ sql, ...storage }) =>
      rowsWritten(sql, (counting) => {
        migrate({ ...storage, transactionSync: (work) => work(), sql: counting }, steps, newest)
      }),
    )
    // The version has a table and a row beside.
    expect(rows).toBe(2 * (newest.length + 1) + 1)
  })

  it('[L3] are all there or none', async () => {
    await inEmpty(`${kind} broken`, (storage) => {
      const broken = [...newest, 'CREATE TABLE events']
      expect(() => migrate(storage, steps, broken)).toThrow()
      expect(schemaOf(storage)).toEqual([])
      expect(storedVersion(storage.sql)).toBe(0)
    })
  })
})
