// Goes through every state that a machine can reach, breadth first, and holds its laws in each.
// Knows nothing of chat.

import { type Breach, compile } from './compile.ts'
import { findCycle } from './cycle.ts'
import type { Machine } from './machine.ts'
import { Search } from './search.ts'
import { traceOf } from './trace.ts'

export interface Exploration {
  readonly states: number
  /** Steps from one to another, in all interleavings. */
  readonly steps: number
  /** States at rest: nothing but a fault could change them. */
  readonly rests: number
  /** The names of the rules that had a part in it. */
  readonly used: ReadonlySet<string>
  readonly broken?: Counterexample
}

export interface Counterexample {
  /** The laws that the last state of the trace breaks, and how. */
  readonly breaches: readonly Breach[]
  readonly trace: readonly string[]
}

/**
 * Explores until every state was seen, or one breaks a law: then with a way there. That whatever
 * happens without faults comes to rest is a law too (E2).
 *
 * @param faults at most so many in one history. Infinity: as many as you like, and the way to a
 * broken
 *   law is the shortest one.
 */
export function explore<Part>(machine: Machine<Part>, faults: number): Exploration {
  const search = new Search(compile(machine), faults)
  const breach = search.run() ?? goingRound(search)
  const { size: states, steps, rests } = search
  const found = { states, steps, rests, used: search.compiled.used }
  if (!breach) return found
  const trace = traceOf(search, breach.at)
  return { ...found, broken: { breaches: breach.breaches, trace } }
}

function goingRound(search: Search) {
  const at = findCycle(search)
  return at === undefined
    ? undefined
    : { at, breaches: [{ id: 'E2', how: 'it never comes to rest' }] }
}
