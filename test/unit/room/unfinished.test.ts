import { deserialize, serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { openedSession, type Session } from '../../../src/room/connections/session.ts'
import { lateAt, withPartial } from '../../../src/room/connections/unfinished-frame.ts'
import { person } from '../../support/fake-room.ts'

const MOST = 10_000
const NOW = 1e12

/** A connection whose frames come in pieces; every piece finds it as an eviction would leave it. */
class Pieces {
  now = NOW
  session: Session = openedSession(person('ann'), { id: 's', version: 1 }, NOW)

  /** Milliseconds that the rest may take. */
  get left(): number {
    return lateAt(this.session, MOST) - this.now
  }

  /**
   * After so many milliseconds a message is read: whether a frame was finished, and whether one is
   * begun.
   */
  read(after: number, hasFinished: boolean, partial: boolean): void {
    this.now += after
    const next = withPartial(this.session, { hasFinished, partial, now: this.now, most: MOST })
    this.session = deserialize(serialize(next))
  }
}

describe('the time that frames may stay unfinished', () => {
  it('[R4] is counted from the first byte of each, whatever comes of it', () => {
    const pieces = new Pieces()
    pieces.read(0, false, true)
    expect(pieces.left).toBe(MOST)
    for (let n = 0; n < 9; n++) pieces.read(1000, false, true)
    expect(pieces.left).toBe(1000)
    pieces.read(999, true, true)
    expect(pieces.left).toBe(MOST)
  })

  it('[R4] [H1] ends for one half frame after the other, 8.5 s apart, however often it is evicted', () => {
    const pieces = new Pieces()
    pieces.read(0, false, true)
    let halves = 1
    for (; pieces.left > 8500 && halves < 100; halves++) pieces.read(8500, true, true)
    expect(halves).toBe(4)
    expect(pieces.now + pieces.left - NOW).toBe(30_000)
  })

  it('[R4] keeps a room awake for a fortieth of the time at most, whatever the pauses are', () => {
    for (const pause of [1, 1000, 60_000, 600_000]) {
      const pieces = new Pieces()
      let awake = 0
      for (let n = 0; n < 500; n++) {
        pieces.read(pause, false, true)
        const waits = Math.min(8500, Math.max(0, pieces.left))
        awake += waits
        pieces.read(waits, true, false)
      }
      expect(awake - 30_000).toBeLessThan((pieces.now - NOW) / 40)
    }
  })

  it('[R4] is there for whoever is slow now and then', () => {
    const pieces = new Pieces()
    for (let n = 0; n < 1000; n++) {
      pieces.read(600_000, false, true)
      expect(pieces.left).toBe(MOST)
      pieces.read(8000, true, false)
    }
  })

  it('is left to whoever sends frames in pieces that come at once', () => {
    const pieces = new Pieces()
    for (let n = 0; n < 1000; n++) {
      pieces.read(100, false, true)
      pieces.read(1, true, false)
    }
    pieces.read(0, false, true)
    expect(pieces.left).toBe(MOST)
  })
})
