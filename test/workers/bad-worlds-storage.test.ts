// A full disk, or any write that fails: a coded answer, nothing half done, and all is well when it
// can write again.

import { evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everything, failing, mend } from '../support/bad-storage.ts'
import { connected, type Heard, madeRoom } from '../support/room-in-workerd.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

type Headers = Record<string, string>

function frame(command: string, headers: Headers, body: string | object = ''): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  return `${command}\n${lines.join('')}\n${typeof body === 'string' ? body : JSON.stringify(body)}\0`
}

const send = (to: string, body: string | object, headers: Headers = {}) =>
  frame('SEND', { destination: `/pub/${to}/message`, ...headers }, body)

const T = { transaction: 't' }
const KEYED = { 'idempotency-key': 'k', receipt: 'r' }

interface Case {
  readonly name: string
  /** What is said before. `{queue}` is the name of a work queue. */
  readonly before?: readonly string[]
  /** What is asked for with `receipt:r`; `{ack}` is the ack of the last MESSAGE. */
  readonly asked: string
  readonly fails: RegExp
  readonly butFirst?: number
  /** What is in storage afterwards, where it is not what was there before. */
  readonly left?: object
}

const INSERT = /INSERT INTO events/
const UPDATE = /UPDATE events/
const MESSAGE = send('send', 'one')
const EDITED = [MESSAGE, send('edit', { seq: 1, content: 'two' })]
const QUEUE = { destination: '{queue}' }
const CONSUME = frame('SUBSCRIBE', { id: 'q', ...QUEUE, ack: 'client' })
/** The transaction goes with its connection. */
const ABORTED = { transaction_frames: [] }

const CASES: readonly Case[] = [
  { name: 'a message', asked: send('send', 'x', KEYED), fails: INSERT },
  {
    name: 'an edit, at its event',
    before: [MESSAGE],
    asked: send('edit', { seq: 1, content: 'x' }, KEYED),
    fails: INSERT,
  },
  {
    name: 'an edit, at its message',
    before: [MESSAGE],
    asked: send('edit', { seq: 1, content: 'x' }, KEYED),
    fails: UPDATE,
  },
  {
    name: 'a deletion, at its event',
    before: EDITED,
    asked: send('delete', { seq: 1 }, KEYED),
    fails: INSERT,
  },
  {
    name: 'a deletion, at an edit',
    before: EDITED,
    asked: send('delete', { seq: 1 }, KEYED),
    fails: UPDATE,
  },
  {
    name: 'a deletion, at its message',
    before: EDITED,
    asked: send('delete', { seq: 1 }, KEYED),
    fails: UPDATE,
    butFirst: 1,
  },
  {
    name: 'a reaction, at its event',
    before: [MESSAGE],
    asked: send('react', { seq: 1, reaction: '👍' }, KEYED),
    fails: INSERT,
  },
  {
    name: 'a reaction, at its message',
    before: [MESSAGE],
    asked: send('react', { seq: 1, reaction: '👍' }, KEYED),
    fails: UPDATE,
  },
  {
    name: 'a frame of a transaction',
    before: [frame('BEGIN', T)],
    asked: send('send', 'x', { ...T, receipt: 'r' }),
    fails: /INSERT INTO transaction_frames/,
  },
  {
    name: 'COMMIT, at its second message',
    before: [frame('BEGIN', T), send('send', 'a', T), send('send', 'b', T)],
    asked: frame('COMMIT', { ...T, receipt: 'r' }),
    fails: INSERT,
    butFirst: 1,
    left: ABORTED,
  },
  {
    name: 'COMMIT, at a work queue after a message',
    before: [frame('BEGIN', T), send('send', 'a', T), frame('SEND', { ...QUEUE, ...T }, 'job')],
    asked: frame('COMMIT', { ...T, receipt: 'r' }),
    fails: /INSERT INTO queue_messages/,
    left: ABORTED,
  },
  {
    // And so fails what the end of the connection would remove: it is removed at the next waking.
    name: 'COMMIT, at the end of the transaction',
    before: [frame('BEGIN', T), send('send', 'a', T)],
    asked: frame('COMMIT', { ...T, receipt: 'r' }),
    fails: /DELETE FROM transaction_frames/,
  },
  {
    name: 'ABORT',
    before: [frame('BEGIN', T), send('send', 'a', T)],
    asked: frame('ABORT', { ...T, receipt: 'r' }),
    fails: /DELETE FROM transaction_frames/,
  },
  {
    name: 'a message to a work queue',
    asked: frame('SEND', { ...QUEUE, receipt: 'r' }, 'job'),
    fails: /INSERT INTO queue_messages/,
  },
  {
    name: 'ACK of a message of a work queue',
    before: [frame('SEND', QUEUE, 'job'), CONSUME],
    asked: frame('ACK', { id: '{ack}', receipt: 'r' }),
    fails: /RETURNING bytes, sender_id/,
  },
  {
    name: 'a message, as everything that is written',
    asked: MESSAGE,
    fails: /^\s*(INSERT|UPDATE|DELETE)/,
  },
]

describe.each([false, true])('a write that fails, after an eviction: %s', (evicted) => {
  /** A room where somebody has said what comes before, and storage that then fails. */
  async function play({ before = [], asked, fails, butFirst = 0 }: Case) {
    const { id, stub } = await madeRoom()
    const queue = `/queue/rooms/${id}/jobs`
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    bob.send(frame('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${id}`, receipt: 's' }))
    await bob.next()
    let told: Heard | undefined
    for (const [index, each] of before.entries()) {
      ann.send(each.replace('{queue}', queue).replace('\n', `\nreceipt:${index}\n`))
      for (let answered = false; !answered; ) {
        const heard = await ann.next()
        if (heard.command === 'MESSAGE') told = heard
        answered = heard.headers['receipt-id'] === String(index)
      }
    }
    if (before.some((each) => each === CONSUME)) told ??= await ann.next()
    if (evicted) await evictDurableObject(stub)
    const kept = await everything(stub)
    await failing(stub, fails, { butFirst })
    ann.send(asked.replace('{queue}', queue).replace('{ack}', told?.headers.ack ?? ''))
    return { id, stub, ann, bob, kept }
  }

  it.each(CASES)('[R1][R3] $name: unavailable, nothing done, and then it works', async (each) => {
    const { stub, ann, bob, kept } = await play(each)
    const error = await ann.next()
    expect(error).toMatchObject({ command: 'ERROR', headers: { code: 'unavailable' } })
    expect(error.headers['receipt-id']).toBe(each.asked.includes('receipt:r') ? 'r' : undefined)
    expect(await ann.closed).toEqual({ code: 1013, reason: 'unavailable' })
    expect(await everything(stub)).toEqual({ ...kept, ...each.left })

    await mend(stub)
    const head = kept.events?.length ?? 0
    const again = await connected(stub, 'ann')
    again.send(send('send', 'again', KEYED))
    expect((await again.next()).headers).toMatchObject({ 'receipt-id': 'r', seq: String(head + 1) })
    // L3: who listens was told of what was done, and of nothing else.
    const heard = []
    for (let seq = 0; seq <= head; seq = Number(heard.at(-1)?.headers.seq))
      heard.push(await bob.next())
    expect(heard.map(({ headers }) => headers.seq)).toEqual(
      Array.from({ length: head + 1 }, (_, index) => String(index + 1)),
    )
  })

  it('[R3] a message to a work queue that cannot be given out is kept, and its consumer told to come back', async () => {
    const { id, stub } = await madeRoom()
    const queue = `/queue/rooms/${id}/jobs`
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    bob.send(frame('SUBSCRIBE', { id: 'q', destination: queue, ack: 'client', receipt: 's' }))
    await bob.next()
    if (evicted) await evictDurableObject(stub)
    await failing(stub, /UPDATE queue_messages/)
    ann.send(frame('SEND', { destination: queue, receipt: 'r' }, 'job'))
    expect((await ann.next()).headers).toEqual({ 'receipt-id': 'r' })
    expect((await bob.next()).headers.code).toBe('unavailable')
    expect((await bob.closed).code).toBe(1013)
    await mend(stub)
    const again = await connected(stub, 'bob')
    again.send(frame('SUBSCRIBE', { id: 'q', destination: queue }))
    expect((await again.next()).body).toBe('job')
  })
})
