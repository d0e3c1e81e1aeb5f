// A room that is deleted while people are in it, whatever they are doing: each is told not to come
// back, and nothing of the room is there afterwards, nor comes again.

import { evictDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everything, fill } from '../support/bad-storage.ts'
import {
  accessToken,
  type Client,
  connected,
  madeRoom,
  open,
  principal,
} from '../support/room-in-workerd.ts'

/** All that is left of a room. */
const TOMBSTONE = { room: [], storage_version: [{ version: 1_000_000_000 }] }

const GONE = { code: 4504, reason: 'room-deleted' }

let logged: ReturnType<typeof vi.spyOn>

beforeEach(() => {
  logged = vi.spyOn(console, 'error')
})

afterEach(() => {
  vi.restoreAllMocks()
})

const send = (destination: string, headers = '', body = 'x') =>
  `SEND\ndestination:${destination}\n${headers}\n${body}\0`
const MESSAGE = '/pub/send/message'

interface Scene {
  readonly id: string
  readonly stub: Awaited<ReturnType<typeof madeRoom>>['stub']
  readonly log: string
  readonly queue: string
}

type Doing = (scene: Scene) => Promise<Client>

/**
 * Somebody who is in the room, and does what the name says. Nothing is evicted while a deadline
 * runs.
 */
const WITH_DEADLINE: Record<string, Doing> = {
  'is silent before CONNECT': async ({ stub }) => {
    const client = await open(stub, 'ann')
    if (typeof client === 'string') throw new Error(client)
    return client
  },
  'is in the middle of a frame': async ({ stub }) => {
    const ann = await connected(stub, 'ann')
    ann.send(`${send(MESSAGE, 'receipt:r\n')}SEND\ndestination:${MESSAGE}\n`)
    await ann.next()
    return ann
  },
}
const WITHOUT: Record<string, Doing> = {
  'listens to everything': async ({ id, stub, log, queue: jobs }) => {
    const queue = `${jobs}-of-another-kind`
    const ann = await connected(stub, 'ann')
    for (const destination of [log, queue, `/topic/rooms/${id}/cursors`, '/user/queue/errors']) {
      ann.send(`SUBSCRIBE\nid:${destination}\ndestination:${destination}\nreceipt:r\n\n\0`)
      await ann.next()
    }
    return ann
  },
  'is in the middle of a transaction': async ({ stub }) => {
    const ann = await connected(stub, 'ann')
    ann.send(`BEGIN\ntransaction:t\n\n\0${send(MESSAGE, 'transaction:t\nreceipt:r\n')}`)
    await ann.next()
    return ann
  },
  'has work that it did not acknowledge': async ({ stub, queue }) => {
    const ann = await connected(stub, 'ann')
    ann.send(`SUBSCRIBE\nid:q\ndestination:${queue}\nack:client\n\n\0${send(queue)}${send(queue)}`)
    for (let jobs = 0; jobs < 2; jobs++) await ann.next()
    return ann
  },
  'waits for a token to be verified': async ({ stub }) => {
    const ann = await connected(stub, 'ann')
    const token = await accessToken('ann', Date.now() + 5000)
    ann.send(send(MESSAGE, `Authorization:Bearer ${token}\n`))
    return ann
  },
}

/** What a client hears until its ERROR. */
async function heard(client: Client): Promise<string[]> {
  const seqs: string[] = []
  for (;;) {
    const { command, headers } = await client.next()
    if (command === 'ERROR') return [...seqs, headers.code ?? '']
    if (headers.seq !== undefined && command === 'MESSAGE') seqs.push(headers.seq)
  }
}

describe.each([false, true])('a room is deleted, after an eviction: %s', (evicted) => {
  const doings = { ...WITHOUT, ...(evicted ? {} : WITH_DEADLINE) }

  async function start(messages = 0): Promise<Scene> {
    const { id, stub } = await madeRoom()
    await fill(stub, messages)
    return { id, stub, log: `/topic/chat/room/${id}`, queue: `/queue/rooms/${id}/jobs` }
  }

  /**
   * Nothing is stored, no bug was logged, nobody gets in, and what still comes makes nothing of it.
   */
  async function expectGone({ stub }: Scene, clients: readonly Client[]): Promise<void> {
    for (const client of clients) {
      expect(await client.closed).toEqual(GONE)
      try {
        client.send(send(MESSAGE))
      } catch {
        // The socket is closed on this side already.
      }
    }
    expect(await open(stub, 'bob')).toBe('room-unknown')
    expect(await stub.show(principal('owner'))).toEqual({ refused: 'room-unknown' })
    expect(await stub.events(principal('owner'), {})).toEqual({ refused: 'room-unknown' })
    expect(await everything(stub)).toEqual(TOMBSTONE)
    await evictDurableObject(stub)
    expect(await everything(stub)).toEqual(TOMBSTONE)
    expect(logged).not.toHaveBeenCalled()
  }

  it.each(Object.entries(doings))('[R1] while somebody %s', async (_name, enter) => {
    const scene = await start()
    const ann = await enter(scene)
    if (evicted) await evictDurableObject(scene.stub)
    expect(await scene.stub.delete(principal('owner'))).toEqual({ value: null })
    expect((await heard(ann)).at(-1)).toBe('room-deleted')
    await expectGone(scene, [ann])
  })

  it('[R1][L2] while somebody catches up: what was heard has no hole', async () => {
    const scene = await start(2000)
    const ann = await connected(scene.stub, 'ann')
    ann.send(`SUBSCRIBE\nid:log\ndestination:${scene.log}\nafter:0\n\n\0`)
    await ann.next()
    if (evicted) await evictDurableObject(scene.stub)
    await scene.stub.delete(principal('owner'))
    const seqs = await heard(ann)
    expect(seqs.pop()).toBe('room-deleted')
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => String(index + 2)))
    await expectGone(scene, [ann])
  })

  it('[R1] while all of them are there at once', async () => {
    const scene = await start(10)
    const clients = []
    for (const enter of Object.values(doings)) clients.push(await enter(scene))
    if (evicted) await evictDurableObject(scene.stub)
    await scene.stub.delete(principal('owner'))
    for (const client of clients) expect((await heard(client)).at(-1)).toBe('room-deleted')
    await expectGone(scene, clients)
  })

  it('[A2] by its owner only: to the others nothing happens', async () => {
    const scene = await start(1)
    const ann = await connected(scene.stub, 'ann')
    if (evicted) await evictDurableObject(scene.stub)
    const before = await everything(scene.stub)
    expect(await scene.stub.delete(principal('ann'))).toMatchObject({ refused: 'not-allowed' })
    expect(await everything(scene.stub)).toEqual(before)
    ann.send(send(MESSAGE, 'receipt:r\n'))
    expect((await ann.next()).headers.seq).toBe('2')
  })
})
