import { afterEach, describe, expect, it, vi } from 'vitest'
import { Meter } from '../../../../../src/objects/room/usage/meter.ts'
import { type Carrier, KeptCounts } from '../../../../../src/objects/room/usage/usage-checkpoint.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

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
  return { meter, written, kept: new KeptCounts(meter, sql, () => carriers) }
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
  return { meter, heal, kept: new KeptCounts(meter, sql, () => carriers) }
}

/** Inbound messages are the third number. */
const inbound = (count: number) => `1000 0 ${count} 0 0 0 0 0`
const inboundIn = (text: unknown) => Number(String(text).split(' ')[2])
const carrier = (counts?: string): Carrier => ({ counts, gone: false })

describe('the counts of a room that wakes', () => {
  it.each<[where: string, rows: object, carriers: Carrier[], found: number]>([
    ['nowhere', {}, [], 0],
    ['in the row of the room', { room: inbound(7) }, [], 7],
    ['in the row of an event', { room: inbound(3), event: inbound(7) }, [], 7],
    ['in a socket', { event: inbound(3) }, [carrier(inbound(7)), carrier(inbound(5))], 7],
  ])('are found %s', (_, rows, carriers, found) => {
    const { meter } = setUp(rows, carriers)
    expect(meter.counts()).toMatchObject({ inboundMessages: found, wakeUps: 1 })
  })
})

describe('counts that cannot be read', () => {
  it('[R1] keep no room shut; nothing is kept over them, and they are found later', () => {
    const room = carrier(inbound(7))
    const { kept, meter, heal } = setUpBroken([room])
    expect(meter.counts()).toMatchObject({ inboundMessages: 0, wakeUps: 1 })
    meter.inboundMessages++
    expect(kept.carriedBy({ seq: 1, at: 0, type: 'message' })).toBeUndefined()
    kept.rested('room', true)
    expect(room.counts).toBe(inbound(7))
    heal()
    kept.rested('room', true)
    expect(inboundIn(room.counts)).toBe(8)
  })
})

describe('the counts of a room that falls quiet', () => {
  it('go to a socket, and to another when that one has gone', () => {
    const first = { counts: undefined as string | undefined, gone: false }
    const second = carrier()
    const { kept, meter } = setUp({}, [first, second])
    meter.inboundMessages = 1
    kept.rested('room', false)
    expect(first.counts).toBeUndefined()
    kept.rested('room', true)
    expect([first.counts, second.counts].map(inboundIn)).toEqual([1, Number.NaN])
    first.gone = true
    meter.inboundMessages = 2
    kept.rested('room', true)
    expect([first.counts, second.counts].map(inboundIn)).toEqual([1, 2])
  })
})

describe('[C1] the counts of a room that talks', () => {
  it('ride in the row of an event once a second, and in every 256th at least', () => {
    const { kept } = setUp()
    const rides = (seq: number, at: number) =>
      kept.carriedBy({ seq, at, type: 'message' }) !== undefined
    expect(rides(1, 0)).toBe(true)
    expect(rides(2, 999)).toBe(false)
    expect(rides(3, 1000)).toBe(true)
    expect(rides(258, 1000)).toBe(false)
    expect(rides(259, 1000)).toBe(true)
    expect(rides(260, 500)).toBe(true)
    kept.forget()
    expect(rides(260, 500)).toBe(true)
  })

  it('count the row and the message that they ride in', () => {
    const { kept } = setUp()
    expect(kept.carriedBy({ seq: 1, at: 0, type: 'message' })).toMatch(/^\d+ 1 .* 1$/)
    expect(kept.carriedBy({ seq: 2, at: 1000, type: 'edit' })).toMatch(/^\d+ 0 .* 1$/)
  })

  it('are a row of their own only after a thousand messages without an event that carries them', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const { kept, meter, written } = setUp()
    for (let count = 1; count <= 2500; count++) {
      meter.inboundMessages++
      if (count === 1500) kept.carriedBy({ seq: 1, at: 0, type: 'message' })
      kept.rested('a-room', false)
    }
    expect(written.map(inboundIn)).toEqual([1000, 2500])
    const lines = log.mock.calls.map(([line]) => JSON.parse(line))
    expect(lines).toMatchObject([
      { event: 'room-cost', room: 'a-room', inboundMessages: 1000 },
      { event: 'room-cost', room: 'a-room', inboundMessages: 2000 },
    ])
  })
})
