import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KeyedLog, type KeyLimits } from '../../../src/room/keys/keyed-log.ts'
import type { Draft } from '../../../src/room/log/event.ts'
import { MemoryLog } from '../../support/memory-log.ts'

const SEED = 42
const HOUR = 3_600_000
const START = Date.UTC(2026, 10, 21)

/** Small, so that a few hundred events cross many borders. */
const SMALL: KeyLimits = {
  ...{ block: 4, span: 16, events: 24, time: 24 * HOUR, most: 250 },
}

/** What other versions stored. */
const BEFORE: Record<string, (block: Uint32Array) => Uint32Array | undefined> = {
  'no blocks': () => undefined,
  'no spans': (block) => block.subarray(0, SMALL.block),
  'more behind blocks': (block) => Uint32Array.of(...block, 0, ...block),
}

type Key = readonly [sender: string, key: string | undefined]

type Step =
  | { readonly does: 'append' | 'undo'; readonly keys: readonly Key[] }
  | { readonly does: 'append before'; readonly keys: readonly Key[]; readonly version: string }
  | { readonly does: 'append with no blocks'; readonly keys: readonly Key[] }
  | { readonly does: 'forget' | 'evict' | 'find' }
  | { readonly does: 'fail'; readonly key: Key }
  | { readonly does: 'wait' | 'set the clock back'; readonly time: number }

const keyOf: fc.Arbitrary<Key> = fc.tuple(
  fc.constantFrom('ann', 'bob'),
  fc.option(fc.constantFrom(...'abcdefghij'), { nil: undefined, freq: 3 }),
)
const keys = fc.array(keyOf, { minLength: 1, maxLength: 40, size: 'max' })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does: fc.constant('append' as const), keys }) },
  fc.record({ does: fc.constant('undo' as const), keys }),
  fc.record({
    does: fc.constant('append before' as const),
    keys,
    version: fc.constantFrom(...Object.keys(BEFORE)),
  }),
  fc.record({ does: fc.constant('append with no blocks' as const), keys }),
  { weight: 5, arbitrary: fc.record({ does: fc.constantFrom('forget', 'evict', 'find') }) },
  fc.record({ does: fc.constant('fail' as const), key: keyOf }),
  fc.record({ does: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 30 * HOUR }) }),
  fc.record({
    does: fc.constant('set the clock back' as const),
    time: fc.integer({ min: 0, max: HOUR - 1 }),
  }),
)

/** A room's log, and what each key must give by the rule alone, looked up among all events. */
class World {
  readonly log = new MemoryLog()
  keyed = new KeyedLog(this.log, SEED, SMALL)
  #time = START
  /** By which the clock is behind. */
  #behind = 0

  get now(): number {
    return this.#time - this.#behind
  }

  take(step: Step): void {
    switch (step.does) {
      case 'append':
        this.#append(step.keys, this.keyed)
        break
      case 'append before':
        this.#evict()
        this.log.stored = BEFORE[step.version] ?? this.log.stored
        this.#append(step.keys, this.keyed)
        this.log.stored = (block) => block
        this.#evict()
        break
      case 'append with no blocks':
        this.#append(step.keys, this.log)
        this.#evict()
        break
      case 'undo': {
        const undo = this.log.snapshot()
        this.#append(step.keys, this.keyed)
        this.known(this.byLog)
        undo()
        this.keyed.forget()
        break
      }
      case 'forget':
        this.keyed.forget()
        break
      case 'evict':
        this.#evict()
        break
      case 'fail':
        this.log.failure = new Error('the disk is full')
        expect(() => this.#append([step.key], this.keyed)).toThrow('the disk is full')
        this.log.failure = undefined
        break
      case 'wait':
        this.#time += step.time
        break
      case 'set the clock back':
        this.#behind = step.time
    }
  }

  /** What each key gives now, by the rule or by the log. */
  known(by: (sender: string, key: string) => number | undefined): Record<string, number> {
    const known: Record<string, number> = {}
    for (const sender of ['ann', 'bob']) {
      for (const key of 'abcdefghij') {
        const seq = by(sender, key)
        if (seq !== undefined) known[`${sender} ${key}`] = seq
      }
    }
    return known
  }

  byLog = (sender: string, key: string) => this.keyed.find(sender, key, this.now)

  byRule = (sender: string, key: string) =>
    this.log
      .messages()
      .findLast(
        ({ seq, at, sender: { id }, idempotencyKey }) =>
          idempotencyKey === key && id === sender && this.#isKnown(this.log.head() - seq, at),
      )?.seq

  #isKnown(age: number, at: number): boolean {
    return age < SMALL.events || (age < SMALL.most && at > this.now - SMALL.time)
  }

  #append(keys: readonly Key[], to: { append(draft: Draft): unknown }): void {
    for (const [id, key] of keys) {
      const keyed = key === undefined ? {} : { idempotencyKey: key }
      const sender = { id, name: id }
      to.append({ type: 'message', at: this.now, sender, content: 'x', ...keyed })
    }
  }

  #evict(): void {
    this.keyed = new KeyedLog(this.log, SEED, SMALL)
  }
}

it('[L5] a key gives what the rule says, whatever is in memory and whichever version wrote the rows [H1]', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }), (steps) => {
      const world = new World()
      for (const each of steps) {
        world.take(each)
        if (each.does === 'append' && each.keys.length % 2) continue
        expect(world.known(world.byLog)).toEqual(world.known(world.byRule))
      }
    }),
    { numRuns: 300 },
  )
})
