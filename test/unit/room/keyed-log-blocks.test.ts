import { describe, expect, it } from 'vitest'
import { KEY_BLOCK, KEY_SUPER_BLOCK } from '../../../src/room/key-digests.ts'
import { fingerprint } from '../../../src/room/key-table.ts'
import { KeyedLog } from '../../../src/room/keyed-log.ts'
import { IDEMPOTENCY_EVENTS, IDEMPOTENCY_MOST, IDEMPOTENCY_TIME } from '../../../src/room/limits.ts'
import type { KeptDigest, Log } from '../../../src/room/log.ts'
import { MemoryLog } from '../../support/memory-log.ts'

const SEED = 42
const START = Date.UTC(2026, 10, 21)
const SIZES = { block: KEY_BLOCK, superBlock: KEY_SUPER_BLOCK }
const LIMITS = { events: IDEMPOTENCY_EVENTS, time: IDEMPOTENCY_TIME, most: IDEMPOTENCY_MOST }
const sender = { id: 'ann', name: 'Ann' }

/** Appends so many events with the keys k1, k2 … */
function fill(log: Log, count: number, keyed: Pick<KeyedLog, 'append'> = new KeyedLog(log, SEED)) {
  for (let n = 0; n < count; n++) {
    const idempotencyKey = `k${log.head() + 1}`
    keyed.append({ type: 'message', at: START, sender, content: 'x', idempotencyKey })
  }
}

/** What is read of a log from now on. */
function watched(log: Log) {
  const read = { rows: 0, numbers: 0, keysOf: 0 }
  const digest = log.digest.bind(log)
  const keys = log.keys.bind(log)
  log.digest = (seq) => {
    const kept = digest(seq)
    read.rows++
    read.numbers += kept?.digest?.length ?? 0
    return kept
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
  readonly #sorted = new Uint32Array(KEY_BLOCK + 1 + KEY_SUPER_BLOCK)

  constructor(head: number) {
    super()
    this.#head = head
  }

  override head(): number {
    return this.#head
  }

  override digest(seq: number): KeptDigest {
    const length = seq % KEY_SUPER_BLOCK === 0 ? this.#sorted.length : KEY_BLOCK
    return { at: START, digest: this.#sorted.subarray(0, length) }
  }
}

describe('the rows that a key is looked for in', () => {
  const LONG = 100 * KEY_SUPER_BLOCK - 1
  it.each<[what: string, events: number, age: number, rows: number, most: number]>([
    ['of a small room', 1000, 0, 3, KEY_BLOCK],
    ['of a long log', 100_000, 0, 6 + 6, KEY_SUPER_BLOCK],
    ['of a million in a day', 1_000_000, 0, 61 + 2, KEY_SUPER_BLOCK],
    ['of more than a million', LONG, 0, 61 + 63, KEY_SUPER_BLOCK],
    ['of the newest 10,000, which are old', 15_000, 2 * IDEMPOTENCY_TIME, 40, KEY_BLOCK],
    ['of these among many', 56_400, 2 * IDEMPOTENCY_TIME, 28 + 2, KEY_SUPER_BLOCK],
  ])('are few: %s', (_, events, age, rows, most) => {
    const log = new VastLog(events)
    const read = watched(log)
    const keyed = new KeyedLog(log, SEED)
    expect(keyed.find('ann', 'none', START + age)).toBeUndefined()
    expect(read).toMatchObject({ rows, keysOf: events % KEY_BLOCK })
    expect(read.numbers).toBeLessThanOrEqual(rows * (KEY_BLOCK + 1 + most))
    // What was too old stays so, and what was read is not read again.
    expect(keyed.find('ann', 'another', START + age)).toBeUndefined()
    expect(read.rows).toBe(rows)
    keyed.forget()
    expect(keyed.find('ann', 'none', START + age)).toBeUndefined()
    expect(read.rows).toBe(2 * rows)
  })

  it.each([false, true])(
    '[R1] are no more in memory than a window has (all repeated: %s)',
    (all) => {
      const limits = { block: 4, superBlock: 16, events: 32, time: 1000, most: 64 }
      const log = new MemoryLog()
      const keyed = new KeyedLog(log, SEED, limits)
      for (let n = 1; n <= 1000; n++) {
        fill(log, 1, keyed)
        // One that is found ends the search before it comes to what is too old.
        const found = keyed.find('ann', all && n > 40 ? `k${n - 40}` : 'none', START)
        expect(found).toBe(all && n > 40 ? n - 40 : undefined)
        expect(keyed.size).toBeLessThanOrEqual(64 + 3 * 17)
      }
    },
  )
})

describe('a key of a super block', () => {
  const COUNT = 2 * KEY_SUPER_BLOCK + 300
  const places = [1, 2, 255, 256, 257, KEY_SUPER_BLOCK - 1, KEY_SUPER_BLOCK, KEY_SUPER_BLOCK + 1]
  const seqs = [...places, ...places.map((place) => place + KEY_SUPER_BLOCK), COUNT]

  it.each<[what: string, write: (log: Log) => void]>([
    ['as it is written', (log) => fill(log, COUNT)],
    [
      'by a version that knew blocks alone',
      (log) =>
        fill(log, COUNT, new KeyedLog(log, SEED, { ...LIMITS, ...SIZES, superBlock: 2 ** 30 })),
    ],
    [
      'by that version up to its middle',
      (log) => {
        const before = new KeyedLog(log, SEED, { ...LIMITS, ...SIZES, superBlock: 2 ** 30 })
        fill(log, KEY_SUPER_BLOCK + 5000, before)
        fill(log, COUNT - log.head())
      },
    ],
    ['by one that knew neither', (log) => fill(log, COUNT, log)],
  ])('[L5] is found, evicted or not: %s', (_, write) => {
    const log = new MemoryLog()
    write(log)
    const keyed = new KeyedLog(log, SEED)
    for (const seq of seqs) expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    expect(keyed.find('bob', 'k1', START)).toBeUndefined()
    for (const seq of seqs.slice(0, 5)) {
      keyed.forget()
      expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    }
  })

  it('[L5] is found among the newest while the table turns into a row', () => {
    const log = new MemoryLog()
    const keyed = new KeyedLog(log, SEED)
    fill(log, KEY_SUPER_BLOCK - 1, keyed)
    for (let n = 0; n < 3; n++) {
      expect(keyed.find('ann', `k${log.head()}`, START)).toBe(log.head())
      expect(keyed.find('ann', 'k1', START)).toBe(1)
      fill(log, 1, keyed)
    }
  })

  it('is found again without reading its blocks again', () => {
    const log = new MemoryLog()
    fill(log, KEY_SUPER_BLOCK)
    const read = watched(log)
    const keyed = new KeyedLog(log, SEED)
    expect(keyed.find('ann', 'k7', START)).toBe(7)
    const once = { ...read }
    expect(once.rows).toBe(1 + KEY_SUPER_BLOCK / KEY_BLOCK)
    for (let seq = 1; seq < 100; seq++) expect(keyed.find('ann', `k${seq}`, START)).toBe(seq)
    expect(read).toEqual(once)
  })

  it('stands in the row of its last event: its own block, and then all sorted, after a 0', () => {
    const log = new MemoryLog()
    fill(log, KEY_SUPER_BLOCK)
    const marks = Array.from({ length: KEY_SUPER_BLOCK }, (_, index) =>
      fingerprint(`ann\nk${index + 1}`, SEED),
    )
    expect(log.digest(KEY_SUPER_BLOCK)?.digest).toEqual(
      Uint32Array.of(...marks.slice(-KEY_BLOCK), 0, ...marks.toSorted((a, b) => a - b)),
    )
    expect(log.digest(KEY_BLOCK)?.digest).toEqual(Uint32Array.of(...marks.slice(0, KEY_BLOCK)))
  })

  it('has a row of its own kind where none of its events has a key', () => {
    const log = new MemoryLog()
    const keyed = new KeyedLog(log, SEED)
    for (let n = 0; n < KEY_SUPER_BLOCK; n++) {
      keyed.append({ type: 'message', at: START, sender, content: 'x' })
    }
    const read = watched(log)
    expect(keyed.find('ann', 'k', START)).toBeUndefined()
    expect(read).toEqual({ rows: 1, numbers: KEY_BLOCK + 1, keysOf: 0 })
  })
})
