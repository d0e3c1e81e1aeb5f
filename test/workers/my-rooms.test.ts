// The list of somebody's rooms: the rooms are the truth, and the account's index heals itself.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MIGRATIONS } from '../../src/objects/account/sql-account.ts'
import { migrate } from '../../src/objects/shared/migrate.ts'
import { roomSettingsOf } from '../../src/room-settings.ts'
import { somebody, watched } from '../support/own-list-in-workerd.ts'
import { bearerOf, evict, GUEST, granted } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { connected, madeRoom, principal } from '../support/room-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'

const OWNER = principal('owner')

quiet()
afterEach(() => {
  vi.restoreAllMocks()
})

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

describe.each([false, true])('[H1] my rooms, evicted: %s', (evicted) => {
  const pause = async (...stubs: DurableObjectStub<undefined>[]) => {
    for (const stub of evicted ? stubs : []) await evict(stub)
  }

  it('[C1] has a room for one row, from the first CONNECT on, and until one leaves', async () => {
    const ann = await somebody()
    const { id, stub } = await madeRoom()
    const enter = async () => {
      const client = await connected(stub, ann.id)
      client.close()
      await client.closed
    }
    await pause(ann.stub, stub)
    const { written } = await rowsOf(ann.stub, async () => {
      await enter()
      await vi.waitFor(async () => expect(await ann.rooms()).toHaveLength(1))
      await enter()
    })
    expect(written).toBe(1)
    await pause(ann.stub, stub)
    const [room] = await ann.rooms()
    expect(room).toEqual({
      ...{ id, name: 'a room', kind: 'public', role: 'writer' },
      joinedAt: expect.any(Number),
    })
    granted(await stub.removeMember(ann.by, ann.id))
    await pause(ann.stub)
    expect(await ann.rooms()).toEqual([])
  })

  it('[C1] keeps what one chooses for a room, one row a change, until one leaves', async () => {
    const ann = await somebody()
    const { id, stub } = await madeRoom()
    granted(await stub.join(ann.by))
    const draft = 'x'.repeat(4000)
    for (const [change, rows] of [
      [{ muted: true, level: 'mentions' }, 1],
      [{ draft, order: -0.5, unreadFrom: 7 }, 1],
      [{ draft, level: 'mentions', muted: true }, 0],
    ] as const) {
      await pause(ann.stub)
      const choose = async () => void granted(await ann.stub.choose(id, change))
      expect((await rowsOf(ann.stub, choose)).written).toBe(rows)
    }
    await pause(ann.stub)
    const choices = { muted: true, level: 'mentions', draft, order: -0.5, unreadFrom: 7 }
    expect(await ann.rooms()).toMatchObject([{ id, choices }])
    granted(await stub.setRole(OWNER, ann.id, 'moderator'))
    await vi.waitFor(async () =>
      expect(await ann.rooms()).toMatchObject([{ role: 'moderator', choices }]),
    )
    granted(await stub.removeMember(ann.by, ann.id))
    granted(await stub.join(ann.by))
    await pause(ann.stub)
    expect((await ann.rooms())[0]).not.toHaveProperty('choices')
    const nowhere = await ann.stub.choose('x'.repeat(20), { muted: true })
    expect(nowhere).toEqual({ refused: 'room-unknown' })
  })

  it('has a room that one has joined or made, with the role of now', async () => {
    const ann = await somebody()
    const { id, stub } = await madeRoom({ kind: 'broadcast' })
    granted(await stub.join(ann.by))
    await pause(ann.stub, stub)
    expect(await ann.rooms()).toMatchObject([{ id, kind: 'broadcast', role: 'reader' }])
    granted(await stub.setRole(OWNER, ann.id, 'moderator'))
    await vi.waitFor(async () => expect(await ann.rooms()).toMatchObject([{ role: 'moderator' }]))
    // The id of a room that was deleted is never used again.
    const own = (evicted ? 'p' : 'o').repeat(20)
    const profile = granted(await stub.show(OWNER))
    const owner = { id: ann.id, name: 'Ann' }
    const settings = roomSettingsOf('broadcast', {})
    const made = { ...profile, id: own, owner, createdAt: 9, settings }
    await env.ROOM.get(env.ROOM.idFromName(own)).create(made)
    expect(await ann.rooms()).toMatchObject([{ id }, { id: own, role: 'owner', joinedAt: 9 }])
    granted(await env.ROOM.get(env.ROOM.idFromName(own)).delete(ann.by))
  })

  it.each([
    ['kicked', (stub: Stub, id: string) => stub.removeMember(OWNER, id)],
    ['banned', (stub: Stub, id: string) => stub.setRole(OWNER, id, 'banned')],
    ['in a room that is deleted', (stub: Stub) => stub.delete(OWNER)],
  ])('has no room where one is %s', async (_how, end) => {
    const ann = await somebody()
    const { stub } = await madeRoom()
    granted(await stub.join(ann.by))
    expect(await ann.rooms()).toHaveLength(1)
    await pause(ann.stub, stub)
    granted<unknown>(await end(stub, ann.id))
    await vi.waitFor(async () => expect(await ann.rooms()).toEqual([]))
  })

  it('is right again with the next ticket after a notice was lost, and then nobody is told', async () => {
    const ann = await somebody()
    const { id, stub } = await madeRoom()
    const calls = await watched(stub, () => true)
    granted(await stub.join(ann.by))
    expect([await ann.rooms(), calls]).toEqual([[], ['joined']])
    await pause(ann.stub, stub)
    granted(await ann.ticket(id))
    expect(await ann.rooms()).toMatchObject([{ id, role: 'writer' }])
    // A new name is not told to all: it comes with a ticket, for one row.
    granted(await stub.change(OWNER, { name: '새 방' }))
    const rows = (work: () => Promise<unknown>) => rowsOf(ann.stub, work)
    const visit = (await rows(() => ann.ticket(id))).written
    expect(await ann.rooms()).toMatchObject([{ id, name: '새 방' }])
    expect((await rows(() => ann.ticket(id))).written).toBe(visit - 1)
    await pause(ann.stub, stub)
    granted(await ann.ticket(id))
    expect(calls).toEqual(['joined'])
  })

  it.each([
    ['kicked', (stub: Stub, id: string) => stub.removeMember(OWNER, id)],
    ['banned', (stub: Stub, id: string) => stub.setRole(OWNER, id, 'banned')],
    ['in a room that is deleted', (stub: Stub) => stub.delete(OWNER)],
  ])('forgets with a ticket that one was %s', async (_how, end) => {
    const ann = await somebody()
    const { id, stub } = await madeRoom()
    granted(await stub.join(ann.by))
    const calls = await watched(stub, () => true)
    granted<unknown>(await end(stub, ann.id))
    await vi.waitFor(() => expect(calls).toContain('left'))
    expect(await ann.rooms()).toHaveLength(1)
    await pause(ann.stub)
    await ann.ticket(id)
    expect(await ann.rooms()).toEqual([])
  })

  it('has pages, the newest member first, and bad places give what is after them', async () => {
    const ann = await somebody()
    const idOf = (n: number) => `room${String(n).padStart(16, '0')}`
    // Two of one moment, which come in the order of their ids.
    for (const [n, joinedAt] of [1, 5, 3, 3, 2].entries()) {
      const room = { id: idOf(n), name: `${n}`, kind: 'public', role: 'writer', joinedAt }
      await ann.account.joined(room)
    }
    await pause(ann.stub)
    const seen: string[] = []
    let after: Parameters<typeof ann.account.rooms>[0]
    do {
      const page: Awaited<ReturnType<typeof ann.account.rooms>> = await ann.account.rooms(after, 2)
      seen.push(...page.rooms.map(({ name }) => name))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual(['1', '2', '3', '4', '0'])
    expect(await ann.account.rooms({ joinedAt: 0, id: idOf(0) }, 9)).toEqual({
      rooms: [],
      next: null,
    })
  })

  it('stays when a guest becomes an account', async () => {
    const ann = await somebody(GUEST)
    const { id, stub } = await madeRoom()
    granted(await stub.join({ ...ann.by, guest: true }))
    granted(await ann.account.becomeAccount(bearerOf(ann.grant), undefined, 'ann'))
    await pause(ann.stub)
    expect(await ann.rooms()).toMatchObject([{ id }])
  })
})

describe('an account', () => {
  it('[R5] writes nothing for what it knows, and for what it never had', async () => {
    const ann = await somebody()
    const { stub } = await madeRoom()
    granted(await stub.join(ann.by))
    const [room] = await ann.rooms()
    const { written } = await rowsOf(ann.stub, async () => {
      if (room) await ann.account.joined(room)
      await ann.account.left('nowhere')
      await ann.rooms()
    })
    expect(written).toBe(0)
  })

  it('[R5] that nobody has stores nothing', async () => {
    const nobody = env.ACCOUNT.get(env.ACCOUNT.idFromName('nobody'))
    await nobody.joined({ id: 'r', name: 'r', kind: 'public', role: 'writer', joinedAt: 1 })
    await nobody.left('r')
    expect(await nobody.rooms(undefined, 9)).toEqual({ rooms: [], next: null })
  })

  it('[H1] of a version before has no list, and has one from then on', async () => {
    const ann = await somebody()
    await runInDurableObject(ann.stub, (_object, { storage }) => {
      storage.sql.exec('DROP TABLE member_rooms')
      storage.sql.exec('DROP TABLE used_tickets')
      storage.sql.exec('UPDATE storage_version SET version = 4')
    })
    await evict(ann.stub)
    expect(await ann.rooms()).toEqual([])
    await runInDurableObject(ann.stub, (_object, { storage }) => migrate(storage, MIGRATIONS))
    const { id, stub } = await madeRoom()
    granted(await stub.join(ann.by))
    expect(await ann.rooms()).toMatchObject([{ id }])
  })
})
