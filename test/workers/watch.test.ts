// Accounts that watch a room, in the real object: what they are told, after evictions too, and what
// that costs (U1, H1, C1).

import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { RoomGlance } from '../../src/contract.ts'
import type { RoomEnv } from '../../src/objects/room/neighbours.ts'
import { MIGRATIONS } from '../../src/objects/room/storage/migrations.ts'
import { migrate } from '../../src/objects/shared/migrate.ts'
import { NOTICES_PER_SECOND, WATCHER_PERIOD } from '../../src/room/limits/glance-limits.ts'
import { evict, granted, outcome, wait, withCalls } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { connected, madeRoom, principal } from '../support/room-in-workerd.ts'
import { spent } from '../support/spent.ts'

quiet()

type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

const OWNER = principal('owner')

type Answer = (personId: string) => Promise<'online' | 'offline'>

/** What accounts are told from now on, and, by `answer`, what they say. */
async function listening(stub: Stub) {
  const told: { who: string; glance: RoomGlance }[] = []
  const answer: Answer = async () => 'online'
  const news = {
    ...{ told, answer },
    /** Who was told since this was asked last. */
    who: () =>
      told
        .splice(0)
        .map(({ who }) => who)
        .sort(),
    /** What somebody was told last. */
    last: (id: string) => told.findLast(({ who }) => who === id)?.glance,
  }
  await runInDurableObject(stub, (object) => {
    const { ACCOUNT: accounts } = (object as unknown as { env: RoomEnv }).env
    const real = accounts.get.bind(accounts)
    vi.spyOn(accounts, 'get').mockImplementation((id) => {
      const roomNews = (glance: RoomGlance) => {
        const who = id.name ?? ''
        told.push({ who, glance })
        return news.answer(who)
      }
      return withCalls(real(id), { roomNews: roomNews as never })
    })
  })
  return news
}

/** A room with members who watch it, told by whom messages come. */
async function watched(...people: string[]) {
  const { id, stub } = await madeRoom()
  for (const person of ['bob', ...people]) granted(await stub.join(principal(person)))
  const news = await listening(stub)
  for (const person of people) granted(await stub.watch(person, true))
  const say = async (content: string, by = 'bob') =>
    granted(await stub.execute(principal(by), { type: 'message', content }))
  return { id, stub, news, say }
}

const kept = (stub: Stub) =>
  runInDurableObject(stub, (_room, { storage: { sql } }) => {
    const [row] = sql.exec<{ watchers: string | null }>('SELECT watchers FROM room').toArray()
    return row ? JSON.parse(row.watchers ?? '[]') : undefined
  })

/** A period later, and so that the room sees it. */
async function later(stub: Stub) {
  wait(WATCHER_PERIOD)
  await stub.show(OWNER)
}

describe.each([false, true])('[U1] [H1] watching a room, evicted: %s', (evicted) => {
  const pause = async (stub: Stub) => {
    if (evicted) await evictDurableObject(stub)
  }

  it('[M2] is for members, and tells the room as they see it', async () => {
    const { id, stub } = await madeRoom({ kind: 'private' })
    expect(granted(await stub.watch('owner', true))).toEqual({
      ...{ id, name: 'a room', kind: 'private', role: 'owner', joinedAt: 1 },
      ...{ head: 0, messages: 0, unread: 0, mentions: 0, readSeq: 0 },
    })
    await pause(stub)
    for (const isWatching of [true, false]) {
      expect(await stub.watch('eve', isWatching)).toEqual({ refused: 'room-unknown' })
    }
    const nowhere = env.ROOM.get(env.ROOM.idFromName('nobody made it'))
    expect(await nowhere.watch('owner', true)).toEqual({ refused: 'room-unknown' })
    expect(await kept(stub)).toEqual(['owner'])
  })

  it('is told of messages, reading, a mute and a new name', async () => {
    const { stub, news, say } = await watched('ann', 'cyd')
    await pause(stub)
    await say('hello @ann')
    await vi.waitFor(() => expect(news.told).toHaveLength(2))
    expect(news.last('ann')).toMatchObject({
      ...{ head: 1, unread: 1, mentions: 1 },
      last: { seq: 1, sender: { id: 'bob', name: 'BOB' }, preview: 'hello @ann' },
    })
    expect(news.last('ann')).toEqual(granted(await stub.watch('ann', true)))
    expect(news.who()).toEqual(['ann', 'cyd'])
    await later(stub)
    await pause(stub)
    granted(await stub.execute(principal('ann'), { type: 'read', seq: 1 }))
    await vi.waitFor(() => expect(news.last('ann')).toMatchObject({ unread: 0, readSeq: 1 }))
    expect(news.who()).toEqual(['ann'])
    await later(stub)
    await pause(stub)
    const mute = { type: 'mute', personId: 'cyd', until: 4e12 } as const
    granted(await stub.moderate(OWNER, mute))
    await vi.waitFor(() => expect(news.last('cyd')).toMatchObject({ mutedUntil: 4e12 }))
    expect(news.who()).toEqual(['cyd'])
    await later(stub)
    await pause(stub)
    granted(await stub.change(OWNER, { name: 'other' }))
    await vi.waitFor(() => expect(news.last('cyd')).toMatchObject({ name: 'other' }))
    expect(news.who()).toEqual(['ann', 'cyd'])
  })

  it('is told over sockets as well, and together what is new within a period', async () => {
    const { stub, news } = await watched('ann')
    const bob = await connected(stub, 'bob')
    await pause(stub)
    for (let n = 1; n <= 5; n++) {
      bob.send(`SEND\ndestination:/pub/send/message\nreceipt:r\n\n${n}\0`)
      expect((await bob.next()).command).toBe('RECEIPT')
      if (n === 1) await vi.waitFor(() => expect(news.told).toHaveLength(1))
    }
    expect(news.last('ann')).toMatchObject({ unread: 1 })
    await later(stub)
    await vi.waitFor(() => expect(news.last('ann')).toMatchObject({ unread: 5 }))
    expect(news.who()).toEqual(['ann', 'ann'])
  })

  it('ends when the account says that no list is open, and begins anew', async () => {
    const { stub, news, say } = await watched('ann', 'cyd')
    news.answer = async (who) => (who === 'ann' ? 'offline' : 'online')
    await say('one')
    await vi.waitFor(() => expect(news.told).toHaveLength(2))
    await later(stub)
    await vi.waitFor(async () => expect(await kept(stub)).toEqual(['cyd']))
    await pause(stub)
    await say('two')
    await vi.waitFor(() => expect(news.told).toHaveLength(3))
    expect(news.who()).toEqual(['ann', 'cyd', 'cyd'])
    granted(await stub.watch('ann', true))
    await pause(stub)
    await later(stub)
    await say('three')
    await vi.waitFor(() => expect(news.told).toHaveLength(2))
    expect(news.who()).toEqual(['ann', 'cyd'])
  })

  it('ends when it is taken back', async () => {
    const { stub, news, say } = await watched('ann', 'cyd')
    expect(granted(await stub.watch('ann', false))).toMatchObject({ unread: 0 })
    await pause(stub)
    await say('one')
    await vi.waitFor(() => expect(news.told).toHaveLength(1))
    expect(news.who()).toEqual(['cyd'])
  })

  it('ends with a ban, a removal and a leave', async () => {
    const { stub, news, say } = await watched('ann', 'cyd', 'dan')
    await pause(stub)
    granted(await stub.moderate(OWNER, { type: 'ban', personId: 'ann' }))
    await pause(stub)
    granted(await stub.removeMember(OWNER, 'cyd'))
    await pause(stub)
    granted(await stub.removeMember(principal('dan'), 'dan'))
    await pause(stub)
    await say('one')
    await later(stub)
    expect(news.who()).toEqual([])
    expect(await kept(stub)).toEqual([])
    expect(outcome(await stub.watch('ann', true))).toBe('room-unknown')
  })

  it('ends with the room', async () => {
    const { stub, news, say } = await watched('ann')
    await say('one')
    await vi.waitFor(() => expect(news.who()).toEqual(['ann']))
    await pause(stub)
    await say('two')
    news.who()
    granted(await stub.delete(OWNER))
    await pause(stub)
    await later(stub)
    expect(outcome(await stub.watch('ann', true))).toBe('room-unknown')
    expect(news.who()).toEqual([])
  })

  it('of a real account without a list is forgotten with the next message', async () => {
    const { stub } = await madeRoom()
    granted(await stub.join(principal('ann')))
    granted(await stub.watch('ann', true))
    expect(await kept(stub)).toEqual(['ann'])
    await pause(stub)
    granted(await stub.execute(principal('bob'), { type: 'message', content: 'x' }))
    await vi.waitFor(async () => expect(await kept(stub)).toEqual([]))
  })
})

describe('[U1] watching a room', () => {
  it('goes on after a crash, and the next notice says what was lost', async () => {
    const { id, news, say } = await watched('ann')
    news.answer = () => new Promise(() => {})
    await say('one')
    await vi.waitFor(() => expect(news.who()).toEqual(['ann']))
    await abortAllDurableObjects()
    const again = env.ROOM.get(env.ROOM.idFromName(id))
    expect(await kept(again)).toEqual(['ann'])
    news.answer = async () => 'online'
    granted(await again.execute(principal('bob'), { type: 'message', content: 'two' }))
    await vi.waitFor(() => expect(news.told).toHaveLength(1))
    expect(news.last('ann')).toMatchObject({ head: 2, unread: 2 })
  })

  it('goes on where an account cannot be reached', async () => {
    const { stub, news, say } = await watched('ann', 'cyd')
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    news.answer = async (who) => {
      if (who === 'ann') throw new Error('unreachable')
      return 'online'
    }
    await say('one')
    await vi.waitFor(() => expect(logged).toHaveBeenCalledWith(new Error('unreachable')))
    await later(stub)
    await say('two')
    await vi.waitFor(() => expect(news.told).toHaveLength(4))
    expect(news.who()).toEqual(['ann', 'ann', 'cyd', 'cyd'])
  })

  it('[H1] works in a room of the version before, which nobody watches', async () => {
    const stub = env.ROOM.get(env.ROOM.idFromName('before watching'))
    const before = MIGRATIONS.findIndex((step) => step.toString().includes('watchers'))
    await runInDurableObject(stub, (_room, { storage }) => {
      migrate(storage, MIGRATIONS.slice(0, before))
      storage.sql.exec(
        `INSERT INTO room (id, name, visibility, owner_id, owner_name, created_at)
         VALUES ('old', 'a room', 'public', 'owner', 'Owner', 5)`,
      )
    })
    granted(await stub.join(principal('ann')))
    expect(await kept(stub)).toEqual([])
    expect(granted(await stub.watch('ann', true))).toMatchObject({ id: 'old', unread: 0 })
    await evictDurableObject(stub)
    const news = await listening(stub)
    granted(await stub.execute(principal('bob'), { type: 'message', content: 'x' }))
    await vi.waitFor(() => expect(news.who()).toEqual(['ann']))
  })

  it('[R4] tells so many in a second', async () => {
    const people = Array.from({ length: NOTICES_PER_SECOND + 5 }, (_, n) => `p${n}`)
    const { stub, news, say } = await watched(...people)
    const begin = Date.now()
    await say('one')
    await vi.waitFor(() => expect(news.told.length).toBeGreaterThanOrEqual(NOTICES_PER_SECOND))
    if (Date.now() - begin < 900) expect(news.told).toHaveLength(NOTICES_PER_SECOND)
    await vi.waitFor(() => expect(news.told).toHaveLength(people.length), 5000)
    expect(news.who()).toEqual(people.toSorted())
    await evict(stub)
  })
})

describe('[C1] [U1] watching a room', () => {
  it('writes one row, and none where that is known or the account is none of a member', async () => {
    const { stub } = await watched('ann')
    granted(await stub.join(principal('cyd')))
    const cost = (personId: string, isWatching: boolean) =>
      spent(stub, () => stub.watch(personId, isWatching))
    expect(await cost('cyd', true)).toMatchObject({ rowsWritten: 1, requests: 1 })
    for (const personId of ['cyd', 'ann', 'eve']) {
      expect(await cost(personId, true)).toMatchObject({ rowsWritten: 0 })
    }
    expect(await cost('cyd', false)).toMatchObject({ rowsWritten: 1 })
    expect(await cost('cyd', false)).toMatchObject({ rowsWritten: 0 })
    await evictDurableObject(stub)
    expect(await cost('ann', true)).toMatchObject({ rowsWritten: 0 })
  })

  it('writes one row for many who come while the room is at work', async () => {
    const people = ['cyd', 'dan', 'eli', 'fay']
    const { stub, news, say } = await watched('ann')
    for (const person of people) granted(await stub.join(principal(person)))
    await say('one')
    await vi.waitFor(() => expect(news.told).toHaveLength(1))
    // It waits to tell ann.
    await say('two')
    const work = async () => {
      for (const person of people) granted(await stub.watch(person, true))
    }
    expect(await spent(stub, work)).toMatchObject({ rowsWritten: 0 })
    const rest = async () => {
      await later(stub)
      await vi.waitFor(async () => expect(await kept(stub)).toHaveLength(5))
    }
    expect(await spent(stub, rest)).toMatchObject({ rowsWritten: 1 })
  })

  it('makes a message and its notices cost one row', async () => {
    const { stub, news, say } = await watched('ann', 'cyd', 'dan')
    await say('so that bob has spoken')
    await vi.waitFor(() => expect(news.told).toHaveLength(3))
    await later(stub)
    const work = async () => {
      await say('one')
      await vi.waitFor(() => expect(news.told).toHaveLength(6))
    }
    const cost = await spent(stub, work)
    expect(cost).toMatchObject({ messages: 1, rowsWritten: 1, requests: 1 })
    // The last message is looked for and read, for each of the three.
    expect(cost.rowsRead).toBeLessThanOrEqual(1 + 3 * 4)
  })

  it.each([
    ['near', 1000],
    ['far', 5000],
  ])('reads little for accounts whose markers are %s when the room wakes', async (_, events) => {
    const people = Array.from({ length: NOTICES_PER_SECOND }, (_, n) => `p${n}`)
    const { stub, news, say } = await watched(...people)
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec(
        `WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ?)
         INSERT INTO events (seq, n, type, at, sender_id, sender_name, content)
         SELECT n, n, 'message', 1, 'eve', 'EVE', 'x' FROM s`,
        events,
      )
      sql.exec(
        `INSERT INTO events (seq, n, type, at, sender_id, sender_name, content)
         VALUES (?1, ?1, 'message', 1, 'p7', 'P7', 'x')`,
        events + 1,
      )
      // Whoever says something so late has a row that says so.
      sql.exec("UPDATE standings SET read_seq = ?1, read_n = ?1 WHERE person_id = 'p7'", events - 9)
    })
    const wake = async () => {
      await evictDurableObject(stub)
      const cost = await spent(stub, async () => {
        await say('one')
        await vi.waitFor(() => expect(news.told).toHaveLength(people.length))
      })
      const unread = (id: string) => news.last(id)?.unread
      const told = [unread('p6'), unread('p7'), cost.rowsWritten]
      news.who()
      return [told, cost.rowsRead]
    }
    // Once for those who are far behind, and they are kept with what was found.
    const [first] = await wake()
    expect(first).toEqual([events + 2, 1, expect.any(Number)])
    for (const n of [3, 4]) {
      const [told, read] = await wake()
      expect(told).toEqual([events + n, n - 1, 1])
      expect(read).toBeLessThan(events === 1000 ? 2500 : 500)
    }
  })

  it('reads few of the members of a large room, and tells mentions alone', async () => {
    const { stub, news, say } = await watched('ann', 'cyd')
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec(
        `WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 10000)
         INSERT INTO standings (person_id, standing, name, name_key, joined_seq, joined_at)
         SELECT 'p' || n, 'writer', 'P' || n, 'p' || n, 0, 1 FROM s`,
      )
    })
    await evictDurableObject(stub)
    const cost = await spent(stub, () => say('hello'))
    expect(cost.rowsWritten).toBe(1)
    expect(cost.rowsRead).toBeLessThan(300)
    await evictDurableObject(stub)
    await say('hello @ann')
    await vi.waitFor(() => expect(news.told).toHaveLength(1))
    expect(news.last('ann')).toMatchObject({ unread: 2, mentions: 1 })
    expect(news.who()).toEqual(['ann'])
  })

  it('makes no difference where nobody does: no call, no timer, and the same rows', async () => {
    const { stub, news, say } = await watched()
    await say('so that bob has spoken')
    const calls = vi.spyOn(globalThis, 'setTimeout')
    const cost = await spent(stub, () => say('one'))
    expect(cost).toMatchObject({ messages: 1, rowsWritten: 1, rowsRead: 1, requests: 1 })
    expect([news.who(), calls.mock.calls]).toEqual([[], []])
  })
})
