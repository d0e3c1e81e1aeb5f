// The load of the bench: whatever it counts wrongly would be told of the room.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankMark, MARK_LENGTH, Marks, noCounts, writeMark } from '../bench/load/marks.ts'
import { median, spread } from '../bench/load/spread.ts'
import { frame } from '../bench/load/wire.ts'

/** A message as it is heard. @param at milliseconds. */
function heard(sender: number, timed: boolean, at: number, around = ''): Buffer {
  const bytes = Buffer.from(`${around}${blankMark(sender)}${around}`)
  writeMark(bytes, around.length, timed, at)
  return bytes
}

/** Bytes in pieces that end at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length]
  ends.sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

describe('marks', () => {
  it('counts each once, wherever the stream is cut', () => {
    const around = fc.constantFrom('', 'x', '#', '#~', '##~x', 'content')
    const message = fc.record({ sender: fc.nat(9999), timed: fc.boolean(), around })
    const places = fc.array(fc.nat(2000), { maxLength: 12 })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), places, (messages, places) => {
        const stream = Buffer.concat(
          messages.map((each) => heard(each.sender, each.timed, 1, each.around)),
        )
        const counts = noCounts()
        const marks = new Marks(7)
        for (const piece of cut(stream, places)) marks.count(piece, 3, counts, true)
        expect(counts.heard).toBe(messages.length)
        expect(counts.latencies).toEqual(messages.filter(({ timed }) => timed).map(() => 2))
        const own = messages.filter(({ sender }) => sender === 7)
        expect(counts.roundTrips).toEqual(own.map(() => 2))
      }),
    )
  })

  it('looks for no own mark where nobody talks', () => {
    const counts = noCounts()
    new Marks(7).count(heard(7, false, 1), 2, counts, false)
    expect(counts).toEqual({ heard: 1, latencies: [], roundTrips: [] })
  })

  it('tells microseconds', () => {
    const counts = noCounts()
    new Marks(0).count(heard(0, true, 12_345.678), 12_346, counts, false)
    expect(counts.latencies[0]).toBeCloseTo(0.322, 6)
    expect(MARK_LENGTH).toBe(blankMark(0).length)
  })
})

describe('a WebSocket message', () => {
  it.each([
    [0, 6],
    [125, 6],
    [126, 8],
    [65_535, 8],
  ])('of %i bytes has a header of %i', (length, header) => {
    const bytes = frame('x'.repeat(length))
    expect(bytes.length).toBe(header + length)
    expect(bytes[0]).toBe(0x81)
    expect(bytes[1]).toBe(0x80 | Math.min(length, 126))
    expect(bytes.subarray(header - 4, header)).toEqual(Buffer.alloc(4))
  })

  it('is not longer than its header can tell', () => {
    expect(() => frame('x'.repeat(65_536))).toThrow()
  })
})

describe('spread', () => {
  it('takes the value that so many are not above', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(spread(values)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 })
    expect(spread([3])).toEqual({ count: 1, p50: 3, p95: 3, p99: 3, max: 3 })
    expect(spread([]).p50).toBeNaN()
  })

  it('has a median', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
  })
})
