// The breadth-first search over a compiled machine: which states were met, and from where.

import type { Breach, Compiled, Group, Move } from './compile.ts'
import { Numbers, StateTable } from './state-table.ts'

export class Search {
  readonly compiled: Compiled
  /** For each state the one that it was met from, and the group of rules that led there. */
  readonly parents = new Numbers()
  readonly causes = new Numbers()
  /** For each state where its steps without fault begin and end in `targets`. */
  readonly begins = new Numbers()
  readonly ends = new Numbers()
  readonly targets = new Numbers()
  steps = 0
  rests = 0
  readonly #faults: number
  readonly #counts: boolean
  /** The state that is being looked at, and one that it leads to. */
  readonly #row: Uint16Array
  readonly #next: Uint16Array
  readonly #states: StateTable
  /** The fewest faults that a state was met with: met with more, it leads to nothing new. */
  readonly #layers = new Numbers()
  #layer = 0
  #queue = new Numbers()
  #nextLayer = new Numbers()
  #breach: { readonly at: number; readonly breaches: readonly Breach[] } | undefined

  constructor(compiled: Compiled, faults: number) {
    this.compiled = compiled
    this.#faults = faults
    this.#counts = faults !== Number.POSITIVE_INFINITY
    this.#row = compiled.start.slice()
    this.#next = compiled.start.slice()
    this.#states = new StateTable(compiled.start.length)
  }

  get size(): number {
    return this.#states.size
  }

  /** Copies the numbers of a state. */
  read(index: number, into: Uint16Array): void {
    this.#states.read(index, into)
  }

  /** Sees every state; stops at the first that breaks a law. */
  run() {
    this.#meet(this.compiled.start, 0, 0, 0)
    while (this.#queue.length > 0) {
      for (let at = 0; at < this.#queue.length && !this.#breach; at++) {
        this.#expand(this.#queue.at(at))
      }
      if (this.#breach) break
      this.#queue = this.#nextLayer
      this.#nextLayer = new Numbers()
      this.#layer++
    }
    return this.#breach
  }

  /** Puts what may change places in order: of states that differ by that, one is enough. */
  arrange(row: Uint16Array): void {
    const { alikeFrom } = this.compiled
    for (let at = alikeFrom + 1; at < row.length; at++) {
      const number = row[at] as number
      let to = at
      for (; to > alikeFrom && (row[to - 1] as number) > number; to--) {
        row[to] = row[to - 1] as number
      }
      row[to] = number
    }
  }

  #expand(index: number): void {
    if (this.begins.at(index) >= 0) return
    const row = this.#row
    this.read(index, row)
    this.begins.set(index, this.targets.length)
    const { groups } = this.compiled
    for (let cause = 0; cause < groups.length; cause++) {
      this.#follow(index, row, groups[cause] as Group, cause)
    }
    this.ends.set(index, this.targets.length)
    if (this.targets.length > this.begins.at(index)) return
    this.rests++
    this.#note(index, this.compiled.breachesAtRest(row))
  }

  #follow(index: number, row: Uint16Array, group: Group, cause: number): void {
    const next = this.#next
    for (const move of group.moves(row)) {
      const layer = move.fault && this.#counts ? this.#layer + 1 : this.#layer
      if (layer > this.#faults) continue
      apply(group, move, row, next)
      this.arrange(next)
      if (isSame(row, next)) continue
      this.steps++
      const target = this.#meet(next, index, cause, layer)
      if (!move.fault) this.targets.push(target)
    }
  }

  #meet(row: Uint16Array, parent: number, cause: number, layer: number): number {
    const known = this.size
    const index = this.#states.intern(row)
    if (index === known) {
      this.#layers.push(layer)
      this.parents.push(parent)
      this.causes.push(cause)
      this.begins.push(-1)
      this.ends.push(-1)
      this.#note(index, this.compiled.breaches(row))
    } else if (layer < this.#layers.at(index)) {
      this.#layers.set(index, layer)
      this.parents.set(index, parent)
      this.causes.set(index, cause)
    } else {
      return index
    }
    const queue = layer === this.#layer ? this.#queue : this.#nextLayer
    queue.push(index)
    return index
  }

  #note(at: number, breaches: readonly Breach[]): void {
    if (breaches.length > 0) this.#breach ??= { at, breaches }
  }
}

/** Writes the state that a move leads to, its parts in their old places. */
export function apply(group: Group, move: Move, from: Uint16Array, to: Uint16Array): void {
  const { on, others } = group
  to.set(from)
  for (let at = 0; at < on.length; at++) to[on[at] as number] = move.numbers[at] as number
  if (!move.change) return
  for (const place of others) to[place] = move.change(place, from[place] as number)
}

function isSame(one: Uint16Array, other: Uint16Array): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}
