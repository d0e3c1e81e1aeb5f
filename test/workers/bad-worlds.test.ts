// Writes that fail, as on a full disk, at each place where a frame writes: a coded answer that says whether to
// come back, nothing half-applied, and a room that works again when it can; with and without an eviction.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { guarded } from '../../src/objects/guarded-storage.ts'
import { REFUSALS, Refusal } from '../../src/refusals.ts'
import { type Client, connected, madeRoom, open, principal } from '../support/room-in-workerd.ts'

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

const TABLES = [
  ...['events', 'queue_messages', 'transaction_frames', 'used_tickets'],
  ...['standings', 'revocations', 'room'],
]

const frame = (command: string, headers: Record<string, string>, body = '') =>
  `${command}\n${Object.entries(headers)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')}\n${body}\0`

const send = (destination: string, body: string, more = {}) =>
  frame('SEND', { destination, receipt: 'r', ...more }, body)

const SAY = send('/pub/send/message', 'before')
const say = (more: object) => send('/pub/send/message', 'x', more)
const change = (what: string, body: object) => send(`/pub/${what}/message`, JSON.stringify(body))

interface Case {
  readonly what: string
  /** What the disk refuses: the write of a table. */
  readonly fails: `${'INSERT' | 'UPDATE' | 'DELETE'} ON ${string}`
  /** What was done before, each with a receipt. */
  readonly before?: (queue: string) => string[]
  readonly frame: (queue: string) => string
}

const JOB = (queue: string) => send(queue, 'a job')
const BEGUN = () => [frame('BEGIN', { transaction: 't', receipt: 'r' }), say({ transaction: 't' })]
const CASES: Case[] = [
  { what: 'SEND', fails: 'INSERT ON events', frame: () => say({}) },
  {
    what: 'SEND with a key',
    fails: 'INSERT ON events',
    frame: () => say({ 'idempotency-key': 'k' }),
  },
  {
    what: 'an edit, whose event cannot be written',
    fails: 'INSERT ON events',
    frame: () => change('edit', { seq: 1, content: 'after' }),
  },
  {
    what: 'an edit, whose message cannot be',
    fails: 'UPDATE ON events',
    frame: () => change('edit', { seq: 1, content: 'after' }),
  },
  {
    what: 'a deletion',
    fails: 'UPDATE ON events',
    frame: () => change('delete', { seq: 1 }),
  },
  {
    what: 'a reaction',
    fails: 'UPDATE ON events',
    frame: () => change('react', { seq: 1, reaction: '👍' }),
  },
  { what: 'SEND to a queue', fails: 'INSERT ON queue_messages', frame: JOB },
  {
    what: 'a frame of a transaction',
    fails: 'INSERT ON transaction_frames',
    before: () => BEGUN().slice(0, 1),
    frame: () => say({ transaction: 't' }),
  },
  {
    what: 'COMMIT, whose event cannot be written',
    fails: 'INSERT ON events',
    before: BEGUN,
    frame: () => frame('COMMIT', { transaction: 't', receipt: 'r' }),
  },
  {
    what: 'COMMIT, whose frames cannot be removed',
    fails: 'DELETE ON transaction_frames',
    before: BEGUN,
    frame: () => frame('COMMIT', { transaction: 't', receipt: 'r' }),
  },
]

/** Makes the disk refuse one kind of write, and take it again. */
const refuse = (stub: Stub, fails: string) =>
  runInDurableObject(stub, (_room, { storage: { sql } }) => {
    sql.exec(`CREATE TRIGGER full BEFORE ${fails} BEGIN SELECT RAISE(ABORT, 'full'); END`)
  })
const relent = (stub: Stub) =>
  runInDurableObject(stub, (_room, { storage: { sql } }) => void sql.exec('DROP TRIGGER full'))

/** All that is stored. */
const stored = (stub: Stub) =>
  runInDurableObject(stub, (_room, { storage: { sql } }) =>
    TABLES.map((table) => sql.exec(`SELECT * FROM ${table}`).toArray()),
  )

async function told(client: Client, text: string): Promise<Record<string, string>> {
  client.send(text)
  return (await client.next()).headers
}

describe.each([false, true])('a write that fails (evicted: %s)', (evicted) => {
  it.each(CASES)('[R1] [R3] $what: it says so and has done nothing', async (each) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { id, stub } = await madeRoom()
    const queue = `/queue/rooms/${id}/jobs`
    const ann = await connected(stub, 'ann')
    for (const text of [SAY, ...(each.before?.(queue) ?? [])]) {
      expect(await told(ann, text)).toMatchObject({ 'receipt-id': 'r' })
    }
    const before = await stored(stub)
    await refuse(stub, each.fails)
    if (evicted) await evictDurableObject(stub)

    expect(await told(ann, each.frame(queue))).toMatchObject({ code: 'unavailable' })
    // 1013: try again later.
    expect((await ann.closed).code).toBe(REFUSALS.unavailable.close)
    await relent(stub)
    if (evicted) await evictDurableObject(stub)
    const again = await connected(stub, 'ann')
    // What the connection had begun is aborted by its end, at once or when the room wakes up.
    const after = await stored(stub)
    const open = TABLES.indexOf('transaction_frames')
    expect(after.with(open, [])).toEqual(before.with(open, []))

    expect(await told(again, say({ 'idempotency-key': 'k' }))).toMatchObject({ seq: '2' })
    expect(await told(again, JOB(queue))).toMatchObject({ 'receipt-id': 'r' })
  })

  it('[A3] [R3] of a ticket lets nobody in, and leaves the ticket good', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { stub } = await madeRoom()
    const ticket = { id: 'a ticket', expiresAt: Math.floor(Date.now() / 1000) + 30 }
    await refuse(stub, 'INSERT ON used_tickets')
    if (evicted) await evictDurableObject(stub)
    expect(await open(stub, 'ann', ticket)).toBe('unavailable')
    await relent(stub)
    expect(await open(stub, 'ann', ticket)).not.toBeTypeOf('string')
    expect(await open(stub, 'ann', ticket)).toBe('ticket-used')
  })

  it('[R3] of a standing changes nothing and ends nobody', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await refuse(stub, 'INSERT ON standings')
    if (evicted) await evictDurableObject(stub)
    expect(await stub.setStanding(principal('owner'), 'ann', 'banned')).toEqual({
      refused: 'unavailable',
    })
    expect(await told(ann, say({}))).toMatchObject({ seq: '1' })
    await relent(stub)
    await stub.setStanding(principal('owner'), 'ann', 'banned')
    expect((await ann.closed).code).toBe(REFUSALS.banned.close)
  })
})

describe('a room that is deleted', () => {
  const BUSY: [what: string, begin: (id: string) => string][] = [
    [
      'that listens',
      (id) => frame('SUBSCRIBE', { id: '1', destination: `/topic/chat/room/${id}` }),
    ],
    ['in a transaction', () => frame('BEGIN', { transaction: 't' }) + say({ transaction: 't' })],
    ['in the middle of a frame', () => 'SEND\ndestination:/pub/se'],
    [
      'that catches up',
      (id) => frame('SUBSCRIBE', { id: '1', destination: `/topic/chat/room/${id}`, after: '0' }),
    ],
    [
      'that consumes a queue',
      (id) => frame('SUBSCRIBE', { id: '1', destination: `/queue/rooms/${id}/q`, ack: 'client' }),
    ],
  ]
  it.each(BUSY)('tells a client %s not to come back, and leaves nothing', async (_, begin) => {
    const { id, stub } = await madeRoom()
    const writer = await connected(stub, 'bob')
    for (let count = 0; count < 20; count++) await told(writer, say({}))
    const ann = await connected(stub, 'ann')
    ann.send(begin(id))
    expect(await stub.delete(principal('owner'))).toEqual({ value: null })
    let code: string | undefined
    while (code === undefined) code = (await ann.next()).headers.code
    expect(code).toBe('room-deleted')
    expect((await ann.closed).code).toBe(4504)
    expect(await stub.show(principal('ann'))).toEqual({ refused: 'room-unknown' })
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      expect(sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'events'").toArray()).toEqual([])
    })
  })
})

describe('a row too big', () => {
  it.each<[what: string, value: string | Uint8Array]>([
    ['a text', 'x'.repeat(2_000_001)],
    ['a text of wide letters', '한'.repeat(700_000)],
    ['octets', new Uint8Array(2_000_001)],
  ])('[R3] of %s is refused before anything is tried', async (_, value) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => {
      const { sql } = guarded(storage)
      sql.exec('CREATE TABLE sized (value ANY) STRICT')
      expect(() => sql.exec('INSERT INTO sized VALUES (?)', value)).toThrow(
        new Refusal('content-too-large'),
      )
      expect(sql.exec('SELECT * FROM sized').toArray()).toEqual([])
      sql.exec('INSERT INTO sized VALUES (?)', 'x'.repeat(1_900_000))
    })
  })
})
