// A room that wakes up, or comes to an end of something, while its storage fails: nobody is left
// behind for ever, and nothing of what was lost comes back.

import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everything, failing, fill, leaveBehind, mend } from '../support/bad-storage.ts'
import {
  connected,
  heardUntil,
  madeRoom,
  open,
  principal,
  upTo,
} from '../support/room-in-workerd.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const send = (content: string, headers = 'receipt:r\n') =>
  `SEND\ndestination:/pub/send/message\n${headers}\n${content}\0`
const listen = (id: string) =>
  `SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nreceipt:s\n\n\0`
const UNAVAILABLE = { code: 1013, reason: 'unavailable' }

describe('a room that cannot wake up', () => {
  const WAKING = /SELECT DISTINCT session/

  it('[R1][R3] closes the connection that spoke, reads nothing more of it, and wakes up later', async () => {
    const { stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    await evictDurableObject(stub)
    await failing(stub, WAKING)
    ann.send(send('one'))
    expect(await ann.closed).toEqual(UNAVAILABLE)
    await mend(stub)
    bob.send(send('two'))
    expect((await bob.next()).headers.seq).toBe('1')
    expect(await stub.events(principal('bob'), {})).toMatchObject({
      value: { head: 1, events: [{ content: 'two' }] },
    })
  })

  it('[R3] does not store the second of two messages whose first it could not', async () => {
    const { stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    await evictDurableObject(stub)
    await failing(stub, WAKING, { times: 1 })
    ann.send(send('one'))
    ann.send(send('two'))
    expect(await ann.closed).toEqual(UNAVAILABLE)
    bob.send(send('three'))
    expect((await bob.next()).headers.seq).toBe('1')
  })

  it('[L6][STOMP K6] goes on with who was behind, and forgets what was begun by those who are gone', async () => {
    const { id, stub } = await madeRoom()
    await fill(stub, 1000)
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    bob.send(listen(id))
    await bob.next()
    await leaveBehind(stub)
    await evictDurableObject(stub)
    await failing(stub, WAKING, { times: 1 })
    ann.send(send('lost'))
    expect(await ann.closed).toEqual(UNAVAILABLE)
    const cem = await connected(stub, 'cem')
    expect(await heardUntil(bob, 1000)).toEqual(upTo(1000))
    cem.send(send('more'))
    expect(await heardUntil(bob, 1001)).toEqual([1001])
    expect((await everything(stub)).transaction_frames).toEqual([])
  })
})

describe('a room of which nothing can be read', () => {
  it('[R1][R3] says so to whoever speaks, and starts anew', async () => {
    const { id, stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await failing(stub, /./)
    ann.send(send('x'))
    expect(await ann.closed).toEqual(UNAVAILABLE)
    // No `mend`: what fails is of the object that was.
    const comeIn = () => open(env.ROOM.get(env.ROOM.idFromName(id)), 'bob').catch(String)
    await expect.poll(comeIn).not.toBeTypeOf('string')
    expect(await env.ROOM.get(env.ROOM.idFromName(id)).events(principal('bob'), {})).toMatchObject({
      value: { head: 0 },
    })
  })
})

describe('the end of a connection', () => {
  it('[STOMP K6] comes though its transaction cannot be removed, and the others are told', async () => {
    const { id, stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    ann.send(`BEGIN\ntransaction:t\n\n\0${send('kept', 'transaction:t\nreceipt:r\n')}`)
    await ann.next()
    bob.send(`SUBSCRIBE\nid:who\ndestination:/topic/rooms/${id}\n\n\0`)
    expect((await bob.next()).body).toContain('"presence"')
    await failing(stub, /DELETE FROM transaction_frames/)
    ann.close()
    expect(JSON.parse((await bob.next()).body)).toMatchObject({ type: 'left', user: { id: 'ann' } })
    await evictDurableObject(stub)
    bob.send(send('x'))
    expect((await bob.next()).headers.seq).toBe('1')
    expect((await everything(stub)).transaction_frames).toEqual([])
  })
})
