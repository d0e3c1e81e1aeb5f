import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Gathered,
  type ListedRoom,
  noticeOf,
  type RoomNews,
  snapshotOf,
  withNews,
} from '../../../../src/account/list/snapshot.ts'

const known = (id: string, joinedAt = 1) =>
  ({ id, name: id, kind: 'public', role: 'writer', joinedAt }) as const

const glance = (id: string, head: number, more: object = {}) => ({
  ...known(id),
  ...{ head, messages: head, unread: head, mentions: 0, readSeq: 0 },
  ...more,
})

const last = (at: number) => ({ seq: 1, at, sender: { id: 's', name: 'S' }, preview: 'p' })

const gathered = (rooms: readonly ListedRoom[], others = 0): Gathered => ({
  rooms: new Map(rooms.map((room) => [room.id, room])),
  others,
  gone: [],
})

const ids = (snapshot: ReturnType<typeof snapshotOf>) => snapshot.rooms.map(({ id }) => id)

describe('a snapshot', () => {
  it('[U1] has the rooms where something was said last first, then by joining, then by id', () => {
    const rooms = [
      glance('b', 1, { last: last(5) }),
      known('d', 7),
      glance('a', 1, { last: last(9) }),
      glance('c', 0, { joinedAt: 7 }),
    ]
    expect(ids(snapshotOf(gathered(rooms), 20))).toEqual(['a', 'c', 'd', 'b'])
  })

  it.each([
    [3, 0, 20, 3, null],
    [3, 0, 3, 3, null],
    [3, 0, 2, 3, 4],
    [3, 0, 1, 3, 2],
    [150, 0, 100, 150, 200],
    [200, 100, 200, 300, null],
    [200, 0, 120, 200, 200],
  ])('of %i rooms and %i others, %i wanted, tells %i and that %s shows more', (...numbers) => {
    const [count, others, limit, total, next] = numbers
    const rooms = Array.from({ length: count }, (_, n) => known(String(n)))
    const snapshot = snapshotOf(gathered(rooms, others), limit)
    expect(snapshot).toMatchObject({ type: 'rooms', total, next })
    expect(snapshot.rooms).toHaveLength(Math.min(limit, count))
  })

  it('is built, so nothing is told that a room or an account keeps to itself', () => {
    const secret = { ...glance('a', 1, { last: { ...last(0), secret: 1 } }), secret: 1 }
    expect(JSON.stringify(snapshotOf(gathered([secret]), 1))).not.toContain('secret')
  })
})

describe('news that comes while the rooms are asked', () => {
  const listed = (rooms: readonly ListedRoom[], ...news: RoomNews[]) => [
    ...withNews(gathered(rooms), news).rooms.values(),
  ]

  it.each([
    ['a greater head', glance('a', 1), glance('a', 2), 2],
    ['a smaller head', glance('a', 2), glance('a', 1), 2],
    ['no answer of the room', known('a'), glance('a', 1), 1],
  ])('counts by the head: %s', (_what, answer, news, head) => {
    expect(listed([answer], { room: news })).toMatchObject([{ head }])
  })

  it('counts by the read marker, where the head is the same', () => {
    const [read, unread] = [glance('a', 1, { readSeq: 1 }), glance('a', 1)]
    expect(listed([read], { room: unread })).toEqual([read])
    expect(listed([unread], { room: read })).toEqual([read])
  })

  it('has rooms that are gone, that come back, and what is chosen', () => {
    const rooms = [known('a'), known('b')]
    const gone = { gone: 'a', why: 'left' } as const
    expect(listed(rooms, gone)).toEqual([known('b')])
    expect(listed(rooms, gone, { room: glance('a', 1) })).toHaveLength(2)
    const chosen = { chosenFor: 'b', choices: { muted: true } } as const
    expect(listed(rooms, chosen)[1]).toMatchObject({ choices: { muted: true } })
    expect(listed([], chosen)).toEqual([])
  })

  it('[U1] never makes a head smaller, in whatever order it comes', () => {
    const heads = fc.array(fc.nat(20), { minLength: 1 })
    fc.assert(
      fc.property(fc.nat(20), heads, (answered, news) => {
        const told = news.map((head) => ({ room: glance('a', head) }))
        const [room] = listed([glance('a', answered)], ...told)
        expect(room).toMatchObject({ head: Math.max(answered, ...news) })
      }),
    )
  })
})

it('a notice says what it is about', () => {
  expect(noticeOf({ gone: 'a', why: 'banned' })).toEqual({
    ...{ type: 'room-gone', id: 'a', why: 'banned' },
  })
  const choices = { level: 'mentions', order: 3, unreadFrom: 2, draft: 'x' } as const
  expect(noticeOf({ chosenFor: 'a', choices })).toEqual({
    ...{ type: 'choices', id: 'a', muted: false, ...choices },
  })
  const room = glance('a', 2, { mutedUntil: 0, moreMentions: true, choices: { muted: true } })
  expect(noticeOf({ room })).toEqual({
    ...{ type: 'room', id: 'a', name: 'a', kind: 'public', role: 'writer' },
    ...{ joinedAt: '1970-01-01T00:00:00.001Z', muted: true, level: 'all' },
    ...{ head: 2, messages: 2, unread: 2, mentions: 0, moreMentions: true, readSeq: 0 },
    mutedUntil: '1970-01-01T00:00:00.000Z',
  })
})
