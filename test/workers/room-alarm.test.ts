// The alarm of the real object: when it is set, what it costs, and what it does after an eviction.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, it, vi } from 'vitest'
import { connected, madeRoom, open, patientRoom } from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

const BEATS = 'heart-beat:45000,45000\n'
const FIRST = 157_501

afterEach(() => void vi.useRealTimers())

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

const alarmOf = (stub: Stub) => runInDurableObject(stub, (_room, { storage }) => storage.getAlarm())

/** When the alarm is set for, once it is. */
const alarmSet = (stub: Stub) =>
  vi.waitFor(async () => {
    const at = await alarmOf(stub)
    if (at === null) throw new Error('no alarm')
    return at
  })

/** Ann listens to the signals and beats, Bob promised beats. */
async function watched() {
  const { id, stub } = await madeRoom()
  const ann = await connected(stub, 'ann', BEATS)
  const bob = await connected(stub, 'bob', BEATS)
  ann.send(`SUBSCRIBE\nid:who\ndestination:/topic/rooms/${id}\nreceipt:s\n\n\0`)
  for (let n = 0; n < 2; n++) await ann.next()
  return { stub, ann, bob }
}

it('[H1] rings three and a half beats after the room fell quiet, and finds it so after an eviction', async () => {
  const begun = Date.now()
  const { stub, ann } = await watched()
  const first = await alarmSet(stub)
  expect(first).toBeGreaterThanOrEqual(begun + FIRST)
  expect(first).toBeLessThanOrEqual(Date.now() + FIRST)

  await evictDurableObject(stub, { webSockets: 'hibernate' })
  // It rings early here, so nobody has been silent for long: it is set anew, and nobody is ended.
  expect(await runDurableObjectAlarm(stub)).toBe(true)
  expect(await alarmSet(stub)).toBeGreaterThanOrEqual(begun + FIRST)
  ann.send('UNSUBSCRIBE\nid:who\nreceipt:u\n\n\0')
  expect((await ann.next()).headers['receipt-id']).toBe('u')
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  expect(await runDurableObjectAlarm(stub)).toBe(true)
  expect(await alarmOf(stub)).toBeNull()
})

it('[C1] costs the messages of a room nothing: it is set once', async () => {
  const { stub, bob } = await watched()
  await alarmSet(stub)
  const cost = await spent(stub, async () => {
    for (let n = 0; n < 20; n++) {
      bob.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nhello\0')
      await bob.next()
      if (n % 5 === 0) await evictDurableObject(stub, { webSockets: 'hibernate' })
    }
  })
  expect(cost).toMatchObject({ messages: 20, rowsWritten: 20 })
})

it('[C2] is not set where nobody listens to the signals, whatever is asked', async () => {
  const { id, stub } = await madeRoom()
  for (const who of ['ann', 'bob']) {
    const client = await connected(stub, who, BEATS)
    client.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nreceipt:r\n\n\0`)
    await client.next()
  }
  await stub.members({ id: 'owner', name: 'Owner', roles: ['GENERAL'] }, {})
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  expect(await alarmOf(stub)).toBeNull()
})

it('[C2] [H1] backs off, though a work queue is looked at each time that the room wakes', async () => {
  const { id, stub } = await madeRoom()
  const patient = 'heart-beat:1000000,1000000\n'
  const owner = await connected(stub, 'owner', patient)
  const bob = await connected(stub, 'bob', patient)
  const begun = Date.now()
  for (const [client, destination] of [
    [owner, `/topic/rooms/${id}`],
    [bob, `/queue/rooms/${id}/jobs`],
  ] as const) {
    client.send(`SUBSCRIBE\nid:s\ndestination:${destination}\nreceipt:s\n\n\0`)
    expect((await client.next()).headers['receipt-id']).toBe('s')
  }
  const waits: number[] = []
  for (let n = 0; n < 3; n++) {
    const at = await alarmSet(stub)
    waits.push(Math.round((at - begun) / FIRST))
    await evictDurableObject(stub, { webSockets: 'hibernate' })
    vi.useFakeTimers({ toFake: ['Date'], now: at })
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    // What the room does by itself when it wakes is done in the next macrotask.
    await runInDurableObject(stub, () => new Promise((done) => setTimeout(done)))
  }
  expect(waits).toEqual([1, 5, 21])
})

it('is set though the room is never quiet: somebody opens a socket and says nothing', async () => {
  const { id, stub } = await patientRoom()
  await open(stub, 'carl')
  const ann = await connected(stub, 'ann', BEATS)
  await connected(stub, 'bob', BEATS)
  ann.send(`SUBSCRIBE\nid:who\ndestination:/topic/rooms/${id}\nreceipt:s\n\n\0`)
  expect((await ann.next()).headers['receipt-id']).toBe('s')
  expect(await alarmSet(stub)).toBeLessThanOrEqual(Date.now() + FIRST)
})

it('of a room that was deleted does nothing', async () => {
  const { stub } = await watched()
  await alarmSet(stub)
  await stub.delete({ id: 'owner', name: 'Owner', roles: ['GENERAL'] })
  await runDurableObjectAlarm(stub)
  expect(await alarmOf(stub)).toBeNull()
})
