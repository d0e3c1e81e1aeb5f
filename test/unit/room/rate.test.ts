import { describe, expect, it } from 'vitest'
import { RateBuckets, TokenBucket } from '../../../src/room/limits/rate.ts'
import { FakeRoom, person } from '../../support/fake-room.ts'

const RATE = { perSecond: 1, burst: 5 }
const NOW = 1e12
const HOUR = 3_600_000

/** How many are taken before one is not. */
function taken(take: () => boolean): number {
  let count = 0
  while (count < 100 && take()) count++
  return count
}

describe('a clock that goes back', () => {
  it('[R3] takes nothing from whoever waits, nor gives anything', () => {
    const bucket = new TokenBucket(RATE)
    const buckets = new RateBuckets(RATE)
    for (const take of [
      (now: number) => bucket.take(now),
      (now: number) => buckets.take('ann', now),
    ]) {
      expect(taken(() => take(NOW))).toBe(5)
      expect(taken(() => take(NOW - HOUR))).toBe(0)
      expect(taken(() => take(NOW - HOUR + 2000))).toBe(2)
      expect(taken(() => take(NOW - HOUR + 9000))).toBe(5)
    }
  })

  it('[R3] does not keep a person from speaking, who has spoken before', () => {
    const room = new FakeRoom({ sendPerSecond: 10, sendBurst: 50 })
    const ann = room.connect(person('ann'))
    room.say(ann, 'before')
    room.now -= HOUR
    room.say(ann, 'after', 'r')
    expect(ann.take()).toMatchObject([{ command: 'RECEIPT', headers: { seq: '2' } }])
  })
})
