import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Meter } from '../../../../../src/objects/room/usage/meter.ts'

const NOW = Date.UTC(2026, 10, 21)

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})

afterEach(() => {
  vi.useRealTimers()
})

const active = (meter: Meter) => meter.counts().activeSeconds
const pass = (ms: number) => vi.advanceTimersByTime(ms)

describe('active time', () => {
  it('is that of the work, and none between', async () => {
    const meter = new Meter()
    meter.request(() => pass(3000))
    pass(60_000)
    await meter.during(async () => pass(2000))
    expect(active(meter)).toBe(5)
  })

  it('counts what is done at the same time once', () => {
    const meter = new Meter()
    for (const ms of [4000, 1000, 2500]) meter.later(ms, () => {})
    pass(10_000)
    expect(active(meter)).toBe(4)
  })

  it('is told while it runs', () => {
    const meter = new Meter()
    meter.later(10_000, () => {})
    pass(4000)
    expect(active(meter)).toBe(4)
  })

  it('[H2] is that of a timer too, from when it is set: it keeps the object from hibernating', () => {
    const meter = new Meter()
    let done = 0
    meter.later(5000, () => done++)
    pass(20_000)
    expect({ done, active: active(meter) }).toEqual({ done: 1, active: 5 })
    const callOff = meter.later(5000, () => done++)
    pass(1000)
    callOff()
    callOff()
    pass(20_000)
    expect({ done, active: active(meter) }).toEqual({ done: 1, active: 6 })
  })

  it('ends with work that fails', async () => {
    const meter = new Meter()
    const fail = () => {
      throw new Error('no')
    }
    expect(() => meter.request(fail)).toThrow('no')
    await expect(meter.during(async () => fail())).rejects.toThrow('no')
    pass(5000)
    expect(active(meter)).toBe(0)
  })
})

describe('rows', () => {
  it('are counted when their cursor was read, once', () => {
    const meter = new Meter()
    const cursor = { rowsRead: 0, rowsWritten: 0 }
    meter.add(cursor)
    meter.add({ rowsRead: 1, rowsWritten: 2 })
    cursor.rowsRead = 10
    expect(meter.counts()).toMatchObject({ rowsRead: 11, rowsWritten: 2 })
    expect(meter.counts()).toMatchObject({ rowsRead: 11, rowsWritten: 2 })
  })
})

it('[R2] keeps no cursor longer than the work that it is of', () => {
  const meter = new Meter()
  const cursor = { rowsRead: 3, rowsWritten: 0 }
  meter.later(60_000, () => {})
  meter.request(() => meter.add(cursor))
  cursor.rowsRead = 10
  expect(meter.counts().rowsRead).toBe(3)
})

describe('what a meter tells its keeper', () => {
  it('is after each piece of work, and whether nothing else is under way', () => {
    const told: boolean[] = []
    const meter = new Meter((quiet) => told.push(quiet))
    meter.later(10, () => meter.request(() => {}))
    pass(10)
    expect(told).toEqual([false, true])
  })
})

describe('a meter that goes on', () => {
  const used = () => {
    const meter = new Meter()
    meter.resume([])
    meter.request(() => {})
    meter.inboundMessages += 3
    meter.messages += 2
    meter.wakeUps += 1
    meter.add({ rowsRead: 7, rowsWritten: 5 })
    meter.request(() => pass(1234))
    return meter
  }

  it('has what was kept and what it counted since it began', () => {
    const text = used().text()
    pass(60_000)
    const meter = new Meter()
    meter.inboundMessages++
    meter.resume([text])
    expect(meter.counts()).toEqual({
      ...{ since: NOW, messages: 2, inboundMessages: 4, requests: 2, wakeUps: 1 },
      ...{ activeSeconds: 1.234, rowsRead: 7, rowsWritten: 5 },
    })
  })

  it('takes the newest of several texts', () => {
    const meter = used()
    const old = meter.text()
    meter.inboundMessages++
    const next = new Meter()
    next.resume([old, meter.text(), old])
    expect(next.counts()).toEqual(meter.counts())
  })

  it('begins now where nothing was kept', () => {
    const meter = new Meter()
    meter.resume([])
    pass(5000)
    expect(meter.counts()).toMatchObject({ since: NOW, rowsWritten: 0 })
  })

  it('counts the row that the text is stored in', () => {
    const next = new Meter()
    next.resume([used().checkpoint(NOW)])
    expect(next.counts()).toMatchObject({ messages: 2, rowsWritten: 6 })
  })

  it('begins with nothing once all of it is kept elsewhere', () => {
    const meter = used()
    meter.reset()
    expect(meter.counts()).toMatchObject({
      ...{ messages: 0, inboundMessages: 0, requests: 0, wakeUps: 0 },
      ...{ activeSeconds: 0, rowsRead: 0, rowsWritten: 0 },
    })
  })
})
