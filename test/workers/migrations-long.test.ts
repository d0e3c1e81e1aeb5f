// A long log that the first version wrote, in the real object of the newest: its messages, its
// keys, and what is done to them.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { MIGRATIONS } from '../../src/objects/room/storage/migrations.ts'
import { migrate } from '../../src/objects/shared/migrate.ts'
import { IDEMPOTENCY_EVENTS } from '../../src/room/limits/limits.ts'
import { type Client, connected, open } from '../support/room-in-workerd.ts'

/** Two events before the end of a block of 256, which carries the fingerprints of its keys. */
const HEAD = 47 * 256 - 2

/**
 * The storage as the first version made it, word for word: it stays so, whatever becomes of the
 * code.
 */
const FIRST_VERSION = `
  CREATE TABLE storage_version (version INTEGER NOT NULL) STRICT;
  INSERT INTO storage_version (version) VALUES (1);
  CREATE TABLE room (
    id TEXT NOT NULL, name TEXT NOT NULL, visibility TEXT NOT NULL,
    owner_id TEXT NOT NULL, owner_name TEXT NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL,
    sender_id TEXT NOT NULL, sender_name TEXT NOT NULL,
    content TEXT NOT NULL, reply_to INTEGER, idempotency_key TEXT
  ) STRICT;
  CREATE TABLE used_tickets (
    expires_at INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (expires_at, id)
  ) STRICT, WITHOUT ROWID;`

/** A ticket that was used while the room had its first version. */
const TICKET = { id: 't', expiresAt: Math.floor(Date.now() / 1000) + 30 }

let rooms = 0

/** A room that the first version has filled, long ago: each event has the key `k` and its seq. */
async function oldRoom() {
  const id = `longlog${String(++rooms).padStart(13, '0')}`
  const stub = env.ROOM.get(env.ROOM.idFromName(id))
  await runInDurableObject(stub, (_room, { storage }) => {
    const { sql } = storage
    sql.exec(FIRST_VERSION)
    sql.exec("INSERT INTO room VALUES (?, 'a room', 'public', 'ann', 'Ann', 5)", id)
    sql.exec(
      `WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < ?)
       INSERT INTO events (seq, type, at, sender_id, sender_name, content, idempotency_key)
       SELECT seq, 'message', seq, 'bob', 'Bob', 'message ' || seq, 'k' || seq FROM n`,
      HEAD,
    )
    sql.exec('INSERT INTO used_tickets VALUES (?, ?)', TICKET.expiresAt, TICKET.id)
  })
  return { id, stub, bob: await connected(stub, 'bob') }
}

const send = (key: string) =>
  `SEND\ndestination:/pub/send/message\nreceipt:r\nidempotency-key:${key}\n\nagain\0`

const change = (to: string, body: object) =>
  `SEND\ndestination:/pub/${to}/message\nreceipt:r\n\n${JSON.stringify(body)}\0`

async function told(client: Client, frame: string): Promise<number> {
  client.send(frame)
  return Number((await client.next()).headers.seq)
}

describe.each([false, true])(
  'a long log of the first version, evicted at each step: %s',
  (evicting) => {
    async function start() {
      const { id, stub, bob } = await oldRoom()
      const step = async () => {
        if (evicting) await evictDurableObject(stub)
      }
      await step()
      return { id, stub, bob, step }
    }

    it('[L5] knows the keys of the newest events, and those that come', async () => {
      const { bob, step } = await start()
      const oldest = HEAD - IDEMPOTENCY_EVENTS + 1
      for (const seq of [HEAD, HEAD - 300, oldest]) {
        expect(await told(bob, send(`k${seq}`))).toBe(seq)
        await step()
      }
      // What is out of the window is new; and the end of a block comes, with fingerprints of both
      // versions.
      for (const [key, seq] of [
        [`k${oldest - 1}`, HEAD + 1],
        [`k${oldest - 1}`, HEAD + 1],
        ['new', HEAD + 2],
        ['next', HEAD + 3],
        ['new', HEAD + 2],
        ['next', HEAD + 3],
        [`k${HEAD}`, HEAD],
        [`k${HEAD - 100}`, HEAD - 100],
        [`k${HEAD - 1000}`, HEAD - 1000],
      ] as const) {
        expect(await told(bob, send(key)), key).toBe(seq)
        await step()
      }
    })

    it('[L6] is told from its first event to its last, and then goes on', async () => {
      const { id, bob, step } = await start()
      bob.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nafter:0\n\n\0`)
      for (let seq = 1; seq <= HEAD; seq++) {
        const { headers } = await bob.next()
        if (headers.seq !== String(seq)) throw new Error(`${headers.seq} came for ${seq}`)
        if (seq === 1) await step()
      }
      bob.send(change('send', { content: 'new' }))
      expect((await bob.next()).headers).toMatchObject({
        seq: String(HEAD + 1),
        prev: String(HEAD),
      })
    })

    it('[A3] knows the tickets that were used', async () => {
      const { stub } = await start()
      expect(await open(stub, 'bob', TICKET)).toBe('ticket-used')
    })

    it('has its messages edited, reacted to and deleted', async () => {
      const { stub, bob, step } = await start()
      const changes: [frame: string, message: object][] = [
        [change('edit', { seq: 7, content: 'new' }), { content: 'new', edited: HEAD + 1 }],
        [change('react', { seq: 7, reaction: '👍' }), { reactions: { '👍': ['bob'] } }],
        [change('delete', { seq: 7 }), { content: '', deleted: HEAD + 3 }],
      ]
      for (const [index, [frame, message]] of changes.entries()) {
        expect(await told(bob, frame)).toBe(HEAD + 1 + index)
        await step()
        const by = { id: 'bob', name: 'Bob', roles: ['GENERAL'] }
        expect(await stub.events(by, { after: 6, limit: 1 })).toMatchObject({
          value: { events: [{ seq: 7, ...message }] },
        })
        await step()
      }
    })
  },
)

it('the first step makes what it made in the first version', async () => {
  const made = (name: string, make: (storage: DurableObjectStorage) => void) =>
    runInDurableObject(env.ROOM.get(env.ROOM.idFromName(name)), (_room, { storage }) => {
      make(storage)
      const schema = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'"
      const tables = storage.sql.exec<{ name: string; sql: string }>(`${schema} ORDER BY name`)
      return tables
        .toArray()
        .map(({ name, sql }) => [name, sql.replaceAll('IF NOT EXISTS ', '').split(/\s+/)])
    })
  const first = await made('as it was', ({ sql }) => void sql.exec(FIRST_VERSION))
  expect(first).toHaveLength(4)
  expect(await made('as it is', (storage) => migrate(storage, MIGRATIONS.slice(0, 1)))).toEqual(
    first,
  )
})
