// Where a subscription or a page may start, asked of the real object: at any seq there is, and
// nowhere else.

import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { everything, fill } from '../support/bad-storage.ts'
import { connected, madeRoom, principal } from '../support/room-in-workerd.ts'

const HEAD = 3

const INVALID = ['header-invalid', 1002] as const
/** 4516: the log that it was heard in is another one, and to come back would not help. */
const UNKNOWN = ['after-unknown', 4516] as const

const REFUSED: readonly (readonly [after: string, code: string, close: number])[] = [
  ['4', ...UNKNOWN],
  ['1000', ...UNKNOWN],
  ['9'.repeat(15), ...UNKNOWN],
  ['9'.repeat(16), ...INVALID],
  ['9'.repeat(400), ...INVALID],
  ['-1', ...INVALID],
  ['-0', ...INVALID],
  ['+1', ...INVALID],
  ['1.5', ...INVALID],
  ['1e0', ...INVALID],
  ['0x1', ...INVALID],
  ['１', ...INVALID],
  [' 1', ...INVALID],
  ['', ...INVALID],
  ['NaN', ...INVALID],
  ['Infinity', ...INVALID],
  ['null', ...INVALID],
]

const listen = (id: string, after: string) =>
  `SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nafter:${after}\nreceipt:s\n\n\0`
const SEND = 'SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0'

describe.each([false, true])('after, of a subscription; after an eviction: %s', (evicted) => {
  async function start() {
    const { id, stub } = await madeRoom()
    await fill(stub, HEAD)
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    if (evicted) await evictDurableObject(stub)
    return { id, stub, ann, bob }
  }

  it.each(REFUSED)('[R1][R3] %j is refused with %s and %i', async (after, code, close) => {
    const { id, stub, ann, bob } = await start()
    const before = await everything(stub)
    ann.send(listen(id, after) + SEND)
    expect((await ann.next()).headers).toMatchObject({
      code,
      'receipt-id': 's',
      subscription: 'log',
    })
    expect(await ann.closed).toEqual({ code: close, reason: code })
    expect(await everything(stub)).toEqual(before)
    bob.send(SEND)
    expect((await bob.next()).headers.seq).toBe(String(HEAD + 1))
  })

  it.each([
    ['0', [1, 2, 3, 4]],
    ['2', [3, 4]],
    ['3', [4]],
    ['003', [4]],
  ])('[L6] %s is given what comes after it', async (after, seqs) => {
    const { id, ann, bob } = await start()
    ann.send(listen(id, after))
    expect((await ann.next()).command).toBe('RECEIPT')
    bob.send(SEND)
    for (const seq of seqs) {
      expect((await ann.next()).headers).toMatchObject({ seq: String(seq), prev: String(seq - 1) })
    }
  })
})

describe.each([false, true])('the pages; after an eviction: %s', (evicted) => {
  it.each([
    [{ after: 3 }, [], null],
    [{ after: 4 }, [], null],
    [{ after: Number.MAX_SAFE_INTEGER }, [], null],
    [{ after: 2 }, [3], null],
    [{ after: 0, limit: 2 }, [1, 2], 2],
    [{ before: 0 }, [], null],
    [{ before: 1 }, [], null],
    [{ before: 3, limit: 1 }, [2], 2],
    [{ before: Number.MAX_SAFE_INTEGER, limit: 2 }, [2, 3], 2],
  ])('%j gives %j, then %j', async (query, seqs, next) => {
    const { stub } = await madeRoom()
    await fill(stub, HEAD)
    if (evicted) await evictDurableObject(stub)
    const events = seqs.map((seq) => ({ seq }))
    expect(await stub.events(principal('ann'), query)).toMatchObject({
      value: { events, head: HEAD, next },
    })
  })
})
