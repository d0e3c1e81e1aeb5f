import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { visibilityOf } from '../../src/room-settings.ts'
import { evict, wait } from '../support/person-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'

afterEach(() => {
  vi.useRealTimers()
})

const directory = (name: string) => env.DIRECTORY.get(env.DIRECTORY.idFromName(name))

type Directory = ReturnType<typeof directory>

const room = (n: number, kind: 'public' | 'unlisted' = 'public', owner = 'ann') => ({
  id: `room${n}`,
  name: `방 ${n}`,
  kind,
  description: '',
  owner: { id: owner, name: owner },
  createdAt: n,
})

/** Rooms 1 to `count`, as `each` says; those of the newest version, all listed. */
async function filled(
  stub: Directory,
  count: number,
  each: (n: number) => ReturnType<typeof room>,
): Promise<void> {
  await stub.list('nobody', { limit: 1 })
  await runInDurableObject(stub, (_object, { storage: { sql } }) => {
    for (let n = 1; n <= count; n++) {
      const { id, name, kind, owner, createdAt } = each(n)
      sql.exec(
        `INSERT INTO rooms (number, id, name, visibility, owner_id, owner_name, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...[n, id, name, visibilityOf(kind), owner.id, owner.name, createdAt],
      )
    }
  })
}

/** Every page of a list: the numbers of its rooms. */
async function pages(stub: Directory, person: string, limit: number): Promise<number[][]> {
  const all: number[][] = []
  let before: number | undefined
  do {
    const { rooms, next } = await stub.list(person, { before, limit })
    all.push(rooms.map(({ createdAt }) => createdAt))
    before = next ?? undefined
  } while (before !== undefined)
  return all
}

describe('[R5] a list of rooms', () => {
  it('reads what it shows, and not 10,000 private rooms of others', async () => {
    const stub = directory('crowded')
    // One public room among a hundred, and one private room of who is asking.
    await filled(stub, 10_000, (n) =>
      room(n, n % 100 === 0 ? 'public' : 'unlisted', n % 500 === 1 ? 'bob' : `p${n}`),
    )
    const list = () => stub.list('bob', { limit: 50 })
    const { read, written } = await rowsOf(stub, list)
    expect((await list()).rooms).toHaveLength(50)
    expect(written).toBe(0)
    // 50 rooms and the next, each with its entry in the index, and 20 of one's own.
    expect(read).toBeLessThanOrEqual(150)
    const stranger = await rowsOf(stub, () => stub.list('eve', { limit: 50 }))
    expect(stranger.read).toBeLessThanOrEqual(105)
    const last = await rowsOf(stub, () => stub.list('eve', { before: 200, limit: 50 }))
    expect(last.read).toBeLessThanOrEqual(5)
  })

  it.each([1, 2, 3, 7, 50])('merges one’s own in their order, %i at a time', async (limit) => {
    const stub = directory(`merged ${limit}`)
    const each = (n: number) =>
      room(n, n % 3 === 0 ? 'public' : 'unlisted', n % 2 === 0 ? 'ann' : 'bob')
    await filled(stub, 40, each)
    const visible = Array.from({ length: 40 }, (_, index) => 40 - index).filter((n) => {
      const { kind, owner } = each(n)
      return kind === 'public' || owner.id === 'ann'
    })
    const listed = await pages(stub, 'ann', limit)
    expect(listed.flat()).toEqual(visible)
    expect(listed.slice(0, -1).every((page) => page.length === limit)).toBe(true)
  })
})

describe('[R5] a place for a room', () => {
  it('is given to so many of one owner, however many ask at once, and to no more', async () => {
    const stub = directory('at once')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => stub.reserve(room(index), 5)),
    )
    expect(answers.filter((answer) => 'value' in answer)).toHaveLength(5)
    expect(answers.at(-1)).toEqual({ refused: 'too-many-rooms', abandoned: [] })
    expect(await stub.reserve(room(100, 'public', 'bob'), 5)).toEqual({ value: null })
    expect(await stub.reserve(room(101), undefined)).toEqual({ value: null })
  })

  it('is refused without a row written', async () => {
    const stub = directory('refused')
    for (let n = 1; n <= 3; n++) await stub.reserve(room(n), 3)
    const rows = await rowsOf(stub, () => stub.reserve(room(4), 3))
    expect(rows.written).toBe(0)
    expect(rows.read).toBeLessThanOrEqual(10)
  })

  it.each([
    ['public', 5],
    ['unlisted', 4],
  ] as const)('costs with the listing of a %s room %i rows', async (kind, written) => {
    const stub = directory(`cost of ${kind}`)
    await stub.list('ann', { limit: 1 })
    const rows = await rowsOf(stub, async () => {
      await stub.reserve(room(1, kind), 100)
      await stub.add(room(1, kind))
    })
    expect(rows.written).toBe(written)
    // Another time it is there already.
    const again = await rowsOf(stub, () => stub.add(room(1, kind)))
    expect(again.written).toBe(0)
  })

  it.each(['public', 'unlisted'] as const)('is listed once its %s room is made', async (kind) => {
    const stub = directory(`listed ${kind}`)
    await stub.reserve(room(1, kind), 1)
    await evict(stub)
    expect((await stub.list('ann', { limit: 9 })).rooms).toEqual([])
    await stub.add(room(1, kind))
    expect((await stub.list('ann', { limit: 9 })).rooms).toEqual([room(1, kind)])
  })

  it('[H1] counts after an eviction, and is free once the room is deleted', async () => {
    const stub = directory('evicted')
    await stub.reserve(room(1), 2)
    await stub.add(room(1))
    await stub.reserve(room(2), 2)
    await evict(stub)
    expect(await stub.reserve(room(3), 2)).toMatchObject({ refused: 'too-many-rooms' })
    await stub.remove('room1')
    expect(await stub.reserve(room(3), 2)).toEqual({ value: null })
  })

  it('that nobody came back for is told where it is in the way, and only then', async () => {
    const stub = directory('abandoned')
    await stub.reserve(room(1), 2)
    wait(299_000)
    await stub.reserve(room(2), 2)
    await stub.add(room(2))
    expect(await stub.reserve(room(3), 2)).toEqual({ refused: 'too-many-rooms', abandoned: [] })
    wait(2_000)
    const refused = await stub.reserve(room(3), 2)
    expect(refused).toEqual({ refused: 'too-many-rooms', abandoned: ['room1'] })
    await stub.remove('room1')
    expect(await stub.reserve(room(3), 2)).toEqual({ value: null })
  })
})

describe('[P1] a room of its members alone', () => {
  it.each(['private', 'direct'] as const)('is in no list, and counted: %s', async (kind) => {
    const stub = directory(`hidden ${kind}`)
    const hidden = { ...room(1), kind }
    await stub.reserve(hidden, 1)
    await stub.add(hidden)
    for (const person of ['ann', 'bob']) {
      expect(await stub.list(person, { limit: 9 })).toEqual({ rooms: [], next: null })
      expect((await stub.list(person, { limit: 9, q: '방' })).rooms).toEqual([])
    }
    expect(await stub.reserve(room(2), 1)).toMatchObject({ refused: 'too-many-rooms' })
    // A stranger who knows the id makes no place free.
    await stub.remove('room1', 'bob')
    await stub.forget('room1')
    expect(await stub.reserve(room(2), 1)).toMatchObject({ refused: 'too-many-rooms' })
    await stub.remove('room1', 'ann')
    expect(await stub.reserve(room(2), 1)).toEqual({ value: null })
  })
})

describe('a search of the list', () => {
  const NAMES = ['Straße', 'STRANGERS', 'Die Straße', '한국어', 'hidden', 'ΣΑΣΑ']

  it.each([
    ['strass', ['Straße']],
    ['STRA', ['STRANGERS', 'Straße']],
    ['\u1112\u1161\u11ab', ['한국어']],
    ['σας', ['ΣΑΣΑ']],
    ['%', []],
    ['', ['ΣΑΣΑ', '한국어', 'Die Straße', 'STRANGERS', 'Straße']],
  ])('for %j finds the names that begin with it', async (q, found) => {
    const stub = directory(`names ${q}`)
    for (const [n, name] of NAMES.entries()) {
      const kind = name === 'hidden' ? ('unlisted' as const) : ('public' as const)
      await stub.add({ ...room(n), name, kind })
    }
    const names = async (person: string) =>
      (await stub.list(person, { limit: 9, q })).rooms.map(({ name }) => name)
    expect(await names('bob')).toEqual(found)
    if (q === '') expect(await names('ann')).toContain('hidden')
  })

  it('[R5] looks at so many rooms and no more, and goes on from there', async () => {
    const stub = directory('long search')
    const each = (n: number) =>
      n % 5000 === 1 ? { ...room(n), name: 'x' } : room(n, n % 100 === 2 ? 'unlisted' : 'public')
    await filled(stub, 25_001, each)
    const found: number[] = []
    let [pages, before]: [number, number | undefined] = [0, undefined]
    do {
      const { read } = await rowsOf(stub, async () => {
        const page = await stub.list('ann', { limit: 9, q: 'x', before })
        found.push(...page.rooms.map(({ createdAt }) => createdAt))
        before = page.next ?? undefined
      })
      expect(read).toBeLessThan(21_000)
      pages++
    } while (before !== undefined)
    expect(found).toEqual([25_001, 20_001, 15_001, 10_001, 5_001, 1])
    expect(pages).toBe(3)
  })
})

describe('a listed room', () => {
  it('[H1] is listed as it is now, for one row, and archived no more', async () => {
    const stub = directory('changed')
    const before = room(1)
    await stub.add(before)
    const listed = async () => (await stub.list('bob', { limit: 9 })).rooms
    const named = { ...before, name: '새 방', description: 'of the harbour' }
    expect((await rowsOf(stub, () => stub.add(named))).written).toBe(1)
    expect((await rowsOf(stub, () => stub.add(named))).written).toBe(0)
    await evict(stub)
    expect(await listed()).toEqual([named])
    expect((await rowsOf(stub, () => stub.add({ ...named, archivedAt: 5 }))).written).toBe(1)
    expect(await listed()).toEqual([])
    await stub.add(named)
    expect(await listed()).toEqual([named])
  })

  it('stays in the list of its owner when it is unlisted and archived', async () => {
    const stub = directory('archived')
    const archived = { ...room(1, 'unlisted'), archivedAt: 5 }
    await stub.add(archived)
    expect((await stub.list('ann', { limit: 9 })).rooms).toEqual([archived])
    expect((await stub.list('bob', { limit: 9 })).rooms).toEqual([])
  })

  it('[R5] counts for its new owner', async () => {
    const stub = directory('handed over')
    await stub.add(room(1))
    await stub.add({ ...room(1), owner: { id: 'bob', name: 'Bob' } })
    expect(await stub.reserve(room(2, 'public', 'bob'), 1)).toMatchObject({
      refused: 'too-many-rooms',
    })
    expect(await stub.reserve(room(2), 1)).toEqual({ value: null })
  })

  it('of the kind broadcast is listed', async () => {
    const stub = directory('broadcast')
    await stub.add({ ...room(1), kind: 'broadcast' })
    expect((await stub.list('bob', { limit: 9 })).rooms).toMatchObject([{ kind: 'broadcast' }])
  })
})

describe('a directory of the version before', () => {
  /** As the first version made it and wrote to it. */
  const old = (sql: SqlStorage) => {
    for (const index of ['listed', 'owned']) sql.exec(`DROP INDEX ${index}`)
    for (const column of ['reserved_at', 'kind', 'description', 'archived_at'])
      sql.exec(`ALTER TABLE rooms DROP COLUMN ${column}`)
    sql.exec('UPDATE storage_version SET version = 1')
    sql.exec(`INSERT INTO rooms (id, name, visibility, owner_id, owner_name, created_at)
      VALUES ('room1', '방 1', 'private', 'ann', 'ann', 1)`)
  }

  it('[H1] lists what it had, and counts it', async () => {
    const stub = directory('old')
    await stub.list('ann', { limit: 1 })
    await runInDurableObject(stub, (_object, { storage }) => old(storage.sql))
    await evict(stub)
    expect((await stub.list('ann', { limit: 9 })).rooms).toEqual([room(1, 'unlisted')])
    expect(await stub.reserve(room(2), 1)).toMatchObject({ refused: 'too-many-rooms' })
  })

  it('reads and writes the tables of this one', async () => {
    const stub = directory('rolled back')
    await stub.reserve(room(1), 9)
    await stub.add(room(1))
    // Its statements, word for word.
    const found = await runInDurableObject(stub, (_object, { storage: { sql } }) => {
      sql.exec(
        `INSERT OR IGNORE INTO rooms (id, name, visibility, owner_id, owner_name, created_at)
         VALUES ('room2', '방 2', 'private', 'ann', 'ann', 2)`,
      )
      return sql
        .exec(
          `SELECT number, id, name, visibility, owner_id, owner_name, created_at FROM rooms
           WHERE number < ? AND (visibility = 'public' OR owner_id = ?)
           ORDER BY number DESC LIMIT ?`,
          ...[Number.MAX_SAFE_INTEGER, 'ann', 9],
        )
        .toArray()
    })
    expect(found.map(({ id }) => id)).toEqual(['room2', 'room1'])
    expect((await stub.list('ann', { limit: 9 })).rooms).toHaveLength(2)
  })
})
