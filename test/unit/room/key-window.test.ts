import { describe, expect, it } from 'vitest'
import { KeyWindow } from '../../../src/room/keys/key-window.ts'

const BASE = 1000
/** Some of one bucket, one of all bits, and one of none that a key has. */
const MARKS = [7, 7 + 2 ** 16, 0, 7, 0xffff_ffff, 0, 7 + 2 ** 17, 7]

describe.each([0, 15, 100])('a window of fingerprints, after %i looks', (looks) => {
  function window() {
    const window = new KeyWindow(BASE, 2 * MARKS.length)
    window.add(BASE, MARKS)
    for (let n = 0; n < looks; n++) expect([...window.find(99)]).toEqual([])
    return window
  }
  const seqs = (mark: number, base = BASE) =>
    MARKS.flatMap((each, index) => (each === mark ? [base + index + 1] : [])).reverse()

  it.each([7, 7 + 2 ** 16, 7 + 2 ** 17, 0xffff_ffff, 8])('finds %i, newest first', (mark) => {
    expect([...window().find(mark)]).toEqual(seqs(mark))
  })

  it('finds what came later too', () => {
    const whole = window()
    whole.add(BASE + MARKS.length, MARKS)
    const expected = [...seqs(7, BASE + MARKS.length), ...seqs(7)]
    for (let n = 0; n < 20; n++) expect([...whole.find(7)]).toEqual(expected)
  })
})
