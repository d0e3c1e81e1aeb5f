// The worlds that are explored, and how many faults one history may have in each.

import type { World } from './world.ts'

export interface Bounded {
  readonly name: string
  readonly world: World
  /** At most so many in one history, of any kinds and in any order. */
  readonly faults: number
}

const ANY = Number.POSITIVE_INFINITY

/** The two senders, two readers and three messages. */
const WHOLE: World = { senders: [[1, 1], [1]], readers: 2 }

/** In which mistakes are looked for, the smallest first. */
export const SMALL: readonly Bounded[] = [
  { name: 'one message', world: { senders: [[1]], readers: 1 }, faults: ANY },
  { name: 'two messages', world: { senders: [[1, 1]], readers: 1 }, faults: ANY },
  { name: 'a transaction', world: { senders: [[2]], readers: 1 }, faults: ANY },
  { name: 'two senders', world: { senders: [[1], [1]], readers: 1 }, faults: ANY },
]

/** Explored in about three seconds. */
export const MIDDLE: readonly Bounded[] = [
  ...SMALL,
  { name: 'two readers', world: { senders: [[1, 1]], readers: 2 }, faults: ANY },
  { name: 'a transaction beside', world: { senders: [[2], [1]], readers: 1 }, faults: ANY },
  { name: 'the whole, one reader', world: { ...WHOLE, readers: 1 }, faults: ANY },
  { name: 'the whole, one fault', world: WHOLE, faults: 1 },
]

/** Explored in minutes. */
export const BIG: readonly Bounded[] = [
  { name: 'the whole', world: WHOLE, faults: ANY },
  { name: 'the whole with a transaction', world: { senders: [[2], [1]], readers: 2 }, faults: ANY },
  { name: 'three readers', world: { senders: [[1], [1]], readers: 3 }, faults: ANY },
  {
    name: 'four messages, two faults',
    world: {
      senders: [
        [1, 1],
        [1, 1],
      ],
      readers: 2,
    },
    faults: 2,
  },
]
