import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { RoomInstance } from '../../src/objects/room/instance.ts'
import { openRoom } from '../../src/objects/room/storage/room-storage.ts'
import type { ConnectedSession } from '../../src/room/connections/session.ts'
import type { Inbound } from '../../src/room/ports.ts'
import { arrivalOf, unread } from '../support/fake-room.ts'
import { frameOf } from '../support/frame-of.ts'
import { type Client, connected, madeRoom, principal } from '../support/room-in-workerd.ts'
import { rowsWritten } from '../support/rows-written.ts'

const SESSION: ConnectedSession = {
  phase: 'connected',
  id: 's',
  principal: principal('ann'),
  signIn: { id: 's', version: 1 },
  version: '1.2',
  expiresAt: Number.MAX_SAFE_INTEGER,
  beatsEvery: 0,
  wantsBeats: false,
  subscriptions: [],
  transactions: [],
  nextNumber: 0,
  binary: false,
  partial: false,
  seenAt: 0,
}

/** The rows that one SEND writes in a room of this storage. */
function cost(storage: DurableObjectStorage, to: string, body: object, key?: string): number {
  const profile = openRoom(storage)
  if (!profile) throw new Error('there is no room')
  const connection: Inbound = {
    session: SESSION,
    congested: false,
    ...unread(),
    beatSince: () => true,
    beatAt: 0,
    send() {},
    close() {},
  }
  return rowsWritten(storage.sql, (sql) => {
    const counting = { sql, transactionSync: (work: () => void) => storage.transactionSync(work) }
    const { room } = readConfig(env)
    const instance = new RoomInstance(profile, counting as DurableObjectStorage, room, () => [])
    const headers = {
      destination: `/pub/${to}/message`,
      ...(key ? { 'idempotency-key': key } : {}),
    }
    const frame = frameOf('SEND', headers, JSON.stringify(body))
    instance.turns.run((turn, its) => its.receive(turn, [arrivalOf(connection, frame)]))
  })
}

const ROWS: [to: string, body: object, rows: number, key?: string][] = [
  ['send', { content: 'one' }, 1],
  ['send', { content: 'two', replyTo: 1 }, 1, 'k'],
  ['edit', { seq: 1, content: 'One' }, 2],
  ['edit', { seq: 1, content: 'One' }, 0],
  ['edit', { seq: 2, content: 'Two' }, 2],
  ['edit', { seq: 1, content: 'ONE' }, 2, 'l'],
  ['edit', { seq: 1, content: 'again' }, 0, 'l'],
  ['react', { seq: 1, reaction: '👍' }, 2],
  ['react', { seq: 1, reaction: '👍' }, 0],
  ['react', { seq: 1, reaction: '❤' }, 2],
  ['react', { seq: 1, reaction: '👍', on: false }, 2],
  ['react', { seq: 1, reaction: '👍', on: false }, 0],
  ['edit', { seq: 9999, content: 'x' }, 0],
  ['react', { seq: 3, reaction: 'x' }, 0],
  // The event, the message, and its two edits.
  ['delete', { seq: 1 }, 4],
  ['delete', { seq: 1 }, 0],
  ['edit', { seq: 1, content: 'x' }, 0],
  ['delete', { seq: 2 }, 3],
]

const send = (to: string, body: object, more = '') =>
  `SEND\ndestination:/pub/${to}/message\nreceipt:r\n${more}\n${JSON.stringify(body)}\0`

async function seqOf(client: Client, frame: string): Promise<string | undefined> {
  client.send(frame)
  return (await client.next()).headers.seq
}

describe('a change in SQLite', () => {
  it('[C1] writes its event and the message, a deletion each edit too, and nothing twice', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => {
      const rows = ROWS.map(([to, body, , key]) => cost(storage, to, body, key))
      expect(rows).toEqual(ROWS.map(([, , expected]) => expected))
    })
  })

  it('[H1] goes on after an eviction, by what is stored', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    const frames: [frame: string, seq: string][] = [
      [send('send', { content: 'one' }), '1'],
      [send('edit', { seq: 1, content: 'One' }, 'idempotency-key:k\n'), '2'],
      [send('edit', { seq: 1, content: 'ONE' }), '3'],
      [send('edit', { seq: 1, content: 'One' }, 'idempotency-key:k\n'), '2'],
      [send('react', { seq: 1, reaction: '👍' }), '4'],
      [send('react', { seq: 1, reaction: '👍' }), '4'],
      [send('delete', { seq: 1 }), '5'],
      [send('delete', { seq: 1 }), '5'],
    ]
    for (const [frame, seq] of frames) {
      expect(await seqOf(ann, frame)).toBe(seq)
      await evictDurableObject(stub)
    }
  })

  it('of the deletion leaves the text and the mentions in no row of any table', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await seqOf(ann, send('send', { content: 'confidential @owner' }, 'idempotency-key:k\n'))
    for (const n of [1, 2, 3])
      await seqOf(ann, send('edit', { seq: 1, content: `confidential @owner ${n}` }))
    expect(await seqOf(ann, send('delete', { seq: 1 }))).toBe('5')
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const tables = sql.exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table'",
      )
      const names = tables.toArray().map(({ name }) => name)
      expect(names).toContain('events')
      const rows = names
        .filter((name) => !name.startsWith('_cf'))
        .map((name) => sql.exec(`SELECT * FROM ${name}`).toArray())
      expect(JSON.stringify(rows)).not.toContain('confidential')
      expect(JSON.stringify(rows)).not.toContain('"mentions":"')
    })
  })

  it('[R3] that cannot write the message has written no event either', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await seqOf(ann, send('send', { content: 'one' }))
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec(`CREATE TRIGGER full BEFORE UPDATE ON events
                BEGIN SELECT RAISE(ABORT, 'full'); END`)
    })
    ann.send(send('edit', { seq: 1, content: 'lost' }, 'idempotency-key:k\n'))
    expect((await ann.next()).headers.code).toBe('unavailable')
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec('DROP TRIGGER full')
      expect(sql.exec('SELECT seq, content FROM events').toArray()).toEqual([
        { seq: 1, content: 'one' },
      ])
    })
    const again = await connected(stub, 'ann')
    const retry = send('edit', { seq: 1, content: 'kept' }, 'idempotency-key:k\n')
    expect(await seqOf(again, retry)).toBe('2')
  })

  it('is told over RPC as over STOMP, whatever word a reaction is', async () => {
    const { id, stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await seqOf(ann, send('send', { content: 'one' }))
    for (const reaction of ['👍', '__proto__', '10']) {
      await seqOf(ann, send('react', { seq: 1, reaction }))
    }
    ann.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nafter:0\n\n\0`)
    const told = (await ann.next()).body
    expect(told).toContain('"reactions":{"10":["ann"],"👍":["ann"],"__proto__":["ann"]}')
    const answer = await stub.events(principal('ann'), {})
    expect(JSON.stringify(answer)).toContain(told)
  })
})
