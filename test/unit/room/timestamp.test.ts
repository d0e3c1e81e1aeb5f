import fc from 'fast-check'
import { expect, it } from 'vitest'
import { timestamp } from '../../../src/room/log/timestamp.ts'

/** Milliseconds since 1970 that a Date can hold. */
const MOST = 8_640_000_000_000_000

it('a timestamp as text is what a Date says', () => {
  const moments = fc.oneof(
    fc.integer({ min: -MOST, max: MOST }),
    fc.date({ noInvalidDate: true }).map(Number),
    // Around the end of a day.
    fc
      .tuple(fc.nat(30_000), fc.integer({ min: -2, max: 2 }))
      .map(([day, ms]) => day * 86_400_000 + ms),
  )
  fc.assert(
    fc.property(fc.array(moments), (all) => {
      expect(all.map(timestamp)).toEqual(all.map((at) => new Date(at).toISOString()))
    }),
  )
})
