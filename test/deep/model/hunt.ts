// Looks for a world in which a mistake shows.

import { chat } from './chat.ts'
import { type Counterexample, explore } from './explore.ts'
import type { Mutant } from './mutants.ts'
import { SMALL } from './worlds.ts'

export interface Catch {
  /** The name of the smallest world in which it shows. */
  readonly world: string
  readonly states: number
  readonly broken: Counterexample
}

/** What catches a mutant; undefined when nothing does. */
export function hunt({ protocol }: Mutant): Catch | undefined {
  for (const { name, world, faults } of SMALL) {
    const { states, broken } = explore(chat(world, protocol), faults)
    if (broken) return { world: name, states, broken }
  }
  return undefined
}

/** The ids of the laws that a counterexample breaks, each once. */
export function lawsBroken({ breaches }: Counterexample): string[] {
  return [...new Set(breaches.map(({ id }) => id))]
}
