import { describe, expect, it, vi } from 'vitest'
import type { Principal } from '../../../../src/auth/principal.ts'
import { Refusal } from '../../../../src/refusals.ts'
import type { ModerationPage } from '../../../../src/room/moderation/act.ts'
import type { Room } from '../../../../src/room/room.ts'
import type { Turn } from '../../../../src/room/turn.ts'
import { change, DELETE, EDIT } from '../../../support/changes.ts'
import { FakeRoom, OWNER, person } from '../../../support/fake-room.ts'

const [ann, bob, owner] = [person('ann'), person('bob'), person(OWNER)]

/** Ann said "one" (seq 1) and "two" (seq 2), and edited the first (seq 3). */
function scene(limits = {}) {
  const room = new FakeRoom(limits)
  const socket = room.connect(ann)
  for (const text of ['one', 'two']) room.say(socket, text)
  change(room, socket, EDIT, { seq: 1, content: 'One' })
  return { room, socket }
}

/** What a turn gives, or the code that it was refused with. */
function attempt<Value>(room: FakeRoom, work: (turn: Turn, room: Room) => Value): Value | string {
  let value: Value | undefined
  try {
    room.turn((turn) => {
      value = work(turn, room.room)
    })
    return value as Value
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

const report = (room: FakeRoom, by: Principal, seq: number, reason = 'rude') =>
  attempt(room, (turn, core) => core.reports.add(turn, by, { seq, reason }))

const settle = (room: FakeRoom, by: Principal, id: number) =>
  attempt(room, (turn, core) => core.reports.settle(turn, by, id, 'settled'))

const page = (room: FakeRoom, by: Principal, query = {}) =>
  attempt(room, (_turn, core) => core.reports.page(by, { limit: 50, ...query }))

describe('a report', () => {
  it('is read and settled by moderators, with the message as it is now', () => {
    const { room, socket } = scene()
    const { now } = room
    const made = { id: 1, seq: 1, at: now, by: { id: 'bob', name: 'BOB' }, reason: 'rude' }
    expect(report(room, bob, 1)).toEqual({ ...made, state: 'open' })
    const message = { type: 'message', seq: 1, content: 'One', edited: 3 }
    expect(page(room, owner)).toMatchObject({ reports: [{ ...made, message }], next: null })
    change(room, socket, DELETE, { seq: 1 })
    room.evict()
    expect(page(room, owner, { state: 'open' })).toMatchObject({
      reports: [{ id: 1, message: { content: '', deleted: 4 } }],
    })
    const settled = { ...made, state: 'settled', settledAt: now }
    expect(settle(room, owner, 1)).toMatchObject(settled)
    room.now += 1000
    expect(settle(room, owner, 1)).toMatchObject(settled)
    expect(page(room, owner, { state: 'open' })).toEqual({ reports: [], next: null })
  })

  it('[M1] that is settled is in the moderation log, once, and neither alone is written', () => {
    const { room } = scene()
    const log = () =>
      attempt(room, (_turn, core) => core.moderation.page(owner, { list: 'log' })) as ModerationPage
    report(room, bob, 1)
    const add = vi.spyOn(room.moderation, 'add').mockImplementation(() => {
      throw new Error('the disk is full')
    })
    expect(() => settle(room, owner, 1)).toThrow('the disk is full')
    add.mockRestore()
    room.evict()
    expect(page(room, owner, { state: 'open' })).toMatchObject({ reports: [{ id: 1 }] })
    expect(log()).toMatchObject({ entries: [] })
    settle(room, owner, 1)
    settle(room, owner, 1)
    const detail = { report: 1, state: 'settled' }
    const entry = { action: 'report', by: { id: OWNER }, user: { id: 'ann' }, detail }
    expect(log()).toMatchObject({ entries: [entry], next: null })
  })

  it('is one for each person and message while it is open, and writes no more', () => {
    const { room } = scene()
    const first = report(room, bob, 1)
    expect(report(room, bob, 1, 'again')).toEqual(first)
    expect(report(room, owner, 1)).toMatchObject({ id: 2 })
    settle(room, owner, 1)
    expect(report(room, bob, 1)).toMatchObject({ id: 3 })
    expect(room.reports.page({ limit: 10 })).toHaveLength(3)
  })

  it('comes in pages', () => {
    const { room } = scene()
    for (const by of [ann, bob, owner]) report(room, by, 2)
    const first = page(room, owner, { limit: 2 })
    expect(first).toMatchObject({ reports: [{ id: 3 }, { id: 2 }], next: 2 })
    expect(page(room, owner, { limit: 2, before: 2 })).toMatchObject({
      reports: [{ id: 1 }],
      next: null,
    })
  })
})

describe('what is refused, with nothing written', () => {
  it.each<[what: string, by: Principal, seq: number, code: string]>([
    ['an unknown event', bob, 9, 'event-unknown'],
    ['an event that is no message', bob, 3, 'event-unknown'],
    ['a deleted message', bob, 2, 'event-deleted'],
    ['a report by somebody banned', person('eve'), 1, 'banned'],
  ])('[M1] %s', (_what, by, seq, code) => {
    const { room, socket } = scene()
    room.roles.set('eve', 'banned')
    change(room, socket, DELETE, { seq: 2 })
    expect(report(room, by, seq)).toBe(code)
    expect(room.reports.page({ limit: 10 })).toEqual([])
  })

  it('[M1] reading and settling by who is no moderator', () => {
    const { room } = scene()
    room.roles.set('mo', 'moderator')
    report(room, bob, 1)
    expect([page(room, ann), settle(room, ann, 1)]).toEqual(['not-allowed', 'not-allowed'])
    expect(room.reports.find(1)?.state).toBe('open')
    expect(page(room, person('mo'))).toMatchObject({ next: null })
    expect(settle(room, person('mo'), 2)).toBe('report-unknown')
  })

  it('[R5] more than twenty that are open of one person', () => {
    const { room, socket } = scene({ sendBurst: 1000 })
    for (let n = 0; n < 20; n++) room.say(socket, 'x')
    for (let seq = 4; seq < 24; seq++) expect(report(room, bob, seq)).toMatchObject({ seq })
    expect(report(room, bob, 1)).toBe('too-many-reports')
    expect(report(room, owner, 1)).toMatchObject({ id: 21 })
    settle(room, owner, 5)
    expect(report(room, bob, 1)).toMatchObject({ id: 22 })
  })

  it('[R5] more than a thousand that are open; those that are settled make room', () => {
    const { room } = scene()
    for (let n = 0; n < 1000; n++) room.reports.add({ seq: 1, at: 1, by: null, reason: '' }, 1000)
    expect(report(room, bob, 1)).toBe('too-many-reports')
    settle(room, owner, 7)
    expect(report(room, bob, 1)).toMatchObject({ id: 1001 })
    expect([room.reports.find(7), room.reports.page({ limit: 5000 }).length]).toEqual([
      undefined,
      1000,
    ])
  })

  it('[R5] reports that come too fast, or find the room full', () => {
    const { room } = scene({ sendBurst: 3, sendPerSecond: 1 })
    room.storedBytes = 1e9
    expect(report(room, bob, 1)).toBe('room-full')
    room.storedBytes = 0
    for (let n = 0; n < 2; n++) report(room, bob, 1)
    expect(report(room, bob, 2)).toBe('too-fast')
    expect(room.reports.openCount).toBe(1)
  })
})
