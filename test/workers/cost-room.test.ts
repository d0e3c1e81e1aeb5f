// What it costs to have a room: to make it, to come and go, to be idle; what its meter keeps, and
// whom it tells.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { guarded } from '../../src/objects/room/storage/guarded-storage.ts'
import { Meter } from '../../src/objects/room/usage/meter.ts'
import { enter } from '../../src/objects/shared/sockets/admission.ts'
import { everything } from '../support/bad-storage.ts'
import { wait } from '../support/person-in-workerd.ts'
import {
  accessToken,
  type Client,
  connected,
  madeRoom,
  open,
  principal,
  SOMEBODY,
} from '../support/room-in-workerd.ts'
import { spent, usageOf } from '../support/spent.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const BAN = { type: 'ban', personId: 'bob', reason: 'spam' } as const

const MUTE = { type: 'mute', personId: 'bob', until: 4e12 } as const

const SEND = 'SEND\ndestination:/pub/send/message\n'

async function asked(client: Client, frame: string): Promise<void> {
  client.send(frame.replace('\n', '\nreceipt:r\n'))
  while ((await client.next()).headers['receipt-id'] !== 'r');
}

const say = (client: Client) => asked(client, `${SEND}\nx\0`)

/** Something that is not kept. */
const signal = (client: Client, room: string) =>
  asked(client, `SEND\ndestination:/topic/rooms/${room}/cursors\n\nx\0`)

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

const ticket = (id: string, seconds: number) => ({
  id,
  expiresAt: Math.floor(Date.now() / 1000) + seconds,
})

describe('a room', () => {
  it('that was just made has cost its tables', async () => {
    const { stub } = await madeRoom()
    const { since, activeSeconds, storageBytes, ...counts } = await usageOf(stub)
    expect(counts).toEqual({
      ...{ messages: 0, inboundMessages: 0, requests: 2, wakeUps: 1 },
      ...{ rowsRead: 33, rowsWritten: 29 },
    })
    expect(Date.now() - since).toBeLessThan(60_000)
    expect(activeSeconds).toBeLessThan(10)
    expect(storageBytes).toBeGreaterThan(10_000)
  })

  it('[C1] writes one row for a ticket used, and one for each that has ended a second ago', async () => {
    const { stub } = await madeRoom()
    const join = (id: string, seconds: number) => () => open(stub, id, ticket(id, seconds))
    const joined = { requests: 1, inboundMessages: 0, wakeUps: 0 }
    // The clock stands still: no ticket ends between two of these.
    wait(0)
    expect(await spent(stub, join('ann', -1))).toMatchObject({ ...joined, rowsWritten: 1 })
    expect(await spent(stub, join('zoe', 30))).toMatchObject({ ...joined, rowsWritten: 1 })
    wait(1000)
    expect(await spent(stub, join('bob', 30))).toMatchObject({ ...joined, rowsWritten: 2 })
    expect(await spent(stub, join('eve', 30))).toMatchObject({ ...joined, rowsWritten: 1 })
  })

  it.each([
    ['one row for the first entry of a person', false, 2],
    ['nothing for a member who enters', true, 1],
  ])('[C1] writes %s, and nothing for who goes', async (_what, isMember, rowsWritten) => {
    const { stub } = await madeRoom()
    if (isMember) await stub.join(principal('ann'))
    const bob = await connected(stub, 'bob')
    const cost = await spent(stub, async () => {
      const ann = await connected(stub, 'ann')
      ann.close()
      await ann.closed
      await say(bob)
    })
    expect(cost).toMatchObject({ requests: 1, inboundMessages: 2, rowsWritten, wakeUps: 0 })
  })

  it.each([
    ['a join', (stub: Stub) => stub.join(principal('ann')), 1],
    ['a leave', (stub: Stub) => stub.removeMember(principal('bob'), 'bob'), 1],
    // A removal, and all that follow, are an entry of the moderation log.
    ['a removal', (stub: Stub) => stub.removeMember(principal('owner'), 'bob'), 2],
    // The row of the member, and the event.
    ['a role', (stub: Stub) => stub.setRole(principal('owner'), 'bob', 'reader'), 3],
    ['a ban', (stub: Stub) => stub.moderate(principal('owner'), BAN), 3],
    ['a mute', (stub: Stub) => stub.moderate(principal('owner'), MUTE), 2],
    ['a hand-over', (stub: Stub) => stub.setRole(principal('owner'), 'bob', 'owner'), 7],
    // The directory has heard of it: that is one more.
    ['a name', (stub: Stub) => stub.change(principal('owner'), { name: 'new' }), 4],
  ])('[C1] writes for %s as many rows as it changes', async (_what, work, rowsWritten) => {
    const { stub } = await madeRoom()
    await stub.join(principal('bob'))
    expect(await spent(stub, async () => void (await work(stub)))).toMatchObject({ rowsWritten })
    expect(await spent(stub, async () => void (await work(stub)))).toMatchObject({ rowsWritten: 0 })
  })

  it('[C1] writes one row for an invitation, two for its use, and none for a member', async () => {
    const { stub } = await madeRoom()
    const wish = { digest: 'd', expiresIn: 60, uses: 1 }
    const rows = async (work: () => Promise<unknown>) =>
      (await spent(stub, async () => void (await work()))).rowsWritten
    expect(await rows(() => stub.invite(principal('owner'), wish))).toBe(1)
    expect(await rows(() => stub.invite(principal('eve'), { ...wish, digest: 'e' }))).toBe(0)
    expect(await rows(() => stub.showInvitation('d'))).toBe(0)
    expect(await rows(() => stub.useInvitation(principal('ann'), 'd'))).toBe(2)
    expect(await rows(() => stub.useInvitation(principal('ann'), 'd'))).toBe(0)
    expect(await rows(() => stub.useInvitation(principal('bob'), 'd'))).toBe(0)
  })

  it.each([false, true])('[H2][C2] is not there for heart-beats; evicted: %s', async (evicted) => {
    const { stub } = await madeRoom()
    const bob = await connected(stub, 'bob')
    await say(bob)
    const signIn = { sessionId: 's', version: 1 }
    const admission = {
      principal: principal('ann'),
      ...signIn,
      visitId: 'e',
      protocol: 'v12.stomp',
    }
    const answer = await enter(stub, { ...admission, ticket: undefined })
    if (!(answer instanceof Response) || !answer.webSocket) throw new Error('no WebSocket came')
    const ann = answer.webSocket
    ann.accept()
    const hears = (frame: string, times: number) =>
      new Promise<void>((resolve) => {
        let heard = 0
        ann.addEventListener('message', ({ data }) => {
          if (String(data).startsWith(frame) && ++heard === times) resolve()
        })
      })
    ann.send(`CONNECT\naccept-version:1.2\npasscode:${await accessToken('ann')}\n\n\0`)
    await hears('CONNECTED', 1)
    const echoed = hears('\n', 80)
    const before = await usageOf(stub)
    if (evicted) await evictDurableObject(stub)
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    for (let beat = 0; beat < 80; beat++) ann.send('\n')
    await echoed
    expect(log.mock.calls).toEqual([])
    const after = await usageOf(stub)
    // The question itself wakes the room, where it was away.
    expect({ ...after, rowsRead: 0, activeSeconds: 0 }).toEqual({
      ...{ ...before, rowsRead: 0, activeSeconds: 0 },
      requests: before.requests + 1,
      wakeUps: before.wakeUps + (evicted ? 1 : 0),
    })
  })

  it('[C1] writes no line for a message', async () => {
    const { id, stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    const lines = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    )
    await asked(bob, `SUBSCRIBE\nid:l\ndestination:/topic/chat/room/${id}\n\n\0`)
    for (let n = 0; n < 20; n++) await say(ann)
    await asked(ann, 'SEND\ndestination:/pub/edit/message\n\n{"seq":1,"content":"y"}\0')
    await signal(ann, id)
    expect(lines.flatMap(({ mock }) => mock.calls)).toEqual([])
  })
})

describe('the meter', () => {
  it('knows the rows of a cursor once it was read', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => {
      const meter = new Meter()
      const { sql } = guarded(storage, meter)
      sql.exec('CREATE TABLE three (n INTEGER PRIMARY KEY) STRICT')
      sql.exec('INSERT INTO three VALUES (1), (2), (3)')
      const { rowsRead, rowsWritten } = meter.counts()
      const cursor = sql.exec('SELECT n FROM three')
      expect(cursor.rowsRead).toBeLessThan(3)
      expect([...cursor]).toHaveLength(3)
      expect(meter.counts()).toMatchObject({ rowsRead: rowsRead + 3, rowsWritten })
    })
  })

  it('[H1] loses nothing when the room is evicted with its sockets, and writes nothing for it', async () => {
    const { id, stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    await say(ann)
    const kept = await everything(stub)
    for (const client of [bob, ann, bob]) {
      await signal(client, id)
      const before = await usageOf(stub)
      await evictDurableObject(stub)
      const after = await usageOf(stub)
      expect({ ...after, rowsRead: 0, activeSeconds: 0 }).toEqual({
        ...{ ...before, rowsRead: 0, activeSeconds: 0 },
        requests: before.requests + 1,
        wakeUps: before.wakeUps + 1,
      })
      expect(after.activeSeconds).toBeGreaterThanOrEqual(before.activeSeconds)
    }
    expect(await everything(stub)).toEqual(kept)
    // Nor when the socket that carries it goes.
    for (const client of [ann, bob]) {
      await evictDurableObject(stub)
      client.close()
      await client.closed
      expect((await usageOf(stub)).inboundMessages).toBe(6)
    }
  })

  const storedInbound = (stub: DurableObjectStub<undefined>) =>
    runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const { meter } = sql.exec<{ meter: string }>('SELECT meter FROM room').one()
      return Number(meter.split(' ')[2])
    })

  /** The row of the room was written last so many milliseconds ago. */
  const age = (stub: DurableObjectStub<undefined>, ms: number) =>
    runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const { meter } = sql.exec<{ meter: string }>('SELECT meter FROM room').one()
      const counts = meter.split(' ')
      sql.exec('UPDATE room SET meter = ?', counts.with(8, String(Date.now() - ms)).join(' '))
    })

  it('[C1] writes at most one row a minute, and one for 20 messages', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    const talk = async (times: number) => {
      for (let n = 0; n < times; n++) await say(ann)
    }
    expect(await spent(stub, () => talk(18))).toMatchObject({ rowsWritten: 18 })
    await age(stub, 60_000)
    await evictDurableObject(stub)
    // CONNECT is a message too.
    expect(await spent(stub, () => talk(1))).toMatchObject({ rowsWritten: 2 })
    expect(await spent(stub, () => talk(21))).toMatchObject({ rowsWritten: 21 })
    await evictDurableObject(stub)
    expect(await spent(stub, () => talk(1))).toMatchObject({ rowsWritten: 1 })
  })

  it.each([
    ['loses what came since when all sockets are lost with the room', 1000, 0],
    ['is written when the last socket goes', 60_000, 2],
  ])('%s', async (_what, ms, inboundMessages) => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await age(stub, ms)
    await evictDurableObject(stub)
    await say(ann)
    const { since } = await usageOf(stub)
    ann.close()
    await ann.closed
    await expect.poll(() => storedInbound(stub)).toBe(inboundMessages)
    await evictDurableObject(stub, { webSockets: 'close' })
    expect(await usageOf(stub)).toMatchObject({ since, inboundMessages })
  })

  it('goes on from the counts of the version before, in the row of an event', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    await say(ann)
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec("UPDATE room SET meter = '7 0 1 2 1 0 0 0'")
      sql.exec("UPDATE events SET meter = '7 30 500 20 10 0 9000 8000'")
    })
    ann.close()
    await ann.closed
    await evictDurableObject(stub, { webSockets: 'close' })
    const usage = await usageOf(stub)
    expect(usage).toMatchObject({ since: 7, messages: 30, inboundMessages: 500, requests: 21 })
  })
})

describe('what a room has cost', () => {
  it('[A2] is told to its owner and to administrators', async () => {
    const { stub } = await madeRoom()
    await stub.setRole(principal('owner'), 'eve', 'banned', undefined, SOMEBODY)
    await stub.setRole(principal('owner'), 'mod', 'moderator', undefined, SOMEBODY)
    for (const [id, refused] of [
      ['ann', 'not-allowed'],
      ['mod', 'not-allowed'],
      ['eve', 'banned'],
    ] as const) {
      expect(await stub.cost(principal(id))).toMatchObject({ refused })
    }
    const root = { ...principal('root'), roles: ['GENERAL', 'ADMIN'] }
    expect(await stub.cost(root)).toMatchObject({ value: { messages: 0 } })
    const nowhere = env.ROOM.get(env.ROOM.idFromName('nobody made this'))
    expect(await nowhere.cost(principal('owner'))).toEqual({ refused: 'room-unknown' })
  })
})
