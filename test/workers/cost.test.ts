// Price as a tested property: the rows that each thing said in a room reads and writes, by the
// room's own meter.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { type Client, connected, type Heard, madeRoom } from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

type Headers = Record<string, string>

function frame(command: string, headers: Headers, body: string | object = ''): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  return `${command}\n${lines.join('')}\n${typeof body === 'string' ? body : JSON.stringify(body)}\0`
}

const send = (to: string, body: string | object, headers: Headers = {}) =>
  frame('SEND', { destination: `/pub/${to}`, ...headers }, body)

/** Waits for the RECEIPT `r`; gives what came before it. */
async function answered(client: Client): Promise<Heard[]> {
  const heard: Heard[] = []
  for (;;) {
    const next = await client.next()
    if (next.command === 'ERROR') throw new Error(next.headers.code)
    if (next.headers['receipt-id'] === 'r') return heard
    heard.push(next)
  }
}

const R = { receipt: 'r' }
const KEY = { 'idempotency-key': 'k' }
const MESSAGE = send('send/message', 'x')
const EDIT = send('edit/message', { seq: 1, content: 'y' }, R)
const REACTION = send('react/message', { seq: 1, reaction: '👍' }, R)
const DELETION = send('delete/message', { seq: 1 }, R)
const QUEUE = { destination: '/queue/rooms/{room}/jobs' }
const LOG = { destination: '/topic/chat/room/{room}' }
const SIGNALS = { destination: '/topic/rooms/{room}' }
const CHANNEL = { destination: '/topic/rooms/{room}/cursors' }
const CONSUME = frame('SUBSCRIBE', { id: 'q', ...QUEUE, ack: 'client' })

const PIN = send('pin/message', { seq: 1 }, R)
const UNPIN = send('unpin/message', { seq: 1 }, R)

const UNSUBSCRIBE = frame('UNSUBSCRIBE', { id: 'q' })

interface Case {
  readonly name: string
  /** Who says it: `ann`, if nobody else. */
  readonly by?: string
  /** What is said before. */
  readonly before?: readonly string[]
  /**
   * In one WebSocket message. `{room}` is the id of the room, `{ack}` the ack of the last MESSAGE.
   */
  readonly said: string
  readonly messages?: number
  readonly written: number
  readonly read: number
  /** Rows read in place of that where the room was evicted just before, and those of its schema. */
  readonly woken: number
}

/** Rows of the schema: a room that wakes reads each. */
const schema = (stub: DurableObjectStub<undefined>): Promise<number> =>
  runInDurableObject(
    stub,
    (_room, { storage: { sql } }) =>
      sql.exec<{ rows: number }>('SELECT count(*) AS rows FROM sqlite_master').one().rows,
  )

/** A room has three messages before. An INSERT reads the row that must not be there. */
const CASES: readonly Case[] = [
  {
    name: 'a message',
    said: send('send/message', 'x', R),
    messages: 1,
    ...{ written: 1, read: 1, woken: 8 },
  },
  {
    name: 'ten messages of one moment',
    said: MESSAGE.repeat(9) + send('send/message', 'x', R),
    messages: 10,
    ...{ written: 10, read: 10, woken: 17 },
  },
  {
    name: 'a message with an idempotency-key, the first',
    said: send('send/message', 'x', { ...R, ...KEY }),
    messages: 1,
    ...{ written: 1, read: 4, woken: 11 },
  },
  {
    name: 'a message with an idempotency-key',
    before: [send('send/message', 'x', { 'idempotency-key': 'another' })],
    said: send('send/message', 'x', { ...R, ...KEY }),
    messages: 1,
    ...{ written: 1, read: 1, woken: 12 },
  },
  {
    name: 'a message with an idempotency-key that was there',
    before: [send('send/message', 'x', KEY)],
    said: send('send/message', 'x', { ...R, ...KEY }),
    ...{ written: 0, read: 2, woken: 13 },
  },
  {
    name: 'a reply',
    said: send('send/message', { content: 'x', replyTo: 1 }, R),
    messages: 1,
    ...{ written: 1, read: 3, woken: 10 },
  },
  { name: 'an edit', said: EDIT, written: 2, read: 4, woken: 11 },
  { name: 'a reaction', said: REACTION, written: 2, read: 4, woken: 11 },
  {
    name: 'a reaction that was there',
    before: [REACTION],
    said: REACTION,
    ...{ written: 0, read: 2, woken: 8 },
  },
  { name: 'a deletion', said: DELETION, written: 2, read: 5, woken: 12 },
  {
    name: 'a deletion of what was edited once',
    before: [EDIT],
    said: DELETION,
    ...{ written: 3, read: 7, woken: 14 },
  },
  { name: 'a pin', by: 'owner', said: PIN, written: 2, read: 4, woken: 10 },
  {
    name: 'a pin that was there',
    by: 'owner',
    before: [PIN],
    said: PIN,
    written: 0,
    read: 2,
    woken: 7,
  },
  { name: 'an unpin', by: 'owner', before: [PIN], said: UNPIN, written: 2, read: 4, woken: 10 },
  {
    name: 'a deletion of what is pinned',
    by: 'owner',
    before: [PIN],
    said: DELETION,
    written: 3,
    read: 6,
    woken: 12,
  },
  {
    name: 'SUBSCRIBE to the log, live',
    said: frame('SUBSCRIBE', { id: 'l', ...LOG, ...R }),
    ...{ written: 0, read: 0, woken: 7 },
  },
  {
    name: 'SUBSCRIBE to the log from the beginning',
    said: frame('SUBSCRIBE', { id: 'l', ...LOG, after: '0', ...R }),
    ...{ written: 0, read: 3, woken: 10 },
  },
  {
    name: 'SUBSCRIBE to the signals: presence',
    said: frame('SUBSCRIBE', { id: 's', ...SIGNALS, ...R }),
    ...{ written: 0, read: 0, woken: 6 },
  },
  {
    name: 'ACK: the read marker',
    before: [frame('SUBSCRIBE', { id: 'l', ...LOG, ack: 'client' }), MESSAGE],
    said: frame('ACK', { id: '{ack}', ...R }),
    // When the row of the member was written last.
    ...{ written: 0, read: 0, woken: 7 },
  },
  {
    name: 'a channel of the application',
    said: frame('SEND', { ...CHANNEL, ...R }, 'x'),
    ...{ written: 0, read: 0, woken: 6 },
  },
  {
    name: 'a message to a work queue',
    said: frame('SEND', { ...QUEUE, ...R }, 'x'),
    ...{ written: 1, read: 2, woken: 8 },
  },
  {
    name: 'its delivery',
    before: [frame('SEND', QUEUE, 'x')],
    said: frame('SUBSCRIBE', { id: 'q', ...QUEUE, ack: 'client', ...R }),
    ...{ written: 1, read: 3, woken: 9 },
  },
  {
    name: 'its ACK',
    before: [frame('SEND', QUEUE, 'x'), CONSUME, frame('SEND', CHANNEL, 'x')],
    said: frame('ACK', { id: '{ack}', ...R }),
    ...{ written: 1, read: 2, woken: 9 },
  },
  {
    name: 'ten messages to a work queue',
    said: frame('SEND', QUEUE, 'x').repeat(9) + frame('SEND', { ...QUEUE, ...R }, 'x'),
    ...{ written: 10, read: 2, woken: 8 },
  },
  {
    name: 'a message to a work queue after the last one was removed',
    before: [frame('SEND', QUEUE, 'x'), frame('SUBSCRIBE', { id: 'q', ...QUEUE }), UNSUBSCRIBE],
    said: frame('SEND', { ...QUEUE, ...R }, 'x'),
    ...{ written: 1, read: 1, woken: 9 },
  },
  {
    name: '/pub/typing',
    said: send('typing', '', R),
    ...{ written: 0, read: 0, woken: 6 },
  },
  {
    name: '/pub/read, the read marker of clients that do not ACK',
    said: send('read', '{"seq":2}', R),
    ...{ written: 0, read: 0, woken: 7 },
  },
]

describe.each([false, true])('after an eviction: %s', (evicted) => {
  it.each(CASES)(
    '[C1][H1] $name',
    async ({ by = 'ann', before = [], said, written, read, woken, messages = 0 }) => {
      const { id, stub } = await madeRoom()
      const ann = await connected(stub, by)
      const room = (text: string) => text.replaceAll('{room}', id)
      let ack = ''
      for (const each of [MESSAGE, MESSAGE, MESSAGE, ...before]) {
        ann.send(room(each).replace(/\n(receipt:r\n)?/, '\nreceipt:r\n'))
        for (const { headers } of await answered(ann)) ack = headers.ack ?? ack
      }
      const cost = await spent(stub, async () => {
        if (evicted) await evictDurableObject(stub)
        ann.send(room(said).replace('{ack}', ack))
        await answered(ann)
      })
      expect(cost).toEqual({
        ...{ messages, inboundMessages: 1, requests: 0, rowsWritten: written },
        ...{ wakeUps: evicted ? 1 : 0, rowsRead: evicted ? woken + (await schema(stub)) : read },
      })
    },
  )
})

it('[C1] a replay reads each event once', async () => {
  const { id, stub } = await madeRoom()
  const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
  // Two people, because a burst of one is 50 messages.
  for (const client of [ann, bob]) {
    client.send(MESSAGE.repeat(40) + send('send/message', 'x', R))
    await answered(client)
  }
  const cost = await spent(stub, async () => {
    bob.send(
      frame('SUBSCRIBE', { id: 'l', destination: `/topic/chat/room/${id}`, after: '0', ...R }),
    )
    await answered(bob)
    for (let seq = 0; seq < 82; ) seq = Number((await bob.next()).headers.seq)
  })
  expect(cost).toMatchObject({ rowsRead: 83, rowsWritten: 0, inboundMessages: 1 })
})
