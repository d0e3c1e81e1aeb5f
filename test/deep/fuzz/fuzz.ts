// `npm run fuzz -- --runs N --seed S`: N streams of nearly right frames against the decoder. It
// prints how they ended, and how time and memory grew; any failure names its seed.

import { parseArgs } from 'node:util'
import { Decoder } from '../../../src/stomp/decoder.ts'
import { check } from './check.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]

const ends = new Map<string, number>()
const before = process.memoryUsage().rss
const begun = performance.now()
let slowest = 0
for (let run = 0; run < runs; run++) {
  const start = performance.now()
  const end = check(seed + run)
  slowest = Math.max(slowest, performance.now() - start)
  ends.set(end, (ends.get(end) ?? 0) + 1)
}
const seconds = (performance.now() - begun) / 1000
const grown = (process.memoryUsage().rss - before) / 2 ** 20
console.log(
  `${runs} streams from seed ${seed} in ${seconds.toFixed(1)} s, the slowest ${slowest.toFixed(1)} ms`,
)
console.log(`memory grew by ${grown.toFixed(0)} MiB`)
console.table(Object.fromEntries(ends))

console.log('doubling the size of one frame, in milliseconds (best of 5):')
console.table(
  [256, 512, 1024, 2048].map((kib) => ({
    KiB: kib,
    'in one piece': decodeTime(kib * 1024, kib * 1024).toFixed(2),
    'in pieces of 16 KiB': decodeTime(kib * 1024, 16_384).toFixed(2),
    'one byte a piece': decodeTime(kib * 1024, 1).toFixed(1),
  })),
)

/** Milliseconds to decode one frame with a body of `size` bytes, given in pieces. */
function decodeTime(size: number, piece: number): number {
  const stream = new TextEncoder().encode(`SEND\ndestination:/x\n\n${'x'.repeat(size)}\0`)
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const limits = { frame: 2 ** 30, frameBeforeConnect: 1, headerLine: 100, headers: 10 }
    const decoder = new Decoder(limits)
    const start = performance.now()
    for (let at = 0; at < stream.length; at += piece) {
      decoder.write(stream.slice(at, at + piece))
      decoder.next('1.2')
    }
    if (decoder.frames !== 1) throw new Error('the frame was not read')
    best = Math.min(best, performance.now() - start)
  }
  return best
}
