// Messages without a WebSocket, in the real object: what they cost, and that memory is a cache.

import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { RoomRequest } from '../../src/contract.ts'
import type { RoomObject } from '../../src/objects/room/object.ts'
import {
  connected,
  heardUntil,
  madeRoom,
  principal,
  SOMEBODY,
  upTo,
} from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

type Stub = Pick<DurableObjectStub<RoomObject>, 'execute'>

/** The seq that a request is answered with, or the code of its refusal. */
async function ask(stub: Stub, request: RoomRequest, by = 'ann') {
  const answer = await stub.execute(principal(by), request)
  return 'refused' in answer ? answer.refused : answer.value.seq
}

const message = (content: string, more = {}): RoomRequest => ({ type: 'message', content, ...more })

const send = (content: string, more = '') =>
  `SEND\ndestination:/pub/send/message\nreceipt:r\n${more}\n${content}\0`

const COSTS: readonly [RoomRequest, result: number | string | undefined, rows: number][] = [
  [message('one'), 1, 1],
  [message('two', { replyTo: 1, idempotencyKey: 'k' }), 2, 1],
  [message('two', { replyTo: 1, idempotencyKey: 'k' }), 2, 0],
  [message('three', { idempotencyKey: 'k' }), 'key-reused', 0],
  [{ type: 'edit', seq: 1, content: 'One' }, 3, 2],
  [{ type: 'edit', seq: 1, content: 'One' }, 3, 0],
  [{ type: 'edit', seq: 9, content: 'x' }, 'event-unknown', 0],
  [{ type: 'reaction', seq: 1, reaction: '👍', on: true }, 4, 2],
  [{ type: 'reaction', seq: 1, reaction: '👍', on: true }, 4, 0],
  [{ type: 'reaction', seq: 1, reaction: '👍', on: false }, 5, 2],
  [{ type: 'reaction', seq: 1, reaction: '' }, 'body-invalid', 0],
  // The row of the member, where it moves.
  [{ type: 'read', seq: 4 }, undefined, 1],
  [{ type: 'read', seq: 4 }, undefined, 0],
  [{ type: 'read', seq: 3 }, undefined, 0],
  [{ type: 'read', seq: 6 }, 'event-unknown', 0],
  // The event, the message, and its edit.
  [{ type: 'delete', seq: 1 }, 6, 3],
  [{ type: 'delete', seq: 1 }, 6, 0],
  [message('x'.repeat(9000)), 'content-too-large', 0],
  [message('x', { idempotencyKey: 'k'.repeat(129) }), 'header-invalid', 0],
]

describe('a pin over HTTP', () => {
  it.each([false, true])('[C1] [H1] [M1] writes two rows, evicted: %s', async (evicted) => {
    const { stub } = await madeRoom()
    const owner = principal('owner')
    for (const who of [principal('ann'), owner]) await stub.join(who)
    for (const [request, by, result, rows] of [
      [message('one'), 'ann', 1, 1],
      [{ type: 'pin', seq: 1 }, 'ann', 'not-allowed', 0],
      [{ type: 'pin', seq: 1 }, 'owner', 2, 2],
      [{ type: 'pin', seq: 1 }, 'owner', 2, 0],
      [{ type: 'pin', seq: 2 }, 'owner', 'event-unknown', 0],
      [{ type: 'unpin', seq: 1, idempotencyKey: 'k' }, 'owner', 3, 2],
      [{ type: 'unpin', seq: 1, idempotencyKey: 'k' }, 'owner', 3, 0],
      [{ type: 'pin', seq: 1 }, 'owner', 4, 2],
    ] as const) {
      if (evicted) await evictDurableObject(stub)
      const cost = await spent(stub, async () => {
        expect(await ask(stub, request, by)).toBe(result)
      })
      expect([request, cost]).toMatchObject([request, { rowsWritten: rows }])
    }
    if (evicted) await evictDurableObject(stub)
    const pins = [{ seq: 4, type: 'pinned', target: 1, message: { content: 'one' } }]
    expect(await stub.pins(principal('ann'))).toMatchObject({ value: { pins, head: 4 } })
    await ask(stub, { type: 'delete', seq: 1 }, 'ann')
    if (evicted) await evictDurableObject(stub)
    expect(await stub.pins(owner)).toEqual({ value: { pins: [], head: 5 } })
    await stub.setRole(owner, 'bob', 'banned', undefined, SOMEBODY)
    expect(await stub.pins(principal('bob'))).toEqual({ refused: 'banned' })
  })

  it('[R3] that cannot be written is none, also in memory', async () => {
    const { stub } = await madeRoom()
    await ask(stub, message('one'))
    const run = (sql: string) =>
      runInDurableObject(stub, (_room, { storage }) => void storage.sql.exec(sql))
    await run(`CREATE TRIGGER full BEFORE UPDATE OF pins ON room
               BEGIN SELECT RAISE(ABORT, 'full'); END`)
    expect(await ask(stub, { type: 'pin', seq: 1 }, 'owner')).toBe('unavailable')
    await run('DROP TRIGGER full')
    expect(await stub.pins(principal('ann'))).toEqual({ value: { pins: [], head: 1 } })
    expect(await ask(stub, { type: 'pin', seq: 1 }, 'owner')).toBe(2)
  })
})

describe('a message over HTTP', () => {
  it.each([false, true])('[C1] [H1] writes the rows of its SEND, evicted: %s', async (evicted) => {
    const { stub } = await madeRoom()
    await stub.join(principal('ann'))
    for (const [request, result, rows] of COSTS) {
      if (evicted) await evictDurableObject(stub)
      const cost = await spent(stub, async () => {
        expect(await ask(stub, request)).toBe(result)
      })
      expect([request, cost]).toMatchObject([request, { rowsWritten: rows, requests: 1 }])
    }
  })

  it('says what is wrong with it', async () => {
    const { stub } = await madeRoom()
    const answer = await stub.execute(principal('ann'), message('x'.repeat(8193)))
    expect(answer).toEqual({
      refused: 'content-too-large',
      detail: '8193 bytes, the limit is 8192',
    })
  })

  it.each([false, true])(
    '[L1] [L5] is one log and one key with STOMP, evicted: %s',
    async (evicted) => {
      const { id, stub } = await madeRoom()
      const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
      bob.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nreceipt:s\n\n\0`)
      await bob.next()
      const pause = async () => {
        if (evicted) await evictDurableObject(stub, { webSockets: 'hibernate' })
      }
      for (const seq of [1, 3, 5]) {
        const key = `k${seq}`
        expect(await ask(stub, message(`over HTTP ${seq}`, { idempotencyKey: key }))).toBe(seq)
        await pause()
        ann.send(send(`over HTTP ${seq}`, `idempotency-key:${key}\n`))
        expect((await ann.next()).headers.seq).toBe(String(seq))
        await pause()
        ann.send(send('over STOMP', `idempotency-key:${key}+\n`))
        expect((await ann.next()).headers.seq).toBe(String(seq + 1))
        await pause()
        const again = message('over STOMP', { idempotencyKey: `${key}+` })
        expect(await ask(stub, again)).toBe(seq + 1)
        await pause()
      }
      expect(await heardUntil(bob, 6)).toEqual(upTo(6))
    },
  )

  it('[L5] races its SEND under the same key: one event', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    for (const seq of upTo(10)) {
      const key = `k${seq}`
      ann.send(send('x', `idempotency-key:${key}\n`))
      const [over, heard, again] = await Promise.all([
        ask(stub, message('x', { idempotencyKey: key })),
        ann.next(),
        ask(stub, message('x', { idempotencyKey: key })),
      ])
      expect([over, Number(heard.headers.seq), again]).toEqual([seq, seq, seq])
    }
  })

  it('[L3] [L5] that was answered is there after a crash, under its key', async () => {
    const { id, stub } = await madeRoom()
    const request = message('kept', { idempotencyKey: 'k' })
    expect(await ask(stub, request)).toBe(1)
    await abortAllDurableObjects()
    const restarted = env.ROOM.get(env.ROOM.idFromName(id))
    expect(await ask(restarted, request)).toBe(1)
    const page = await restarted.events(principal('ann'), {})
    expect(page).toMatchObject({ value: { head: 1, events: [{ seq: 1, content: 'kept' }] } })
  })

  it('[R3] [D11] that cannot be written is no event, and its key is good again', async () => {
    const { stub } = await madeRoom()
    const trigger = (sql: string) =>
      runInDurableObject(stub, (_room, { storage }) => void storage.sql.exec(sql))
    const request = message('x', { idempotencyKey: 'k' })
    await trigger(`CREATE TRIGGER full BEFORE INSERT ON events
                   BEGIN SELECT RAISE(ABORT, 'full'); END`)
    expect(await ask(stub, request)).toBe('unavailable')
    await trigger('DROP TRIGGER full')
    expect(await ask(stub, request)).toBe(1)
  })

  it('[A2] of the banned is refused in the turn after the ban', async () => {
    const { stub } = await madeRoom()
    expect(await ask(stub, message('x'), 'bob')).toBe(1)
    const [, refused] = await Promise.all([
      stub.setRole(principal('owner'), 'bob', 'banned', undefined, SOMEBODY),
      ask(stub, message('y'), 'bob'),
    ])
    expect(refused).toBe('banned')
  })

  it('to a room that is not there is refused, and makes none', async () => {
    const stub = env.ROOM.get(env.ROOM.idFromName('z'.repeat(20)))
    expect(await ask(stub, message('x'))).toBe('room-unknown')
    await runInDurableObject(stub, (_room, { storage }) => {
      const tables = "SELECT name FROM sqlite_master WHERE name = 'events'"
      expect(storage.sql.exec(tables).toArray()).toEqual([])
    })
  })
})
