import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Decoder } from '../../../src/stomp/decoder.ts'
import { check } from '../../deep/fuzz/check.ts'
import { scaled } from '../../support/scaled.ts'

describe('nearly right frames', () => {
  it('[R1] [STOMP B5] give frames or one coded error, the same however they are cut', () => {
    const ends = new Set<string>()
    for (let seed = 1; seed <= scaled(1000, 100_000); seed++) ends.add(check(seed))
    // So that the generator is known to reach every kind of end.
    expect([...ends].sort()).toEqual([
      'command-unknown',
      'frame-malformed',
      'frame-too-large',
      'partial',
      'whole',
    ])
  })
})

/** Counts the bytes that are looked at or copied while `work` runs. */
function touched(work: () => void): number {
  let count = 0
  const { indexOf, includes, set } = Uint8Array.prototype
  const spies = [
    vi.spyOn(Uint8Array.prototype, 'indexOf').mockImplementation(function (
      this: Uint8Array,
      byte: number,
      from = 0,
    ) {
      const found = indexOf.call(this, byte, from)
      count += (found === -1 ? this.length : found + 1) - from
      return found
    }),
    vi.spyOn(Uint8Array.prototype, 'includes').mockImplementation(function (
      this: Uint8Array,
      byte: number,
    ) {
      count += this.length
      return includes.call(this, byte)
    }),
    vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (
      this: Uint8Array,
      source: ArrayLike<number>,
      at?: number,
    ) {
      count += source.length
      return set.call(this, source, at)
    }),
  ]
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  work()
  for (const spy of spies) spy.mockRestore()
  return count
}

function decodeInPieces(stream: Uint8Array, piece: number): void {
  const limits = { frame: 1e7, frameBeforeConnect: 1, headerLine: 1e6, headers: 1e6 }
  const decoder = new Decoder(limits)
  let frames = 0
  for (let at = 0; at < stream.length; at += piece) {
    decoder.write(stream.slice(at, at + piece))
    while (decoder.next('1.2')) frames++
  }
  if (frames === 0) throw new Error('no frame was read')
}

describe('decoding touches each byte a constant number of times', () => {
  const SHAPES: [name: string, stream: (size: number) => string][] = [
    ['one long body', (size) => `SEND\n\n${'x'.repeat(size)}\0`],
    [
      'one long body of a given length',
      (size) => `SEND\ncontent-length:${size}\n\n${'x'.repeat(size)}\0`,
    ],
    ['one long header', (size) => `SEND\nx:${'y'.repeat(size)}\n\n\0`],
    ['many headers', (size) => `SEND\n${'x:y\n'.repeat(size / 4)}\n\0`],
    ['many frames', (size) => 'SEND\n\nxy\0'.repeat(size / 9)],
    ['many line ends', (size) => `${'\n'.repeat(size)}SEND\n\n\0`],
  ]
  const cases = SHAPES.flatMap(([name, stream]) =>
    [1, 7, 1e9].map(
      (piece) => [name, piece === 1e9 ? 'whole' : `${piece} at a time`, stream, piece] as const,
    ),
  )

  it.each(cases)('%s, %s: twice the size is twice the work', (_name, _how, stream, piece) => {
    const work = (size: number) => {
      const bytes = new TextEncoder().encode(stream(size))
      return touched(() => decodeInPieces(bytes, piece)) / bytes.length
    }
    const [once, twice] = [work(900), work(1800)]
    expect(twice).toBeLessThan(8)
    expect(twice).toBeLessThan(once * 1.5 + 0.5)
  })
})
