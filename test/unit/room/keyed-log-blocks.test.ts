import { describe, expect, it } from 'vitest'
import { KEY_BLOCK, KEY_SPANS } from '../../../src/room/keys/digests.ts'
import { fingerprint } from '../../../src/room/keys/fingerprint.ts'
import { KeyedLog } from '../../../src/room/keys/keyed-log.ts'
import { slice } from '../../../src/room/keys/slices.ts'
import {
  IDEMPOTENCY_EVENTS,
  IDEMPOTENCY_MOST,
  IDEMPOTENCY_TIME,
} from '../../../src/room/limits/limits.ts'
import type { Digest, Draft, Kept, Log, Place } from '../../../src/room/log/event.ts'
import { MemoryLog } from '../../support/memory-log.ts'

const SEED = 42
const START = Date.UTC(2026, 10, 21)
const { short, long } = KEY_SPANS
/** Small ones, that many events cross many borders of. */
const SMALL = { block: 16, short: 64, long: 512 }
const small = (log: Log) =>
  new KeyedLog(log, SEED, {
    ...{ events: IDEMPOTENCY_EVENTS, time: IDEMPOTENCY_TIME, most: IDEMPOTENCY_MOST },
    ...SMALL,
  })

const sender = { id: 'ann', name: 'Ann' }

/** Appends so many events with the keys k1, k2 … */
function fill(
  log: Log,
  count: number,
  keyed: { append(draft: Draft): unknown } = new KeyedLog(log, SEED),
) {
  for (let n = 0; n < count; n++) {
    const idempotencyKey = `k${log.head() + 1}`
    keyed.append({ type: 'message', at: START, sender, content: 'x', idempotencyKey })
  }
}

/** What is read of a log from now on. */
function watched(log: Log) {
  const read = { statements: 0, rows: 0, keysOf: 0 }
  const kept = log.kept.bind(log)
  const keys = log.keys.bind(log)
  log.kept = (places) => {
    read.statements++
    read.rows += places.length
    return kept(places)
  }
  log.keys = (after, upTo) => {
    read.keysOf += upTo - after
    return keys(after, upTo)
  }
  return read
}

/** A log of so many events of one moment, as if each row had been written: all that is asked of it at waking. */
class VastLog extends MemoryLog {
  readonly #head: number

  constructor(head: number) {
    super()
    this.#head = head
  }

  override head(): number {
    return this.#head
  }

  override *kept(places: readonly Place[]): Iterable<Kept> {
    for (const [what, seq] of places) {
      yield { what, seq, at: START, marks: new Uint32Array(what === 'whole' ? short : KEY_BLOCK) }
    }
  }
}

describe('the rows that a key is looked for in', () => {
  it.each<[what: string, events: number, age: number, rows: number]>([
    ['of a small room', 1000, 0, 3],
    ['of a long log', 100_000, 0, 1 + 6 + 23],
    ['of a million in a day', 1_000_000, 0, 1 + 2 + 19 + 14],
    ['of more than a million', 30 * long - 1, 0, 1 + 15 + 30 + 14],
    // Those that are too old are read with the others.
    ['of the newest 10,000, which are old', 15_000, 2 * IDEMPOTENCY_TIME, 1 + 10 + 2],
    ['of these among many', 56_400, 2 * IDEMPOTENCY_TIME, 1 + 12 + 12],
  ])('are few: %s', (_, events, age, rows) => {
    const log = new VastLog(events)
    const read = watched(log)
    const keyed = new KeyedLog(log, SEED)
    expect(keyed.find('ann', 'none', START + age)).toBeUndefined()
    expect(read).toEqual({ statements: 1, rows, keysOf: events % KEY_BLOCK })
    // What was too old stays so, and what was read is not read again.
    expect(keyed.find('ann', 'none', START + age)).toBeUndefined()
    expect(read.rows).toBe(rows)
    keyed.forget()
    expect(keyed.find('ann', 'none', START + age)).toBeUndefined()
    expect(read.rows).toBe(2 * rows)
  })

  it('are one of each super block for other keys, until all are in memory', () => {
    const log = new VastLog(1_000_000)
    const read = watched(log)
    const keyed = new KeyedLog(log, SEED)
    for (let n = 0; n < 5000; n++) keyed.find('ann', `none ${n}`, START)
    expect(read.rows).toBe(1 + 2 + 19 * 16 + 14 * 256)
  })

  it('[R3] are read again where they could not be read', () => {
    const log = new MemoryLog()
    fill(log, 3 * SMALL.long, small(log))
    const keyed = small(log)
    const kept = log.kept.bind(log)
    for (const seq of [3 * SMALL.long - 1, 2 * SMALL.long - 1, 1]) {
      log.kept = () => {
        throw new Error('the disk is broken')
      }
      expect(() => keyed.find('ann', `k${seq}`, START)).toThrow('the disk is broken')
      log.kept = kept
      expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
      keyed.forget()
    }
  })

  it.each([false, true])(
    '[R1] are no more in memory than a window has (all repeated: %s)',
    (all) => {
      const sizes = { block: 4, short: 16, long: 64 }
      const limits = { ...sizes, events: 32, time: 1000, most: 128 }
      const log = new MemoryLog()
      const keyed = new KeyedLog(log, SEED, limits)
      for (let n = 1; n <= 1000; n++) {
        fill(log, 1, keyed)
        // One that is found ends the search before it comes to what is too old.
        const found = keyed.find('ann', all && n > 40 ? `k${n - 40}` : 'none', START)
        expect(found).toBe(all && n > 40 ? n - 40 : undefined)
        // Two short spans, and those that the window touches until the next long one is full.
        expect(keyed.size).toBeLessThanOrEqual(2 * 16 + 128 + 2 * 64)
      }
    },
  )
})

describe('a key of a span', () => {
  const { block, short, long } = SMALL
  const COUNT = 2 * long + 2 * short + block + 3
  const places = [1, 2, block - 1, block, block + 1, short - 1, short]
  const seqs = [0, short, 2 * short, long - short, long, 2 * long - short, 2 * long]
    .flatMap((before) => places.map((place) => place + before))
    .concat(COUNT)
  const blocksAlone = (digest: Digest): Digest => ({ block: digest.block })

  it.each<[what: string, write: (log: MemoryLog) => void]>([
    ['as it is written', (log) => fill(log, COUNT, small(log))],
    [
      'by a version that knew blocks alone',
      (log) => {
        log.stored = blocksAlone
        fill(log, COUNT, small(log))
      },
    ],
    [
      'by that version up to its middle',
      (log) => {
        const { stored } = log
        log.stored = blocksAlone
        fill(log, long + short + 5, small(log))
        log.stored = stored
        fill(log, COUNT - log.head(), small(log))
      },
    ],
    ['by one that knew neither', (log) => fill(log, COUNT, log)],
  ])('[L5] is found, evicted or not: %s', (_, write) => {
    const log = new MemoryLog()
    write(log)
    const keyed = small(log)
    for (const seq of seqs) expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    expect(keyed.find('bob', 'k1', START)).toBeUndefined()
    for (const seq of seqs.slice(0, 5)) {
      keyed.forget()
      expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    }
  })

  it.each([2 * short, 2 * long])(
    '[L5] is found among the newest while a span becomes full, and the one before has its slices: %i',
    (full) => {
      const log = new MemoryLog()
      const keyed = small(log)
      fill(log, full - 1, keyed)
      for (let n = 0; n < 3; n++) {
        expect(keyed.find('ann', `k${log.head()}`, START)).toBe(log.head())
        expect(keyed.find('ann', 'k1', START)).toBe(1)
        fill(log, 1, keyed)
      }
    },
  )

  it('stands in the row of the last event of its block, and in a slice in the span after its own', () => {
    const log = new MemoryLog()
    fill(log, 2 * long, small(log))
    const marks = Uint32Array.from({ length: 2 * long }, (_, index) =>
      fingerprint(`ann\nk${index + 1}`, SEED),
    )
    const cut = (row: number, span: number) => {
      const end = Math.floor((row - 1) / span) * span
      const size = { span, block: block }
      return end === 0
        ? undefined
        : slice(marks.subarray(end - span, end), (row - end) / block - 1, size)
    }
    for (let row = block; row <= 2 * long; row += block) {
      const kept = (what: keyof Digest) => [...log.kept([[what, row]])][0]?.marks
      expect(kept('block')).toEqual(marks.slice(row - block, row))
      expect(kept('whole')).toEqual(row % short === 0 ? marks.slice(row - short, row) : undefined)
      expect(kept('short')).toEqual(cut(row, short))
      expect(kept('long')).toEqual(cut(row, long))
    }
  })

  it('leaves its slice empty where none of its events has a key', () => {
    const log = new MemoryLog()
    const keyed = small(log)
    for (let n = 0; n < short + block; n++) {
      keyed.append({ type: 'message', at: START, sender, content: 'x' })
    }
    const row = log.head()
    expect([...log.kept([['short', row]])]).toEqual([
      { what: 'short', seq: row, at: START, marks: new Uint32Array() },
    ])
  })
})
