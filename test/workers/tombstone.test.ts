// What is left of a room that was deleted, whenever the object goes meanwhile.

import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it, vi } from 'vitest'
import { MIGRATIONS } from '../../src/objects/room/storage/migrations.ts'
import { readProfile } from '../../src/objects/room/storage/sql-profile.ts'
import { migrate } from '../../src/objects/shared/migrate.ts'
import { roomSettingsOf } from '../../src/room-settings.ts'
import { everything, failing, fill, mend } from '../support/bad-storage.ts'
import { quiet } from '../support/quiet.ts'
import { connected, madeRoom, open, principal } from '../support/room-in-workerd.ts'
import { rowsWritten } from '../support/rows-written.ts'

quiet()

const OWNER = principal('owner')
const TOMBSTONE = { room: [], storage_version: [{ version: 1_000_000_000 }] }

/** A stub of an object that died is of no use any more. */
const anew = (id: string) => env.ROOM.get(env.ROOM.idFromName(id))

const profile = (id: string) => ({
  ...({ id, name: 'again', kind: 'public', description: '', createdAt: 2 } as const),
  settings: roomSettingsOf('public', {}),
  owner: { id: 'eve', name: 'Eve' },
})

it('[R1] is never a room again, also after a crash', async () => {
  const { id, stub: first } = await madeRoom()
  await fill(first, 100)
  expect(await first.delete(OWNER)).toEqual({ value: null })
  await abortAllDurableObjects()
  const stub = anew(id)
  for (let twice = 0; twice < 2; twice++) {
    expect(await stub.show(OWNER)).toEqual({ refused: 'room-unknown' })
    expect(await stub.delete(OWNER)).toEqual({ refused: 'room-unknown' })
    expect(await open(stub, 'ann')).toBe('room-unknown')
    await expect(
      runInDurableObject(stub, (room) => (room as never as typeof stub).create(profile(id))),
    ).rejects.toThrow('the room was deleted')
    expect(await everything(stub)).toEqual(TOMBSTONE)
    await evictDurableObject(stub)
  }
})

it('[R1] the object dies right after the deletion: all of it happened, or nothing', async () => {
  for (let round = 0; round < 5; round++) {
    const { id, stub } = await madeRoom()
    await fill(stub, 10)
    const before = await everything(stub)
    const died = runInDurableObject(stub, (room, ctx) => {
      void (room as never as typeof stub).delete(OWNER)
      ctx.abort('died')
    })
    await died.catch(() => {})
    expect([before, TOMBSTONE]).toContainEqual(await everything(anew(id)))
  }
})

it.each([0, 1, 5, 9])('[R3] fails whole at its table %i: nobody is told', async (butFirst) => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { stub } = await madeRoom()
  const ann = await connected(stub, 'ann')
  const before = await everything(stub)
  await failing(stub, /DROP TABLE|DELETE FROM room/, { butFirst })
  expect(await stub.delete(OWNER)).toEqual({ refused: 'unavailable' })
  await mend(stub)
  expect(await everything(stub)).toEqual(before)
  ann.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0')
  expect((await ann.next()).headers).toMatchObject({ 'receipt-id': 'r', seq: '1' })
  expect(await stub.delete(OWNER)).toEqual({ value: null })
  expect((await ann.next()).headers.code).toBe('room-deleted')
  expect((await ann.closed).code).toBe(4504)
})

it('[C1] costs two rows, however much is deleted, and gives its bytes back', async () => {
  const { stub } = await madeRoom()
  await fill(stub, 5000)
  await runInDurableObject(stub, async (room, { storage }) => {
    const before = storage.sql.databaseSize
    const real = storage.sql.exec.bind(storage.sql)
    let written = 0
    const cursors: { rowsWritten: number }[] = []
    storage.sql.exec = ((query: string, ...values: unknown[]) => {
      const cursor = real(query, ...values)
      cursors.push(cursor)
      return cursor
    }) as typeof storage.sql.exec
    await (room as never as typeof stub).delete(OWNER)
    for (const cursor of cursors) written += cursor.rowsWritten
    Reflect.deleteProperty(storage.sql, 'exec')
    expect(written).toBe(2)
    expect(storage.sql.databaseSize).toBeLessThan(before / 4)
  })
})

it('is no room for the versions before and after', async () => {
  const { stub } = await madeRoom()
  await stub.delete(OWNER)
  await runInDurableObject(stub, (_room, { storage }) => {
    // As each version opens a room.
    const migrations = [...MIGRATIONS, (sql: SqlStorage) => void sql.exec('CREATE TABLE new (x)')]
    for (const count of [1, MIGRATIONS.length, MIGRATIONS.length + 1]) {
      migrate(storage, migrations.slice(0, count))
      expect(readProfile(storage.sql)).toBeUndefined()
      expect(storage.sql.exec('SELECT id FROM room').toArray()).toEqual([])
    }
    const transactionSync = <Value>(work: () => Value) => storage.transactionSync(work)
    const rows = rowsWritten(storage.sql, (sql) => migrate({ sql, transactionSync }, migrations))
    expect(rows).toBe(0)
  })
})
