// The open list of rooms: its snapshot, and what it is told of each room.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import type { AccountEnv } from '../../src/objects/account/holder.ts'
import { RoomGlances } from '../../src/objects/account/room-glances.ts'
import { RoomObject } from '../../src/objects/room/object.ts'
import {
  bodyOf,
  connectedList,
  openList,
  subscribeFrame,
  told,
} from '../support/list-in-workerd.ts'
import { somebody } from '../support/own-list-in-workerd.ts'
import { granted } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'

const OWNER = principal('owner')

quiet()

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

const say = async (stub: Stub, content: string, by = OWNER) =>
  granted(await stub.execute(by, { type: 'message', content }))

const idsOf = ({ rooms }: { rooms: { id: string }[] }) => rooms.map(({ id }) => id)

describe.each([false, true])('[H1] a list, its account evicted: %s', (isEvicted) => {
  const pause = async ({ stub }: { stub: DurableObjectStub<undefined> }) => {
    if (isEvicted) await evictDurableObject(stub, { webSockets: 'hibernate' })
  }

  it('[U1] begins with all rooms, those where something was said last first', async () => {
    const ann = await somebody()
    const [first, second, silent] = [await madeRoom(), await madeRoom(), await madeRoom()]
    for (const { stub } of [first, second, silent]) granted(await stub.join(ann.by))
    await say(second.stub, 'one')
    await say(first.stub, '@아 two')
    await pause(ann)
    const { client, snapshot } = await openList(ann.grant)
    expect([snapshot.type, snapshot.total, snapshot.next]).toEqual(['rooms', 3, null])
    expect(snapshot.rooms[0]).toEqual({
      ...{ id: first.id, name: 'a room', kind: 'public', role: 'writer' },
      joinedAt: expect.stringMatching(/^20.*Z$/),
      ...{ muted: false, level: 'all' },
      ...{ head: 1, messages: 1, unread: 1, mentions: 0, readSeq: 0 },
      last: {
        seq: 1,
        at: expect.stringMatching(/^20.*Z$/),
        sender: { id: 'owner', name: 'OWNER' },
        preview: '@아 two',
      },
    })
    expect(idsOf(snapshot).sort()).toEqual([first.id, second.id, silent.id].sort())
    expect(idsOf(snapshot).indexOf(first.id)).toBeLessThan(idsOf(snapshot).indexOf(second.id))
    await pause(ann)
    client.send('UNSUBSCRIBE\nid:list\nreceipt:u\n\n\0')
    expect((await client.next()).command).toBe('RECEIPT')
    await say(first.stub, 'not told')
    client.send('DISCONNECT\nreceipt:d\n\n\0')
    expect((await client.next()).headers['receipt-id']).toBe('d')
  })

  it('widens, and the RECEIPT comes before the snapshot', async () => {
    const ann = await somebody()
    const rooms = [await madeRoom(), await madeRoom(), await madeRoom()]
    for (const { stub } of rooms) granted(await stub.join(ann.by))
    const { client, snapshot } = await openList(ann.grant, 1)
    expect([snapshot.rooms.length, snapshot.total, snapshot.next]).toEqual([1, 3, 2])
    await pause(ann)
    client.send('SEND\ndestination:/app/rooms\nreceipt:r\n\n{"limit":2}\0')
    expect(await client.next()).toMatchObject({ command: 'RECEIPT' })
    const wider = await told(client, 'rooms')
    expect([wider.rooms.length, wider.total, wider.next]).toEqual([2, 3, 3 + 1])
  })

  it('is told of a room that is joined, and of one that is not any more', async () => {
    const ann = await somebody()
    const { client } = await openList(ann.grant)
    const { id, stub } = await madeRoom()
    await pause(ann)
    granted(await stub.join(ann.by))
    expect(await told(client, 'room')).toMatchObject({ id, role: 'writer', unread: 0, head: 0 })
    await pause(ann)
    granted(await stub.setRole(OWNER, ann.id, 'moderator'))
    expect(await told(client, 'room')).toMatchObject({ id, role: 'moderator' })
    await pause(ann)
    granted(await stub.removeMember(ann.by, ann.id))
    expect(await told(client, 'room-gone')).toEqual({ type: 'room-gone', id, why: 'left' })
  })

  const GONE: [why: string, end: (stub: Stub, id: string) => Promise<unknown>][] = [
    ['kicked', (stub, id) => stub.removeMember(OWNER, id)],
    ['banned', (stub, id) => stub.setRole(OWNER, id, 'banned')],
    ['deleted', (stub) => stub.delete(OWNER)],
  ]

  it.each(GONE)('is told that a room is gone: %s', async (why, end) => {
    const ann = await somebody()
    const { id, stub } = await madeRoom()
    granted(await stub.join(ann.by))
    const { client, snapshot } = await openList(ann.grant)
    expect(idsOf(snapshot)).toEqual([id])
    await pause(ann)
    granted<unknown>((await end(stub, ann.id)) as { value: unknown })
    expect(await told(client, 'room-gone')).toEqual({ type: 'room-gone', id, why })
  })

  it('[P1] is told of no room that the person does not list', async () => {
    const ann = await somebody()
    const { client } = await openList(ann.grant)
    const { id, stub } = await madeRoom()
    await pause(ann)
    const glance = { id, name: 'secret', kind: 'private', role: 'writer', joinedAt: 1 } as const
    const counts = { head: 9, messages: 9, unread: 9, mentions: 0, readSeq: 0 }
    expect(await ann.account.roomNews({ ...glance, ...counts })).toBe('offline')
    granted(await stub.join(ann.by))
    expect(await told(client, 'room')).toMatchObject({ name: 'a room', head: 0 })
    expect(await ann.account.roomNews({ ...glance, ...counts })).toBe('online')
    expect(await told(client, 'room')).toMatchObject({ name: 'secret', head: 9, unread: 9 })
  })

  it('is told what the person chooses on another device', async () => {
    const ann = await somebody()
    const { id, stub } = await madeRoom()
    granted(await stub.join(ann.by))
    granted(await ann.account.choose(id, { draft: 'hal' }))
    const { client, snapshot } = await openList(ann.grant)
    expect(snapshot.rooms).toMatchObject([{ id, muted: false, level: 'all', draft: 'hal' }])
    await pause(ann)
    granted(await ann.account.choose(id, { muted: true, draft: null }))
    const choices = { muted: true, level: 'all' }
    expect(await told(client, 'choices')).toEqual({ type: 'choices', id, ...choices })
    await pause(ann)
    granted(await stub.setRole(OWNER, ann.id, 'moderator'))
    expect(await told(client, 'room')).toMatchObject({ id, ...choices })
  })

  it('[C1] costs no row, and is told everything on each device', async () => {
    const ann = await somebody()
    const { id, stub } = await madeRoom()
    granted(await stub.join(ann.by))
    const [one, other] = [await openList(ann.grant), await openList(ann.grant)]
    await pause(ann)
    const { written } = await rowsOf(ann.stub, async () => {
      const glance = { id, name: 'x', kind: 'public', role: 'writer', joinedAt: 1 } as const
      const counts = { head: 1, messages: 1, unread: 1, mentions: 0, readSeq: 0 }
      expect(await ann.account.roomNews({ ...glance, ...counts })).toBe('online')
    })
    expect(written).toBe(0)
    for (const { client } of [one, other]) {
      expect(await told(client, 'room')).toMatchObject({ id, unread: 1 })
      client.close()
      await client.closed
    }
    const glance = { id, name: 'x', kind: 'public', role: 'writer', joinedAt: 1 } as const
    const counts = { head: 1, messages: 1, unread: 1, mentions: 0, readSeq: 0 }
    await pause(ann)
    expect(await ann.account.roomNews({ ...glance, ...counts })).toBe('offline')
  })
})

it('[C2] a list that is idle leaves nothing to be done, so its account sleeps', async () => {
  const ann = await somebody()
  const { stub } = await madeRoom()
  const pending = new Set<unknown>()
  const [set, clear] = [globalThis.setTimeout, globalThis.clearTimeout]
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms: number) => {
    const timer = set(() => {
      pending.delete(timer)
      work()
    }, ms)
    pending.add(timer)
    return timer
  }) as never)
  vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
    pending.delete(timer)
    clear(timer as never)
  })
  const { client } = await openList(ann.grant)
  granted(await stub.join(ann.by))
  await told(client, 'room')
  const until = Date.now() + 4000
  while (pending.size > 0 && Date.now() < until) await new Promise((resolve) => set(resolve, 10))
  expect(pending.size).toBe(0)
})

describe('a snapshot', () => {
  const delayed = async () => {
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const watch = RoomObject.prototype.watch
    vi.spyOn(RoomObject.prototype, 'watch').mockImplementation(async function (
      this: RoomObject,
      ...asked
    ) {
      const answer = await watch.apply(this, asked)
      await gate
      return answer
    })
    return go
  }

  it('[U1] has the news that came while the rooms were asked, and none is told before it', async () => {
    const ann = await somebody()
    const [one, other] = [await madeRoom(), await madeRoom()]
    for (const { stub } of [one, other]) granted(await stub.join(ann.by))
    const client = await connectedList(ann.grant)
    const go = await delayed()
    client.send(subscribeFrame())
    await vi.waitFor(() => expect(RoomObject.prototype.watch).toHaveBeenCalledTimes(2))
    const glance = { id: one.id, name: 'x', kind: 'public', role: 'writer', joinedAt: 1 } as const
    const counts = { head: 7, messages: 7, unread: 7, mentions: 1, readSeq: 0 }
    expect(await ann.account.roomNews({ ...glance, ...counts })).toBe('online')
    granted(await other.stub.removeMember(ann.by, ann.id))
    granted(await ann.account.choose(one.id, { muted: true }))
    go()
    const snapshot = bodyOf(await client.next())
    expect(snapshot).toMatchObject({ type: 'rooms', total: 1 })
    expect(snapshot.rooms).toMatchObject([{ id: one.id, unread: 7, head: 7, muted: true }])
  })

  it('[H1] has the rooms that do not answer, without what only they know', async () => {
    const ann = await somebody()
    const [one, other] = [await madeRoom(), await madeRoom()]
    for (const { stub } of [one, other]) granted(await stub.join(ann.by))
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const watch = RoomObject.prototype.watch
    vi.spyOn(RoomObject.prototype, 'watch').mockImplementation(async function (
      this: RoomObject,
      ...asked
    ) {
      const answer = await watch.apply(this, asked)
      if ('value' in answer && answer.value.id === one.id) throw new Error('lost')
      return answer
    })
    const { snapshot } = await openList(ann.grant)
    expect(snapshot.total).toBe(2)
    const silent = snapshot.rooms.find((room: { id: string }) => room.id === one.id)
    expect(silent).toMatchObject({ name: 'a room', kind: 'public', role: 'writer' })
    expect(silent).not.toHaveProperty('head')
    expect(snapshot.rooms.find((room: { id: string }) => room.id === other.id)).toHaveProperty(
      'head',
    )
  })

  it('[H1] heals the index: a room that knows the person not is in it no more', async () => {
    const ann = await somebody()
    const { client } = await openList(ann.grant)
    const lost = 'room9999999999999999'
    await runInDurableObject(ann.stub, (_object, { storage }) => {
      const columns = 'room_id, name, kind, role, joined_at'
      const insert = `INSERT INTO member_rooms (${columns}) VALUES (?, 'x', 'public', 'writer', 1)`
      storage.sql.exec(insert, lost)
    })
    const second = await openList(ann.grant)
    expect(second.snapshot).toMatchObject({ rooms: [], total: 0 })
    expect(await ann.rooms()).toEqual([])
    expect(await told(client, 'room-gone')).toMatchObject({ id: lost, why: 'left' })
  })

  it('[R1] that cannot be made ends its list, which may come back', async () => {
    const ann = await somebody()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.spyOn(RoomGlances.prototype, 'gather').mockRejectedValueOnce(new Error('a bad disk'))
    const client = await connectedList(ann.grant)
    client.send(subscribeFrame())
    expect((await client.next()).headers.code).toBe('unavailable')
    expect((await client.closed).code).toBe(1013)
    expect((await openList(ann.grant)).snapshot).toMatchObject({ rooms: [], total: 0 })
  })

  it('[R5] asks at most 500 rooms, 20 at once, and tells how many there are', async () => {
    const ann = await somebody()
    await runInDurableObject(ann.stub, (_object, { storage }) => {
      for (let n = 0; n < 520; n++) {
        const id = `room${String(90_000 + n).padStart(16, '0')}`
        const columns = 'room_id, name, kind, role, joined_at'
        const insert = `INSERT INTO member_rooms (${columns}) VALUES (?, 'x', 'public', 'writer', ?)`
        storage.sql.exec(insert, id, n)
      }
    })
    let [asked, most, now] = [0, 0, 0]
    await runInDurableObject(ann.stub, (object) => {
      const { ROOM: rooms } = (object as unknown as { env: AccountEnv }).env
      const watch = async () => {
        asked++
        most = Math.max(most, ++now)
        await new Promise((resolve) => setTimeout(resolve, 1))
        now--
        return { refused: 'unavailable' }
      }
      vi.spyOn(rooms, 'get').mockImplementation(() => ({ watch }) as never)
    })
    const { snapshot } = await openList(ann.grant, 200)
    expect([snapshot.rooms.length, snapshot.total, snapshot.next]).toEqual([200, 520, null])
    expect([asked, most]).toEqual([500, 20])
    expect(snapshot.rooms[0].joinedAt).toBe('1970-01-01T00:00:00.519Z')
  })
})
