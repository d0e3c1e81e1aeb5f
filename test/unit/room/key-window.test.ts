import { describe, expect, it } from 'vitest'
import { KeyWindow } from '../../../src/room/keys/key-window.ts'

const BASE = 1000
/** Some of one bucket, one of all bits, and one of none that a key has. */
const FINGERPRINTS = [7, 7 + 2 ** 16, 0, 7, 0xffff_ffff, 0, 7 + 2 ** 17, 7]

describe.each([0, 15, 100])('a window of fingerprints, after %i looks', (looks) => {
  function window() {
    const window = new KeyWindow(BASE, 2 * FINGERPRINTS.length)
    window.add(BASE, FINGERPRINTS)
    for (let n = 0; n < looks; n++) expect([...window.find(99)]).toEqual([])
    return window
  }
  const seqs = (fingerprint: number, base = BASE) =>
    FINGERPRINTS.flatMap((each, index) =>
      each === fingerprint ? [base + index + 1] : [],
    ).reverse()

  it.each([7, 7 + 2 ** 16, 7 + 2 ** 17, 0xffff_ffff, 8])(
    'finds %i, newest first',
    (fingerprint) => {
      expect([...window().find(fingerprint)]).toEqual(seqs(fingerprint))
    },
  )

  it('finds what came later too', () => {
    const whole = window()
    whole.add(BASE + FINGERPRINTS.length, FINGERPRINTS)
    const expected = [...seqs(7, BASE + FINGERPRINTS.length), ...seqs(7)]
    for (let n = 0; n < 20; n++) expect([...whole.find(7)]).toEqual(expected)
  })
})
