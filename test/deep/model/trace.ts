// The way to a state, told by the names of its steps.

import type { Group } from './compile.ts'
import { apply, type Search } from './search.ts'

/**
 * One line for each step from the beginning to a state; parts that change places keep their names.
 */
export function traceOf(search: Search, at: number): string[] {
  const path: number[] = []
  for (let index = at; index !== 0; index = search.parents.at(index)) path.unshift(index)
  let names = search.compiled.names
  let row = search.compiled.start
  return path.map((index) => {
    const group = search.compiled.groups[search.causes.at(index)] as Group
    const next = row.slice()
    search.read(index, next)
    const { move, changed } = moveBetween(search, group, row, next)
    const line = `${names[move.who]} ${move.note}${move.fault ? ' (fault)' : ''}`
    names = renamed(names, changed, next, search.compiled.alikeFrom)
    row = next
    return line
  })
}

function moveBetween(search: Search, group: Group, from: Uint16Array, to: Uint16Array) {
  const changed = from.slice()
  for (const move of group.moves(from)) {
    apply(group, move, from, changed)
    const arranged = changed.slice()
    search.arrange(arranged)
    if (arranged.join() === to.join()) return { move, changed }
  }
  throw new Error('the trace is broken')
}

/** The names of parts after they were put in order. */
function renamed(names: readonly string[], from: Uint16Array, to: Uint16Array, alikeFrom: number) {
  const left = [...from.keys()].slice(alikeFrom)
  return names.map((name, place) => {
    if (place < alikeFrom) return name
    const at = left.findIndex((each) => from[each] === to[place])
    const [was = place] = left.splice(at, 1)
    return names[was] as string
  })
}
