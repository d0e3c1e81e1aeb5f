import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, placesIn, slice, sliceOf } from '../../../src/room/keys/slices.ts'

/** Many that differ in few bits, the least and the greatest, and none. */
const mark = fc.oneof(
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.integer({ min: 0, max: 9 }),
  fc.integer({ min: 0xffff_fff0, max: 0xffff_ffff }),
)

describe.each([
  { span: 1, block: 1, part: 1 },
  { span: 8, block: 8, part: 8 },
  { span: 16, block: 4, part: 4 },
  { span: 64, block: 4, part: 16 },
  { span: 65_536, block: 256, part: 4096 },
])('a span in slices: %j', ({ part, ...size }) => {
  const { span, block } = size
  const count = span / block
  const given = fc.array(mark, { maxLength: Math.min(span, 100) })
  const world = fc.tuple(given, fc.nat(span)).map(([some, from]) => {
    const marks = new Uint32Array(span)
    marks.set(some, Math.min(from, span - some.length))
    return { some: some.filter((each) => each !== 0), marks }
  })
  const indexes = Array.from({ length: count }, (_, index) => index)
  const options = { numRuns: count > 99 ? 5 : 100 }

  it('has each fingerprint in one slice, where it was', () => {
    fc.assert(
      fc.property(world, given, ({ some, marks }, others) => {
        const slices = indexes.map((index) => slice(marks, index, size))
        expect(slices.reduce((sum, { length }) => sum + length, 0)).toBe(some.length)
        for (const each of [...some, ...others].filter((one) => one !== 0)) {
          const found = placesIn(slices[sliceOf(each, size)] ?? marks, each, size)
          expect(found).toEqual(found.toSorted((a, b) => b - a))
          // The last bits are not there: another that differs in those alone is found too.
          const alike = [...marks.keys()].filter(
            (place) =>
              marks[place] !== 0 &&
              Math.floor((marks[place] ?? 0) / block) === Math.floor(each / block),
          )
          expect(found.toReversed()).toEqual(alike)
        }
      }),
      options,
    )
  })

  it('is put together from the slices of shorter spans', () => {
    fc.assert(
      fc.property(world, fc.nat(count - 1), ({ marks }, index) => {
        const partSize = { span: part, block }
        const parts = Array.from({ length: span / part }, (_, number) =>
          slice(
            marks.subarray(number * part, (number + 1) * part),
            Math.floor((index * part) / span),
            partSize,
          ),
        )
        expect(joined(parts, partSize, index, size)).toEqual(slice(marks, index, size))
      }),
      options,
    )
  })
})
