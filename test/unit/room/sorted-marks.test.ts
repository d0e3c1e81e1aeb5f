import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SortedMarks } from '../../../src/room/sorted-marks.ts'

/** Many that differ in few bits, and the least and the greatest. */
const mark = fc.oneof(
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.integer({ min: 0, max: 9 }),
  fc.integer({ min: 0xffff_fff0, max: 0xffff_ffff }),
)

it('sorted fingerprints are those that were given, and no others', () => {
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 100 }), fc.array(mark), (given, others) => {
      const sorted = new SortedMarks(Uint32Array.from(given).sort())
      expect(sorted.size).toBe(given.length)
      for (const each of [...given, ...others]) expect(sorted.has(each)).toBe(given.includes(each))
    }),
  )
})
