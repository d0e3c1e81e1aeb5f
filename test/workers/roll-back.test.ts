// A deploy may be rolled back: what a version stored is read and written by the one before.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MIGRATIONS as ACCOUNT } from '../../src/objects/account/sql-account.ts'
import { MIGRATIONS as DIRECTORY } from '../../src/objects/directory/object.ts'
import { MIGRATIONS as KEY_RING } from '../../src/objects/key-ring/object.ts'
import { MIGRATIONS as LOGIN } from '../../src/objects/login/sql-login.ts'
import { MIGRATIONS as ROOM } from '../../src/objects/room/storage/migrations.ts'
import { type Migrations, migrate, storedVersion } from '../../src/objects/shared/migrate.ts'
import { MIGRATIONS as THROTTLE } from '../../src/objects/throttle/object.ts'
import { cheapPasswords } from '../support/cheap-passwords.ts'
import { bearerOf, GUEST, granted, objects, outcome, person } from '../support/person-in-workerd.ts'
import {
  type Client,
  connected,
  madeRoom,
  open,
  principal,
  SOMEBODY,
} from '../support/room-in-workerd.ts'

vi.setConfig({ testTimeout: 30_000 })
cheapPasswords()

beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
afterEach(() => void vi.restoreAllMocks())

const KINDS: Record<string, Migrations> = { ACCOUNT, DIRECTORY, KEY_RING, LOGIN, ROOM, THROTTLE }

type Columns = {
  name: string
  type: string
  notnull: number
  dflt_value: SqlStorageValue
  pk: number
}[]

const tablesOf = (sql: SqlStorage): string[] =>
  sql
    .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .toArray()
    .map(({ name }) => name)
    .filter((name) => !/^_cf|^sqlite_|^storage_version$/.test(name))

/** What an INSERT, an UPDATE or a SELECT of a version can notice of its tables. */
function schemaOf(sql: SqlStorage) {
  const others = sql
    .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')")
    .toArray()
  expect(others).toEqual([])
  const tables = tablesOf(sql).map((table) => {
    const columns = sql
      .exec<Columns[number]>(
        `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)`,
        table,
      )
      .toArray()
    const unique = sql
      .exec<{ name: string }>(`SELECT name FROM pragma_index_list(?) WHERE "unique" = 1`, table)
      .toArray()
      .map(({ name }) => name)
    return [table, { columns, unique }] as const
  })
  return new Map(tables)
}

/** A step such as those to come: more columns in every table, and a table. */
function toCome(sql: SqlStorage): void {
  for (const table of tablesOf(sql)) {
    sql.exec(`ALTER TABLE ${table} ADD COLUMN to_come TEXT`)
    sql.exec(`ALTER TABLE ${table} ADD COLUMN counted_to_come INTEGER NOT NULL DEFAULT 7`)
  }
  sql.exec('CREATE TABLE of_a_version_to_come (id INTEGER PRIMARY KEY) STRICT')
}

/**
 * Brings an object to the version after the newest, as if that had been deployed; then it is rolled
 * back.
 */
async function roll(stub: DurableObjectStub<undefined>, migrations: Migrations): Promise<void> {
  await runInDurableObject(stub, (_object, { storage }) =>
    migrate(storage, [...migrations, toCome]),
  )
  await evictDurableObject(stub)
}

/** What the rolled back version left of that. */
async function expectKept(stub: DurableObjectStub<undefined>, migrations: Migrations) {
  await runInDurableObject(stub, (_object, { storage }) => {
    expect(storedVersion(storage.sql)).toBe(migrations.length + 1)
    expect(tablesOf(storage.sql)).toContain('of_a_version_to_come')
    migrate(storage, [...migrations, toCome])
  })
}

describe.each(Object.entries(KINDS))('every step of %s', (kind, migrations) => {
  it('adds tables, and columns that an INSERT of the version before may leave out', async () => {
    const stub = env.THROTTLE.get(env.THROTTLE.idFromName(`steps of ${kind}`))
    await runInDurableObject(stub, (_object, { storage: { sql } }) => {
      for (const step of [...migrations, toCome]) {
        const before = schemaOf(sql)
        step(sql)
        const after = schemaOf(sql)
        for (const [table, { columns, unique }] of before) {
          const now = after.get(table)
          expect(now?.columns.slice(0, columns.length)).toEqual(columns)
          expect(now?.unique).toEqual(unique)
          for (const { notnull, dflt_value, pk } of now?.columns.slice(columns.length) ?? []) {
            expect(pk).toBe(0)
            expect(notnull === 0 || dflt_value !== null).toBe(true)
          }
        }
      }
    })
  })
})

async function asked(client: Client, frame: string): Promise<Record<string, string>> {
  client.send(frame.replace('\n', '\nreceipt:r\n'))
  for (;;) {
    const { command, headers } = await client.next()
    if (command === 'ERROR') throw new Error(headers.code)
    if (headers['receipt-id'] === 'r') return headers
  }
}

const send = (to: string, body: string, more = '') => `SEND\ndestination:${to}\n${more}\n${body}\0`

describe('on the storage of a version to come', () => {
  it('a room does all that it does', async () => {
    const { id, stub } = await madeRoom()
    await roll(stub, ROOM)
    const ticket = { id: 't', expiresAt: Math.floor(Date.now() / 1000) + 30 }
    expect(await open(stub, 'ann', ticket)).not.toBe('ticket-used')
    expect(await open(stub, 'ann', ticket)).toBe('ticket-used')
    const ann = await connected(stub, 'ann')
    const queue = `/queue/rooms/${id}/jobs`
    for (const [frame, seq] of [
      [send('/pub/send/message', 'one', 'idempotency-key:k\n'), '1'],
      [send('/pub/send/message', 'one', 'idempotency-key:k\n'), '1'],
      [send('/pub/edit/message', '{"seq":1,"content":"two"}'), '2'],
      [send('/pub/react/message', '{"seq":1,"reaction":"x"}'), '3'],
      [send('/pub/delete/message', '{"seq":1}'), '4'],
      [send(queue, 'job'), undefined],
      [`SUBSCRIBE\nid:q\ndestination:${queue}\nack:client\n\n\0`, undefined],
    ] as const) {
      expect((await asked(ann, frame)).seq).toBe(seq)
      await evictDurableObject(stub)
    }
    const { headers } = await ann.next()
    await asked(ann, `ACK\nid:${headers.ack}\n\n\0`)
    ann.send('BEGIN\ntransaction:t\n\n\0')
    await asked(ann, send('/pub/send/message', 'three', 'transaction:t\n'))
    expect((await asked(ann, 'COMMIT\ntransaction:t\n\n\0')).seq).toBe('5')
    const owner = principal('owner')
    expect(outcome(await stub.setRole(owner, 'bob', 'reader', undefined, SOMEBODY))).toBe('granted')
    await evictDurableObject(stub)
    expect(await stub.members(owner, {})).toMatchObject({
      value: { members: [{ id: 'owner' }, { id: 'ann' }, { id: 'bob' }] },
    })
    const code = 'session-ended' as const
    const until = Date.now() + 60_000
    await stub.revoke({ personId: 'ann', sessionId: 's', below: null, code, until })
    expect((await ann.closed).reason).toBe('session-ended')
    expect(await stub.events(owner, {})).toMatchObject({ value: { head: 6 } })
    expect(outcome(await stub.cost(owner))).toBe('granted')
    await expectKept(stub, ROOM)
    expect(outcome(await stub.delete(owner))).toBe('granted')
  })

  it('an account does all that it does', async () => {
    const { account, stub } = person()
    const first = granted(await account.signIn(GUEST))
    await roll(stub, ACCOUNT)
    const second = granted(await account.signIn(GUEST))
    expect(outcome(await account.enter(bearerOf(second), 'some room', 'e1'))).toBe('granted')
    const { refreshToken } = granted(await account.refresh(second.refreshToken, undefined))
    expect(refreshToken).not.toBe(second.refreshToken)
    await evictDurableObject(stub)
    expect(await account.sessions()).toHaveLength(2)
    expect(await account.end(bearerOf(first))).toBe(true)
    expect(outcome(await account.becomeAccount(bearerOf(second), 'Ann', 'ann'))).toBe('granted')
    expect(outcome(await account.change({ disabled: true }))).toBe('granted')
    await account.leave(first.sessionId, 'some room', 'e1')
    await expectKept(stub, ACCOUNT)
  })

  it('a login does all that it does', async () => {
    const stub = env.LOGIN.get(env.LOGIN.idFromName('password:rolled'))
    const login = objects.passwordLogin('rolled')
    const from = { address: 'here', devices: [], keeps: false }
    expect(outcome(await login.verify('not yet there', from))).toBe('credentials-invalid')
    await roll(stub, LOGIN)
    expect(outcome(await login.register('ann', 'correct horse', from))).toBe('granted')
    await evictDurableObject(stub)
    expect(await login.verify('correct horse', from)).toEqual({ value: 'ann' })
    expect(outcome(await login.changePassword('correct horse', 'staple', from))).toBe('granted')
    expect(outcome(await login.verify('correct horse', from))).toBe('credentials-invalid')
    expect(await login.claim('bob')).toBe('ann')
    await expectKept(stub, LOGIN)
  })

  it('a throttle does all that it does', async () => {
    const stub = env.THROTTLE.get(env.THROTTLE.idFromName('rolled'))
    await stub.attempt()
    await roll(stub, THROTTLE)
    for (let n = 0; n < 3; n++) expect(outcome(await stub.attempt())).toBe('granted')
    await stub.succeeded()
    await expectKept(stub, THROTTLE)
  })

  it('the directory does all that it does', async () => {
    const stub = env.DIRECTORY.get(env.DIRECTORY.idFromName('rolled'))
    const owner = { id: 'ann', name: 'Ann' }
    const listed = { kind: 'public' as const, description: '', owner, createdAt: 1 }
    const room = { id: 'a', name: 'a', ...listed }
    await stub.add(room)
    await roll(stub, DIRECTORY)
    expect(await stub.reserve({ ...room, id: 'b' }, 2)).toEqual({ value: null })
    await stub.add({ ...room, id: 'b' })
    expect(await stub.reserve({ ...room, id: 'c' }, 2)).toMatchObject({ refused: 'too-many-rooms' })
    await stub.remove('a')
    expect(await stub.list('bob', { limit: 9 })).toMatchObject({ rooms: [{ id: 'b' }] })
    await expectKept(stub, DIRECTORY)
  })

  it('the key ring does all that it does', async () => {
    const stub = env.KEY_RING.get(env.KEY_RING.idFromName('rolled'))
    const before = await stub.material()
    await roll(stub, KEY_RING)
    expect((await stub.material()).signing.kid).toBe(before.signing.kid)
    const kid = await stub.rotate(false)
    expect((await stub.material()).signing.kid).toBe(kid)
    expect((await stub.publicKeys()).keys).toHaveLength(2)
    await expectKept(stub, KEY_RING)
  })
})
