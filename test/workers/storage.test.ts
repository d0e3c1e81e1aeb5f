import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { SqlLog } from '../../src/objects/room/storage/log/sql-log.ts'
import { openRoom } from '../../src/objects/room/storage/room-storage.ts'
import { isDeleted } from '../../src/objects/room/storage/tombstone.ts'
import { migrate, storedVersion } from '../../src/objects/shared/migrate.ts'
import { UsedTickets } from '../../src/objects/shared/used-tickets.ts'
import { roomSettingsOf } from '../../src/room-settings.ts'
import { logContract } from '../support/log-contract.ts'
import { connected, madeRoom, open, principal, SOMEBODY } from '../support/room-in-workerd.ts'
import { rowsWritten } from '../support/rows-written.ts'

describe('the log in SQLite', () => {
  logContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlLog(storage.sql)))
  })

  it('[C1] writes one row a message, with a key and without', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => {
      const rows = rowsWritten(storage.sql, (sql) => {
        const log = new SqlLog(sql)
        const sender = { id: 'a', name: 'A' }
        for (let n = 0; n < 100; n++) {
          const draft = { type: 'message', at: n, sender, content: 'x' } as const
          log.append(n % 2 === 0 ? draft : { ...draft, idempotencyKey: `k${n}`, replyTo: 1 })
        }
      })
      expect(rows).toBe(100)
    })
  })

  it('[C1] writes one row a system event, which versions before read as an event they know', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const sender = { id: 'a', name: 'A' }
      const log = new SqlLog(sql)
      const pin = { type: 'pinned', at: 1, sender, silent: true, target: 5 } as const
      expect(rowsWritten(sql, (counted) => new SqlLog(counted).append(pin))).toBe(1)
      // With a type that it does not know, the version before would replay for ever.
      const row = sql.exec('SELECT type, target, reply_to, edited FROM events').one()
      expect(row).toEqual({ type: 'delete', target: null, reply_to: null, edited: null })
      const later = { type: 'of a version to come', what: [1] }
      sql.exec('UPDATE events SET content = ?', JSON.stringify(later))
      expect(log.find(1)).toEqual({ seq: 1, n: 0, at: 1, sender, ...later })
      expect([...log.after(0, 9)]).toEqual([log.find(1)])
    })
  })

  it('[C1] has no index beside its key', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => {
      const indexes = storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'index'")
      expect(indexes.toArray()).toEqual([])
      const tables = storage.sql.exec<{ sql: string }>(
        "SELECT sql FROM sqlite_master WHERE sql <> ''",
      )
      expect(tables.toArray().some(({ sql }) => /AUTOINCREMENT/i.test(sql))).toBe(false)
    })
  })

  it('[L1] knows its head after an eviction', async () => {
    const { stub } = await madeRoom()
    const client = await connected(stub, 'ann')
    for (const n of [1, 2, 3]) {
      client.send(`SEND\ndestination:/pub/send/message\nreceipt:r${n}\n\n${n}\0`)
      expect((await client.next()).headers.seq).toBe(String(n))
      await evictDurableObject(stub)
    }
    expect(await stub.events(principal('ann'), {})).toMatchObject({ value: { head: 3 } })
  })
})

describe('a room that nobody made', () => {
  it('stores nothing, whatever is asked of it', async () => {
    const stub = env.ROOM.get(env.ROOM.idFromName('nobody made this'))
    expect(await stub.show(principal('ann'))).toEqual({ refused: 'room-unknown' })
    expect(await stub.events(principal('ann'), {})).toEqual({ refused: 'room-unknown' })
    expect(await open(stub, 'ann')).toBe('room-unknown')
    await stub.delete(principal('owner'))
    await runInDurableObject(stub, (_room, { storage }) => {
      expect(storage.sql.exec('SELECT name FROM sqlite_master').toArray()).toEqual([])
    })
  })
})

describe('a used ticket', () => {
  it('[A3] [H1] stays used over an eviction', async () => {
    const { stub } = await madeRoom()
    const ticket = { id: 't', expiresAt: Math.floor(Date.now() / 1000) + 30 }
    expect(await open(stub, 'ann', ticket)).not.toBeTypeOf('string')
    await evictDurableObject(stub)
    expect(await open(stub, 'ann', ticket)).toBe('ticket-used')
  })

  it('[A3] opens one connection of twenty that race for it', async () => {
    const { stub } = await madeRoom()
    const ticket = { id: 't', expiresAt: Math.floor(Date.now() / 1000) + 30 }
    const ids = Array.from({ length: 20 }, (_, index) => `p${index}`)
    const answers = await Promise.all(ids.map((id) => open(stub, id, ticket)))
    expect(answers.filter((answer) => answer === 'ticket-used')).toHaveLength(19)
  })

  it('[A3] of one who is refused takes nobody along who comes in the same moment', async () => {
    const { stub } = await madeRoom()
    await stub.setRole(principal('owner'), 'p3', 'banned', undefined, SOMEBODY)
    const expiresAt = Math.floor(Date.now() / 1000) + 30
    const ids = Array.from({ length: 100 }, (_, index) => `p${index}`)
    const comeIn = () => Promise.all(ids.map((id) => open(stub, id, { id: `t${id}`, expiresAt })))
    const refused = (await comeIn()).map((answer) => typeof answer === 'string' && answer)
    expect(refused).toEqual(ids.map((id) => id === 'p3' && 'banned'))
    expect(new Set(await comeIn())).toEqual(new Set(['ticket-used', 'banned']))
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      expect(sql.exec('SELECT id FROM used_tickets').toArray()).toHaveLength(99)
    })
  })

  it('of a room that is deleted meanwhile opens nothing', async () => {
    const { stub } = await madeRoom()
    const ids = Array.from({ length: 20 }, (_, index) => `p${index}`)
    const entries = ids.map((id) => open(stub, id))
    const deleted = stub.delete(principal('owner'))
    const late = ids.map((id) => open(stub, id))
    expect(await deleted).toEqual({ value: null })
    await Promise.all(entries)
    expect(new Set(await Promise.all(late))).toEqual(new Set(['room-unknown']))
    await runInDurableObject(stub, (_room, { storage }) => expect(isDeleted(storage)).toBe(true))
  })

  it('is forgotten when no ticket of its time can come any more', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const tickets = new UsedTickets(sql)
      tickets.spend({ id: 'a', expiresAt: 100 }, 90_000)
      tickets.spend({ id: 'b', expiresAt: 100 }, 100_000)
      expect(() => tickets.spend({ id: 'a', expiresAt: 100 }, 100_999)).toThrow('ticket-used')
      const [c, now] = [{ id: 'c', expiresAt: 140 }, 101_000]
      const rows = rowsWritten(sql, (counting) => new UsedTickets(counting).spend(c, now))
      expect(rows).toBe(3)
      expect(sql.exec('SELECT id FROM used_tickets').toArray()).toEqual([{ id: 'c' }])
    })
  })
})

describe('the storage of a room', () => {
  it('opens as it was made', async () => {
    const { id, stub } = await madeRoom()
    await evictDurableObject(stub)
    await runInDurableObject(stub, (_room, { storage }) => {
      expect(openRoom(storage)).toEqual({
        id,
        name: 'a room',
        kind: 'public',
        description: '',
        settings: roomSettingsOf('public', {}),
        owner: { id: 'owner', name: 'Owner' },
        createdAt: 1,
      })
    })
  })

  it('is not made twice', async () => {
    const { id, stub } = await madeRoom()
    const again = {
      id,
      name: 'x',
      kind: 'public',
      description: '',
      settings: roomSettingsOf('public', {}),
      owner: { id: 'o', name: 'O' },
      createdAt: 2,
    } as const
    await expect(runInDurableObject(stub, (room) => room.create(again))).rejects.toThrow(
      'the room exists',
    )
    expect(await stub.show(principal('ann'))).toMatchObject({ value: { name: 'a room' } })
  })

  it('is gone when the room is deleted', async () => {
    const { stub } = await madeRoom()
    const client = await connected(stub, 'ann')
    await stub.delete(principal('owner'))
    expect((await client.next()).headers.code).toBe('room-deleted')
    expect((await client.closed).code).toBe(4504)
    expect(await stub.show(principal('ann'))).toEqual({ refused: 'room-unknown' })
    await runInDurableObject(stub, (_room, { storage }) => {
      expect(isDeleted(storage)).toBe(true)
    })
  })
})

describe('migrations', () => {
  const one = (sql: SqlStorage) => void sql.exec('CREATE TABLE a (x)')
  const two = (sql: SqlStorage) => void sql.exec('CREATE TABLE b (x)')
  const broken = (sql: SqlStorage) => {
    sql.exec('CREATE TABLE c (x)')
    throw new Error('broken')
  }

  it('run once each, in order, and as one', async () => {
    const stub = env.ROOM.get(env.ROOM.idFromName('migrations'))
    await runInDurableObject(stub, (_room, { storage }) => {
      migrate(storage, [one])
      migrate(storage, [one])
      migrate(storage, [one, two])
      expect(storedVersion(storage.sql)).toBe(2)
      expect(() => migrate(storage, [one, two, broken])).toThrow('broken')
      expect(storedVersion(storage.sql)).toBe(2)
      expect(() => storage.sql.exec('SELECT * FROM c')).toThrow()
    })
  })

  it('of a version to come are left as they are', async () => {
    const stub = env.ROOM.get(env.ROOM.idFromName('migrations to come'))
    await runInDurableObject(stub, (_room, { storage }) => {
      migrate(storage, [one, two])
      migrate(storage, [one])
      expect(storedVersion(storage.sql)).toBe(2)
      expect(storage.sql.exec('SELECT * FROM b').toArray()).toEqual([])
      migrate(storage, [one, two])
      expect(storedVersion(storage.sql)).toBe(2)
    })
  })
})
