// One guest does its worst to a room: it is told to go, and costs no more than it may.

import { evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectServed, refused, TIMEOUT } from '../support/flooded-room.ts'
import { connected, heardUntil, madeRoom, patientRoom, upTo } from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

/** Messages in a room, by people who may each say SEND_BURST at once. */
async function roomWith(messages: number) {
  const { id, stub } = await madeRoom()
  for (let said = 0; said < messages; said += 50) {
    const client = await connected(stub, `p${said}`)
    client.send(
      `SEND\ndestination:/pub/send/message\nreceipt:r\n\n${'x'.repeat(1000)}\0`.repeat(50),
    )
    for (let n = 0; n < 50; n++) await client.next()
    client.close()
  }
  return { id, stub, log: `/topic/chat/room/${id}` }
}

describe('a flood of messages of one byte', { timeout: TIMEOUT }, () => {
  // What a connection may send comes back with time, of which a slow machine needs much.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  // test/deep/workers/floods.test.ts has all kinds of them.
  it('[R4] ends its connection', async () => {
    const { stub } = await patientRoom()
    const client = await connected(stub, 'ann')
    client.send('SEND\na:')
    for (let n = 0; n < 6000; n++) client.send('x')
    expect(await refused(client)).toBe('too-many-frames')
    await client.closed
    await expectServed(stub)
  })
})

describe('a replay', () => {
  it('[R4] asked for and given up 500 times costs its guest the connection, and the room little', async () => {
    const { stub, log } = await roomWith(600)
    const guest = await connected(stub, 'ann')
    const pairs = upTo(500).map(
      (n) => `SUBSCRIBE\nid:${n}\ndestination:${log}\nafter:0\n\n\0UNSUBSCRIBE\nid:${n}\n\n\0`,
    )
    const cost = await spent(stub, async () => {
      guest.send(pairs.join(''))
      expect(await refused(guest)).toBe('too-many-frames')
      await guest.closed
    })
    // One stretch of the log is read, and not one for each pair.
    expect(cost.rowsRead).toBeLessThan(1500)
    expect(cost.rowsWritten).toBe(0)
    await expectServed(stub)
  })

  it('[R4] [L6] [H1] to 40 readers at once is whole for each, evicted on the way or not', async () => {
    const { stub, log } = await roomWith(600)
    const readers = await Promise.all(upTo(40).map((n) => connected(stub, `r${n}`)))
    for (const reader of readers)
      reader.send(`SUBSCRIBE\nid:log\ndestination:${log}\nafter:0\n\n\0`)
    await evictDurableObject(stub, { webSockets: 'hibernate' })
    await expectServed(stub)
    for (const reader of readers) expect(await heardUntil(reader, 601)).toEqual(upTo(601))
  })
})

describe('a transaction that is aborted', () => {
  it('[R4] [R3] [C1] writes no more rows than its sender may send messages, and two each', async () => {
    const { stub } = await madeRoom()
    const guest = await connected(stub, 'ann')
    const frame = 'SEND\ndestination:/pub/typing\ntransaction:t\n\n{"typing":false}\0'
    const one = `BEGIN\ntransaction:t\n\n\0${frame.repeat(98)}ABORT\ntransaction:t\n\n\0`
    const cost = await spent(stub, async () => {
      guest.send(one.repeat(8))
      expect(await refused(guest)).toBe('too-fast')
      await guest.closed
      await expectServed(stub)
    })
    expect(cost.rowsWritten).toBeLessThanOrEqual(2 * 55 + 1)
  })
})
