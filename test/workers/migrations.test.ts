import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { SqlLog } from '../../src/objects/room/storage/log/sql-log.ts'
import { MIGRATIONS } from '../../src/objects/room/storage/migrations.ts'
import { openRoom } from '../../src/objects/room/storage/room-storage.ts'
import { SqlMembers } from '../../src/objects/room/storage/sql-members.ts'
import { SqlQueues } from '../../src/objects/room/storage/sql-queues.ts'
import { migrate, storedVersion } from '../../src/objects/shared/migrate.ts'
import { fingerprintOf } from '../../src/room/keys/fingerprint.ts'
import { KeyedLog } from '../../src/room/keys/keyed-log.ts'
import { connected, principal } from '../support/room-in-workerd.ts'
import { rowsWritten } from '../support/rows-written.ts'

const NEWEST = MIGRATIONS.length
/** The version that made members of those who own a room. */
const MEMBERS = 13

/** Writes as the code of that version did: what it kept, row by row. */
function writeOld(storage: DurableObjectStorage, version: number): void {
  migrate(storage, MIGRATIONS.slice(0, version))
  const { sql } = storage
  sql.exec(
    `INSERT INTO room (id, name, visibility, owner_id, owner_name, created_at)
     VALUES ('old', 'a room', 'private', 'ann', 'Ann', 5)`,
  )
  for (const row of [
    "(1, 'message', 1000, 'ann', 'Ann', '안녕 😀', NULL, NULL)",
    "(2, 'message', 2000, 'bob', 'Bob', 'two', 1, 'k')",
  ]) {
    sql.exec(
      `INSERT INTO events
         (seq, type, at, sender_id, sender_name, content, reply_to, idempotency_key) VALUES ${row}`,
    )
  }
  if (version >= 2) {
    sql.exec(`INSERT INTO queue_messages (queue, id, deliveries, bytes, headers, body)
       VALUES ('jobs', 7, 1, 3, '[]', 'job')`)
  }
  if (version >= 3) sql.exec("INSERT INTO standings (person_id, standing) VALUES ('eve', 'banned')")
}

const EVENTS = [
  {
    seq: 1,
    type: 'message',
    at: 1000,
    sender: { id: 'ann', name: 'Ann' },
    content: '안녕 😀',
  },
  {
    seq: 2,
    type: 'message',
    at: 2000,
    sender: { id: 'bob', name: 'Bob' },
    content: 'two',
    idempotencyKey: 'k',
    replyTo: 1,
    quote: { seq: 1, sender: { id: 'ann', name: 'Ann' }, content: '안녕 😀' },
  },
]

describe.each(Array.from({ length: NEWEST }, (_, index) => index + 1))(
  'a room stored by version %i',
  (version) => {
    const old = (name: string) => env.ROOM.get(env.ROOM.idFromName(`${name} ${version}`))

    it('opens in the newest with everything that it had', async () => {
      await runInDurableObject(old('opens'), (_room, { storage }) => {
        writeOld(storage, version)
        expect(openRoom(storage)).toMatchObject({ id: 'old', owner: { id: 'ann' }, createdAt: 5 })
        expect(storedVersion(storage.sql)).toBe(NEWEST)
        const log = new SqlLog(storage.sql)
        expect([...log.after(0, 9)]).toEqual(EVENTS)
        expect([...log.keys(0, 9)]).toEqual([{ seq: 2, senderId: 'bob', key: 'k' }])
        const { sql } = storage
        if (version >= 2) {
          const queues = new SqlQueues(sql)
          expect(queues.next('jobs', new Set(), 9)).toEqual([{ id: 7, deliveries: 1, bytes: 3 }])
          queues.put('jobs', 'ann', { headers: [], body: 'x' }, 1)
          expect(queues.size()).toEqual({ messages: 2, bytes: 4 })
          expect(queues.sizeOf('ann')).toEqual({ messages: 1, bytes: 1 })
          queues.remove('jobs', 7)
          expect(queues.size()).toEqual({ messages: 1, bytes: 1 })
        }
        if (version >= 3) expect(new SqlMembers(sql).get('eve')?.role).toBe('banned')
        if (version < MEMBERS) {
          const owner = new SqlMembers(sql).get('ann')
          expect(owner).toMatchObject({ role: 'owner', name: 'Ann', joined: { at: 5 } })
        }
      })
    })

    it('takes the changes of the newest', async () => {
      await runInDurableObject(old('changes'), (_room, { storage }) => {
        writeOld(storage, version)
        openRoom(storage)
        const log = new SqlLog(storage.sql)
        const message = log.find(1)
        if (message?.type !== 'message') throw new Error('the message is lost')
        const { sender } = message
        log.append({ type: 'reaction', at: 3000, sender, target: 1, reaction: 'x', on: true })
        log.amend({ ...message, reacted: 3, reactions: { x: ['ann'] } })
        expect([...log.after(0, 9)]).toEqual([
          { ...message, reacted: 3, reactions: { x: ['ann'] } },
          EVENTS[1],
          { seq: 3, n: 2, type: 'reaction', at: 3000, sender, target: 1, reaction: 'x', on: true },
        ])
      })
    })

    it('answers over RPC', async () => {
      const stub = old('answers')
      await runInDurableObject(stub, (_room, { storage }) => writeOld(storage, version))
      expect(await stub.events(principal('bob'), {})).toMatchObject({
        value: { head: 2, events: [{ content: '안녕 😀' }, { content: 'two' }] },
      })
    })

    it('[L5] knows the keys that it had', async () => {
      const stub = old('keys')
      await runInDurableObject(stub, (_room, { storage }) => writeOld(storage, version))
      const bob = await connected(stub, 'bob')
      for (const [key, seq] of [
        ['k', '2'],
        ['new', '3'],
        ['new', '3'],
      ]) {
        const headers = `destination:/pub/send/message\nreceipt:r\nidempotency-key:${key}`
        bob.send(`SEND\n${headers}\n\nagain\0`)
        expect((await bob.next()).headers).toEqual({ 'receipt-id': 'r', seq })
      }
    })
  },
)

describe('fingerprints of idempotency-keys', () => {
  const sender = { id: 'bob', name: 'Bob' }
  const say = (keyed: KeyedLog, n: number) =>
    keyed.append({ type: 'message', at: 1, sender, content: 'x', idempotencyKey: `k${n}` })

  it('[L5] are read where the version before wrote slices of them beside', async () => {
    await runInDurableObject(env.ROOM.get(env.ROOM.idFromName('slices')), (_room, { storage }) => {
      migrate(storage, MIGRATIONS)
      const { sql } = storage
      const keyed = new KeyedLog(new SqlLog(sql), 7)
      for (let n = 1; n <= 600; n++) say(keyed, n)
      const slices = "key_whole = X'0102', key_short_slice = X'', key_long_slice = X'01020304'"
      sql.exec(`UPDATE events SET ${slices} WHERE key_digest IS NOT NULL`)
      keyed.forget()
      for (const n of [1, 256, 257, 512, 600]) expect(keyed.find('bob', `k${n}`, 2)).toBe(n)
      say(keyed, 601)
      expect(keyed.find('bob', 'k601', 2)).toBe(601)
    })
  })

  it('[L5] [C1] are stored as the versions before read them, without slices, in the rows of the events', async () => {
    await runInDurableObject(env.ROOM.get(env.ROOM.idFromName('digests')), (_room, { storage }) => {
      migrate(storage, MIGRATIONS)
      const { sql } = storage
      const written = rowsWritten(sql, (counting) => {
        const keyed = new KeyedLog(new SqlLog(counting), 7)
        for (let n = 1; n <= 4096; n++) say(keyed, n)
      })
      expect(written).toBe(4096)
      const rows = sql.exec<{ seq: number; key_digest: ArrayBuffer }>(
        `SELECT seq, key_digest FROM events
         WHERE coalesce(key_digest, key_whole, key_short_slice, key_long_slice) NOTNULL`,
      )
      const marks = Array.from({ length: 4096 }, (_, n) => fingerprintOf(`bob\nk${n + 1}`, 7))
      const seqs: number[] = []
      for (const { seq, key_digest } of rows) {
        // Those versions read as many as a block has events.
        expect([...new Uint32Array(key_digest, 0, 256)]).toEqual(marks.slice(seq - 256, seq))
        expect(key_digest.byteLength, `${seq}`).toBe(seq === 4096 ? 16_384 : 1024)
        seqs.push(seq)
      }
      expect(seqs).toEqual(Array.from({ length: 16 }, (_, n) => (n + 1) * 256))
    })
  })

  it.each<[who: string, change: string | undefined]>([
    ['this version', undefined],
    ['the version before, a block in each row', '= substr(key_digest, 1, 1024)'],
    ['the first version, none', '= NULL'],
  ])('[L5] are read from spans and blocks of %s', async (who, change) => {
    await runInDurableObject(env.ROOM.get(env.ROOM.idFromName(who)), (_room, { storage }) => {
      migrate(storage, MIGRATIONS)
      const { sql } = storage
      const keyed = new KeyedLog(new SqlLog(sql), 7)
      for (let n = 1; n <= 8000; n++) say(keyed, n)
      if (change) sql.exec(`UPDATE events SET key_digest ${change} WHERE key_digest IS NOT NULL`)
      keyed.forget()
      for (let n = 8001; n <= 8500; n++) say(keyed, n)
      for (const n of [1, 256, 257, 3840, 3841, 4096, 4097, 7936, 7937, 8192, 8193, 8448, 8500]) {
        keyed.forget()
        expect(keyed.find('bob', `k${n}`, 2), `k${n}`).toBe(n)
      }
      expect(keyed.find('bob', 'k8501', 2)).toBeUndefined()
    })
  })
})

it('[C1] no step to the newest version writes a row for each event', async () => {
  const stub = env.ROOM.get(env.ROOM.idFromName('large'))
  await runInDurableObject(stub, (_room, { storage }) => {
    writeOld(storage, 1)
    const { sql } = storage
    const sender = { id: 'ann', name: 'Ann' }
    for (let seq = 3; seq <= 1000; seq++) {
      sql.exec(
        `INSERT INTO events (seq, type, at, sender_id, sender_name, content)
         VALUES (?, 'message', 1, ?, ?, 'x')`,
        seq,
        sender.id,
        sender.name,
      )
    }
    const rows = rowsWritten(sql, (counting) => {
      for (const step of MIGRATIONS.slice(1)) step(counting)
    })
    expect(rows).toBeLessThan(100)
  })
})
