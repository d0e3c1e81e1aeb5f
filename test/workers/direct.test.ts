// Direct rooms in the real object, evicted between the steps.

import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Principal } from '../../src/auth/principal.ts'
import { roomSettingsOf } from '../../src/room-settings.ts'
import { somebody, watched } from '../support/own-list-in-workerd.ts'
import { evict, granted, outcome } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { connected, open, principal } from '../support/room-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'
import { spent, usageOf } from '../support/spent.ts'

quiet()

const [ANN, BOB] = [principal('ann'), principal('bob')]

let rooms = 0

/** The direct room of two, and how somebody opens it. */
function directRoom(pair: readonly Pick<Principal, 'id' | 'name'>[] = [ANN, BOB]) {
  const id = `direct${String(++rooms).padStart(14, '0')}`
  const stub = () => env.ROOM.get(env.ROOM.idFromName(id))
  const profile = {
    ...{ id, name: 'ANN, BOB', kind: 'direct' as const, description: '', createdAt: 1 },
    ...{ owner: { id: '', name: '' }, settings: roomSettingsOf('direct', {}) },
  }
  const people = pair.map((person) => ({
    ...{ id: person.id, name: person.name, guest: false, role: 'writer' as const },
    // So lately that a message writes no read marker.
    joined: { at: Date.now(), seq: 0 },
  }))
  const openAs = (who: Principal) => stub().openDirect(who, profile, people)
  return { id, stub, openAs }
}

/** Two who are signed in, their direct room, and what they do. */
async function pair() {
  const [ann, bob] = [await somebody(), await somebody()]
  const room = directRoom([ann.by, bob.by])
  const { id, stub } = room
  return {
    ...{ ann, bob, ...room },
    say: async (who: typeof ann) =>
      granted(await stub().execute(who.by, { type: 'message', content: 'x' })),
    sayBySocket: async (who: typeof ann) => {
      const client = await connected(stub(), who.id)
      client.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0')
      expect((await client.next()).command).toBe('RECEIPT')
      client.close()
      await client.closed
    },
    hide: async (who: typeof ann, isHidden = true) => stub().hide(who.by, isHidden),
    /** Until the room has nothing left to tell. */
    told: () =>
      vi.waitFor(async () => {
        const [row] = await runInDurableObject(stub(), (_room, { storage: { sql } }) =>
          sql.exec('SELECT own_lists FROM room').toArray(),
        )
        expect(row).toEqual({ own_lists: null })
      }),
    /** Who of the two has the room in their list. */
    listed: async () => {
      const lists = [await ann.rooms(), await bob.rooms()]
      return lists.map((list) => list.some((each) => each.id === id))
    },
  }
}

it('[H1] is made once, whoever opens it first', async () => {
  const { stub: stubOf, openAs } = directRoom()
  const stub = stubOf()
  const answers = await Promise.all([ANN, BOB, ANN, BOB].map(openAs))
  expect(answers.map((answer) => granted(answer).created)).toEqual([true, false, false, false])
  await evictDurableObject(stub)
  const { room, created } = granted(await openAs(BOB))
  expect([created, room.name, room.role]).toEqual([false, 'ANN', 'writer'])
  const root = { ...principal('root'), roles: ['GENERAL', 'ADMIN'] }
  expect(await stub.delete(root)).toMatchObject({ refused: 'not-allowed' })
  expect(await stub.change(root, { name: 'x' })).toMatchObject({ refused: 'not-allowed' })
  expect(await stub.setRole(root, 'bob', 'reader')).toMatchObject({ refused: 'not-allowed' })
  expect(await stub.show(principal('eve'))).toEqual({ refused: 'room-unknown' })
})

it('[H1][C1] a block ends the sockets of whoever blocks, and is one row', async () => {
  const { stub: stubOf, openAs } = directRoom()
  const stub = stubOf()
  await openAs(ANN)
  const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
  await evictDurableObject(stub)
  const block = (isBlocked: boolean) =>
    spent(stub, async () => void granted(await stub.block(principal('ann'), isBlocked)))
  expect(await block(true)).toMatchObject({ rowsWritten: 1 })
  expect(await ann.closed).toEqual({ code: 4503, reason: 'room-blocked' })
  await evictDurableObject(stub)
  expect(await block(true)).toMatchObject({ rowsWritten: 0 })
  expect(await open(stub, 'ann')).toBe('room-blocked')
  bob.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0')
  expect((await bob.next()).headers).toMatchObject({ 'receipt-id': 'r', seq: '1' })
  await evictDurableObject(stub)
  expect(await block(false)).toMatchObject({ rowsWritten: 1 })
  const again = await connected(stub, 'ann')
  again.close()
})

describe.each([false, true])('[H1] a direct room in the own list, evicted: %s', (evicted) => {
  const pause = async (...stubs: DurableObjectStub<undefined>[]) => {
    for (const each of evicted ? stubs : []) await evict(each)
  }

  it('[C1] is hidden for one row each, until a message comes', async () => {
    const { id, ann, bob, stub, openAs, say, hide, listed, told } = await pair()
    await openAs(ann.by)
    await told()
    expect(await listed()).toEqual([true, true])
    // As any room, with a row for each of the two, and one where each account has heard of it.
    const { rowsWritten } = await usageOf(stub())
    expect(rowsWritten).toBe(29 - 1 + 2 + 2)
    const rest = () => pause(stub(), ann.stub, bob.stub)
    /** Of the room, and of ann's account. */
    const rows = async (work: () => Promise<unknown>) => {
      await rest()
      let inRoom = 0
      const { written } = await rowsOf(ann.stub, async () => {
        inRoom = (await spent(stub(), work)).rowsWritten
      })
      return [inRoom, written]
    }
    expect(await rows(() => hide(ann))).toEqual([1, 1])
    expect(await listed()).toEqual([false, true])
    expect(await rows(() => hide(ann))).toEqual([0, 0])
    // A ticket compares the two, and hides nothing and shows nothing.
    expect(outcome(granted(await ann.ticket(id)))).toBe('granted')
    expect(await listed()).toEqual([false, true])
    // The message, that it is listed, and that the account has heard of it.
    const cost = await spent(stub(), async () => {
      await say(bob)
      await told()
    })
    expect(await listed()).toEqual([true, true])
    expect(cost).toMatchObject({ rowsWritten: 3 })
    await rest()
    expect(await rows(() => say(bob))).toEqual([1, 0])
  })

  it('is shown again by whoever hid it, and by opening it', async () => {
    const { ann, bob, stub, openAs, hide, listed } = await pair()
    await openAs(ann.by)
    for (const show of [() => hide(ann, false), () => openAs(ann.by)]) {
      await pause(stub(), ann.stub)
      expect(granted(await hide(ann))).toMatchObject({ hidden: true })
      expect(await listed()).toEqual([false, true])
      await pause(stub(), ann.stub)
      // The other opens it for themselves.
      granted(await openAs(bob.by))
      expect(await listed()).toEqual([false, true])
      granted<unknown>(await show())
      expect(await listed()).toEqual([true, true])
    }
    await pause(stub())
    expect(await stub().hide(principal('eve'), true)).toEqual({ refused: 'room-unknown' })
  })

  it('is not said to be hidden where the account did not hear of it', async () => {
    const { ann, stub, openAs, hide, say, listed } = await pair()
    await openAs(ann.by)
    let isLost = true
    await watched(stub(), () => isLost)
    expect(await hide(ann)).toEqual({ refused: 'unavailable' })
    expect(await listed()).toEqual([true, true])
    isLost = false
    await pause(stub())
    granted(await hide(ann))
    expect(await listed()).toEqual([false, true])
    // A notice that the list has it again is lost, and comes with the next message.
    isLost = true
    await say(ann)
    await pause(stub())
    expect(await listed()).toEqual([false, true])
    isLost = false
    await say(ann)
    await vi.waitFor(async () => expect(await listed()).toEqual([true, true]))
  })
})

describe('[H1] a direct room that is cut off while it is made', () => {
  const HEALS = [
    ['who made it opens it again', ({ ann, openAs }: Pair) => openAs(ann.by)],
    ['the other opens it', ({ bob, openAs }: Pair) => openAs(bob.by)],
    ['who made it takes a ticket', ({ ann, id }: Pair) => ann.ticket(id)],
    ['who made it says something', ({ ann, say }: Pair) => say(ann)],
    [
      'who made it says something over a WebSocket',
      ({ ann, sayBySocket }: Pair) => sayBySocket(ann),
    ],
  ] as const

  it.each(HEALS)('is in both lists once %s', async (_what, heal) => {
    const two = await pair()
    let calls = await watched(two.stub(), () => new Promise(() => undefined))
    // The object is gone before an account has answered.
    const cutOff = two.openAs(two.ann.by).then(granted, (error: Error) => error.message)
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    await abortAllDurableObjects()
    expect(await cutOff).toContain('abortAllDurableObjects')
    vi.restoreAllMocks()
    expect(await two.listed()).toEqual([false, false])
    await heal(two)
    await vi.waitFor(async () => expect(await two.listed()).toEqual([true, true]))
    await two.told()
    // Then nobody is told any more.
    calls = await watched(two.stub(), () => false)
    await two.say(two.bob)
    expect(calls).toEqual([])
  })
})

type Pair = Awaited<ReturnType<typeof pair>>
