import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchersIn } from '../../../../../src/objects/room/storage/watchers-text.ts'
import { Meter } from '../../../../../src/objects/room/usage/meter.ts'
import {
  type Carrier,
  UsageCheckpoint,
} from '../../../../../src/objects/room/usage/usage-checkpoint.ts'
import { Watchers } from '../../../../../src/room/unread/watchers.ts'

const NOW = Date.UTC(2026, 10, 21)

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Nobody has come to watch the room, or has stopped. */
const KEPT = { takeUnkept: () => undefined }

const pass = (ms: number) => vi.advanceTimersByTime(ms)

/** A room whose rows are these; `written` is what was stored in the row of the room. */
function setUp(rows: { room?: string; event?: string } = {}, carriers: Carrier[] = []) {
  const written: unknown[] = []
  const sql = {
    exec(query: string, ...values: unknown[]) {
      if (query.startsWith('UPDATE')) written.push(...values)
      const meter = query.includes('FROM events') ? rows.event : rows.room
      return { toArray: () => (meter === undefined ? [] : [{ meter }]) }
    },
  } as unknown as SqlStorage
  const meter = new Meter()
  return { meter, written, usage: new UsageCheckpoint(meter, sql, () => carriers) }
}

/** A room whose rows cannot be read, until `heal`. */
function setUpBroken(carriers: Carrier[]) {
  let broken = true
  const sql = {
    exec() {
      if (broken) throw new Error('disk I/O error')
      return { toArray: () => [] }
    },
  } as unknown as SqlStorage
  const meter = new Meter()
  const heal = () => {
    broken = false
  }
  return { meter, heal, usage: new UsageCheckpoint(meter, sql, () => carriers) }
}

/** Inbound messages are the third number. */
const inbound = (count: number) => `1000 0 ${count} 0 0 0 0 0`
const inboundIn = (text: unknown) => Number(String(text).split(' ')[2])
const carrier = (counts?: string): Carrier => ({ counts, gone: false })

describe('the counts of a room that wakes', () => {
  it.each<[where: string, rows: object, carriers: Carrier[], found: number]>([
    ['nowhere', {}, [], 0],
    ['in the row of the room', { room: inbound(7) }, [], 7],
    [
      'in the row of an event of the version before',
      { room: inbound(3), event: inbound(7) },
      [],
      7,
    ],
    ['in the newer row of the room', { room: `${inbound(7)} ${NOW}`, event: inbound(3) }, [], 7],
    ['in a socket', { event: inbound(3) }, [carrier(inbound(7)), carrier(inbound(5))], 7],
  ])('are found %s', (_, rows, carriers, found) => {
    const { meter } = setUp(rows, carriers)
    expect(meter.counts()).toMatchObject({ inboundMessages: found, wakeUps: 1 })
  })
})

describe('counts that cannot be read', () => {
  it('[R1] keep no room shut; nothing is kept over them, and they are found later', () => {
    const room = carrier(inbound(7))
    const { usage, meter, heal } = setUpBroken([room])
    expect(meter.counts()).toMatchObject({ inboundMessages: 0, wakeUps: 1 })
    meter.inboundMessages++
    usage.onIdle('room', true, KEPT)
    expect(room.counts).toBe(inbound(7))
    heal()
    usage.onIdle('room', true, KEPT)
    expect(inboundIn(room.counts)).toBe(8)
  })
})

describe('the counts of a room that falls quiet', () => {
  it('go to a socket, and to another when that one has gone', () => {
    const first = { counts: undefined as string | undefined, gone: false }
    const second = carrier()
    const { usage, meter } = setUp({}, [first, second])
    meter.inboundMessages = 1
    usage.onIdle('room', false, KEPT)
    expect(first.counts).toBeUndefined()
    usage.onIdle('room', true, KEPT)
    expect([first.counts, second.counts].map(inboundIn)).toEqual([1, Number.NaN])
    first.gone = true
    meter.inboundMessages = 2
    usage.onIdle('room', true, KEPT)
    expect([first.counts, second.counts].map(inboundIn)).toEqual([1, 2])
  })
})

describe('[C1] the counts of a room that talks', () => {
  /** So many inbound messages, one each `ms`, with the room quiet after each. */
  function talk({ usage, meter }: ReturnType<typeof setUp>, count: number, ms: number) {
    for (let n = 0; n < count; n++) {
      pass(ms)
      meter.inboundMessages++
      usage.onIdle('a-room', true, KEPT)
    }
  }
  const room = `${inbound(0)} ${NOW}`

  it.each([100, 1000, 3000])('write at most one row a minute, with a message each %i ms', (ms) => {
    const world = setUp({ room }, [carrier()])
    talk(world, Math.ceil(600_000 / ms), ms)
    expect(world.written.length).toBe(10)
    const each = Math.ceil(60_000 / ms)
    expect(Math.abs(inboundIn(world.written[0]) - each)).toBeLessThanOrEqual(1)
  })

  it.each([60_000, 3_600_000])('write a row for 20 messages, with one each %i ms', (ms) => {
    const world = setUp({ room }, [carrier()])
    talk(world, 19, ms)
    expect(world.written).toEqual([])
    talk(world, 21, ms)
    expect(world.written.map(inboundIn)).toEqual([20, 40])
  })

  it('write a row when the last socket has gone, and none for the next minute', () => {
    const only = { ...carrier(), gone: false }
    const world = setUp({ room }, [only])
    talk(world, 5, 20_000)
    expect(world.written).toEqual([])
    only.gone = true
    world.usage.onIdle('a-room', true, KEPT)
    expect(world.written.map(inboundIn)).toEqual([5])
    talk(world, 59, 1000)
    expect(world.written).toHaveLength(1)
    talk(world, 1, 1000)
    expect(world.written.map(inboundIn)).toEqual([5, 65])
  })

  it('write no row while nothing is said', () => {
    const world = setUp({ room }, [])
    for (let n = 0; n < 100; n++) {
      pass(60_000)
      world.usage.onIdle('a-room', true, KEPT)
    }
    expect(world.written).toEqual([])
  })

  it('[H1] write at most one row a minute though the room wakes for each message', () => {
    const socket = carrier()
    let row = room
    let rows = 0
    for (let n = 0; n < 600; n++) {
      const world = setUp({ room: row }, [socket])
      talk(world, 1, 1000)
      rows += world.written.length
      row = String(world.written[0] ?? row)
    }
    expect(rows).toBe(10)
    const { meter } = setUp({ room: row }, [socket])
    expect(meter.inboundMessages).toBe(600)
  })

  it('are at most a minute old in the row of the room, and what a crash loses is later', () => {
    const world = setUp({ room }, [carrier()])
    talk(world, 90, 1000)
    const { meter } = setUp({ room: String(world.written.at(-1)) }, [])
    expect(meter.inboundMessages).toBe(60)
  })

  it('count the row that they are stored in', () => {
    const world = setUp({ room }, [carrier()])
    talk(world, 20, 3000)
    expect(String(world.written[0]).split(' ')[7]).toBe('1')
  })

  it('are told in a line for a thousand messages', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    talk(setUp({ room }, [carrier()]), 2500, 1)
    const lines = log.mock.calls.map(([line]) => JSON.parse(line))
    expect(lines).toMatchObject([
      { event: 'room-cost', room: 'a-room', inboundMessages: 1000 },
      { event: 'room-cost', room: 'a-room', inboundMessages: 2000 },
    ])
  })
})

describe('[U1] [C1] who watches a room', () => {
  const room = `${inbound(0)} ${NOW}`

  it('is stored when the room falls quiet, in one row with the counts', () => {
    const { usage, meter, written } = setUp({ room }, [carrier()])
    meter.inboundMessages = 25
    const watchers = new Watchers(['ann'])
    usage.onIdle('room', true, watchers)
    watchers.add('ann')
    usage.onIdle('room', true, watchers)
    expect(written).toEqual([])
    for (const personId of ['bob', 'eve', 'joe']) watchers.add(personId)
    watchers.remove('joe')
    usage.onIdle('room', false, watchers)
    expect(written).toEqual([])
    usage.onIdle('room', true, watchers)
    expect(written).toHaveLength(2)
    expect(inboundIn(written[0])).toBe(25)
    expect(watchersIn(String(written[1]))).toEqual(['ann', 'bob', 'eve'])
    pass(60_000)
    meter.inboundMessages = 44
    usage.onIdle('room', true, watchers)
    expect(written).toHaveLength(2)
    for (const personId of ['ann', 'bob', 'eve']) watchers.remove(personId)
    usage.onIdle('room', true, watchers)
    expect([written.length, written[3]]).toEqual([4, null])
  })

  it('[R1] is stored nowhere where nothing can be written, and that is no error', () => {
    const { usage, heal } = setUpBroken([])
    heal()
    const watchers = new Watchers([])
    watchers.add('ann')
    usage.onIdle('room', true, watchers)
    const failing = setUp({ room })
    failing.written.push = () => {
      throw new Error('the disk is full')
    }
    watchers.add('bob')
    failing.usage.onIdle('room', true, watchers)
    expect(watchers.size).toBe(2)
  })
})
