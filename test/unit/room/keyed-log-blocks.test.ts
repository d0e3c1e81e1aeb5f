import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../src/room/keys/fingerprint.ts'
import type { KeyBlock } from '../../../src/room/keys/key-window.ts'
import { KeyedLog } from '../../../src/room/keys/keyed-log.ts'
import { KEY_BLOCK, KEY_SPAN } from '../../../src/room/keys/stored-fingerprints.ts'
import type { Draft, Event } from '../../../src/room/log/event.ts'
import type { KeyedRows } from '../../../src/room/ports.ts'
import { MemoryLog } from '../../support/memory-log.ts'

const SEED = 42
const START = Date.UTC(2026, 10, 21)
const HOUR = 3_600_000
/** Small, so that a few events cross many borders. */
const SMALL = { block: 16, span: 64, events: 100, time: 24 * HOUR, most: 1000 }
const small = (log: KeyedRows) => new KeyedLog(log, SEED, SMALL)

const sender = { id: 'ann', name: 'Ann' }

/** Appends so many events with the keys k1, k2 … */
function fill(log: KeyedRows, count: number, keyed: { append(draft: Draft): unknown }) {
  for (let n = 0; n < count; n++) {
    const idempotencyKey = `k${log.head() + 1}`
    keyed.append({ type: 'message', at: START, sender, content: 'x', idempotencyKey })
  }
}

/** Counts what is read of a log from now on. */
function watched(log: KeyedRows) {
  const read = { statements: 0, blocks: 0, keysOf: 0, events: 0 }
  const blocks = log.blocks.bind(log)
  const keys = log.keys.bind(log)
  const find = log.find.bind(log)
  log.blocks = (seqs) => {
    read.statements++
    read.blocks += seqs.length
    return blocks(seqs)
  }
  log.keys = (after, upTo) => {
    read.keysOf += upTo - after
    return keys(after, upTo)
  }
  log.find = (seq) => {
    read.events++
    return find(seq)
  }
  return read
}

/** A log of so many events without keys, one each `ms`; the last one at START. */
class VastLog extends MemoryLog {
  readonly #head: number
  readonly #ms: number

  constructor(head: number, ms: number) {
    super()
    this.#head = head
    this.#ms = ms
  }

  override head(): number {
    return this.#head
  }

  override find(seq: number): Event | undefined {
    const at = START - (this.#head - seq) * this.#ms
    return { seq, type: 'message', at, sender, content: 'x' }
  }

  override *blocks(seqs: readonly number[]): Iterable<KeyBlock> {
    for (const seq of seqs) {
      const length = seq % KEY_SPAN === 0 ? KEY_SPAN : KEY_BLOCK
      yield { seq, fingerprints: new Uint32Array(length) }
    }
  }
}

describe('the rows that the first key after a wake-up reads', () => {
  it.each<[what: string, events: number, ms: number, spans: number, blocks: number]>([
    ['of a small room', 1000, 1000, 0, 3],
    ['of a long log in which little is said', 1_000_000, HOUR, 3, 2],
    ['of a day with 100,000 events', 1_000_000, 864, (100_000 * 26) / 24 / KEY_SPAN, 2],
    ['of a million events in a day', 1_000_000, 86, 244, 2],
    ['of more than a million in a day', 9_000_000, 1, 245, 4],
  ])('are one a span that may be known: %s', (_, events, ms, spans, blocks) => {
    const log = new VastLog(events, ms)
    const read = watched(log)
    const keyed = new KeyedLog(log, SEED)
    expect(keyed.find('ann', 'none', START)).toBeUndefined()
    expect(read).toMatchObject({ keysOf: events % KEY_BLOCK })
    expect(read.statements).toBeLessThanOrEqual(2)
    expect(Math.abs(read.blocks - blocks - spans)).toBeLessThanOrEqual(1)
    expect(read.events).toBeLessThanOrEqual(12)
    // The next keys read nothing.
    const before = { ...read }
    for (let n = 0; n < 100; n++) expect(keyed.find('ann', `${n}`, START)).toBeUndefined()
    expect(read).toEqual(before)
  })

  it('[R3] are read again where they could not be read', () => {
    const log = new MemoryLog()
    const keyed = small(log)
    fill(log, 500, keyed)
    const blocks = log.blocks.bind(log)
    for (const seq of [499, 250, 1]) {
      keyed.forget()
      log.blocks = () => {
        throw new Error('the disk is broken')
      }
      expect(() => keyed.find('ann', `k${seq}`, START)).toThrow('the disk is broken')
      log.blocks = blocks
      expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    }
  })

  it('[R1] are no more in memory than a quarter above what is known, however much is said', () => {
    const log = new MemoryLog()
    const keyed = small(log)
    for (let n = 1; n <= 8000; n++) {
      fill(log, 1, keyed)
      const known = keyed.find('ann', `k${n - 40}`, START)
      expect(known).toBe(n > 40 ? n - 40 : undefined)
      // The smallest window has room for 1,024 more.
      expect(keyed.size).toBeLessThanOrEqual(SMALL.most + SMALL.span + 1024)
    }
  })
})

describe('a key of a block', () => {
  const { block } = SMALL
  const COUNT = 30 * block + 3
  const seqs = [0, block, 2 * block, 3 * block, 4 * block, 15 * block, 29 * block]
    .flatMap((before) => [1, 2, block - 1, block].map((place) => before + place))
    .concat(COUNT)

  it.each<[what: string, write: (log: MemoryLog) => void]>([
    ['as it is written', (log) => fill(log, COUNT, small(log))],
    [
      'by a version that wrote more behind the fingerprints',
      (log) => {
        log.stored = (block) => Uint32Array.of(...block, ...block)
        fill(log, COUNT, small(log))
      },
    ],
    [
      'by a version without spans',
      (log) => {
        log.stored = (carried) => carried.subarray(0, block)
        fill(log, COUNT, small(log))
      },
    ],
    [
      'by that version up to its middle',
      (log) => {
        log.stored = (carried) => carried.subarray(0, block)
        fill(log, 14 * block + 5, small(log))
        log.stored = (carried) => carried
        fill(log, COUNT - log.head(), small(log))
      },
    ],
    [
      'by a version without blocks up to its middle',
      (log) => {
        fill(log, 15 * block + 5, log)
        fill(log, COUNT - log.head(), small(log))
      },
    ],
    ['by that version', (log) => fill(log, COUNT, log)],
  ])('[L5] is found, evicted or not: %s', (_, write) => {
    const log = new MemoryLog()
    write(log)
    const keyed = small(log)
    for (const seq of seqs) expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    expect(keyed.find('bob', 'k1', START)).toBeUndefined()
    for (const seq of seqs) {
      keyed.forget()
      expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    }
  })

  it('has its fingerprint in the rows of the last events of its block and of its span', () => {
    const log = new MemoryLog()
    const rows: (Uint32Array | undefined)[] = []
    const append = log.append.bind(log)
    log.append = (draft, block, asked) => {
      rows.push(block?.slice())
      return append(draft, block, asked)
    }
    const keyed = small(log)
    fill(log, block + 5, keyed)
    keyed.forget()
    fill(log, 8 * block - 5, keyed)
    const carried = rows.flatMap((row, index) => (row ? [{ seq: index + 1, row }] : []))
    const ends = Array.from({ length: 9 }, (_, n) => (n + 1) * block)
    expect(carried.map(({ seq }) => seq)).toEqual(ends)
    const fingerprints = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, n) => fingerprintOf(`ann\nk${first + n}`, SEED))
    for (const { seq, row } of carried) {
      // Versions before read it so: as many as the block has events, in the order of these.
      const own = fingerprints(seq - block + 1, seq)
      const isSpan = seq % SMALL.span === 0
      const others = isSpan ? fingerprints(seq - SMALL.span + 1, seq - block) : []
      expect([...row], `row ${seq}`).toEqual([...own, ...others])
    }
  })
})
