// What the process of the attacker is told, and what it answers. Plain data: it crosses a process
// border.

import type { Person } from '../../support/people.ts'
import type { Tally } from './tally.ts'

/** Who attacks what. */
export interface Scene {
  /** Of the server. */
  readonly url: string
  readonly roomId: string
  /** A guest. */
  readonly person: Person
}

export interface Attacking extends Scene {
  /** The name of the attack. */
  readonly attack: string
  readonly ms: number
}

export type AttackOrder = { readonly prepare: Attacking } | { readonly go: true }

export type AttackAnswer =
  | { readonly ready: true }
  | { readonly tally: Pick<Tally, 'done' | 'sent' | 'heard' | 'told'> }
  | { readonly failed: string }
