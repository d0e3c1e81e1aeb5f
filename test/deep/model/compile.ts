// A machine in small numbers: each part that ever occurs gets one, and what a rule or a law says of
// parts is asked once and remembered. So a step of the search looks up and compares numbers.

import type { Law, Machine, Rule } from './machine.ts'
import { PartNumbers } from './part-numbers.ts'

/** The rules on the same places, asked at once. */
export interface Group {
  readonly on: readonly number[]
  readonly others: readonly number[]
  moves(row: Uint16Array): readonly Move[]
}

/** A step: the numbers that it puts at the places that decide, and what it makes of the others. */
export interface Move {
  readonly note: string
  readonly who: number
  readonly fault: boolean
  readonly numbers: readonly number[]
  readonly change: ((place: number, number: number) => number) | undefined
}

export interface Breach {
  readonly id: string
  readonly how: string
}

export interface Compiled {
  /** The names of the rules that ever made a step possible. */
  readonly used: ReadonlySet<string>
  readonly start: Uint16Array
  readonly names: readonly string[]
  readonly alikeFrom: number
  readonly groups: readonly Group[]
  breaches(row: Uint16Array): readonly Breach[]
  breachesAtRest(row: Uint16Array): readonly Breach[]
}

export function compile<Part>(machine: Machine<Part>): Compiled {
  const { start, names, alikeFrom, rules, laws, atRest } = machine
  const numbers = new PartNumbers<Part>(machine)
  const groups = Map.groupBy(rules, ({ on, others }) => `${on}/${others}`)
  const used = new Set<string>()
  return {
    used,
    start: Uint16Array.from(start, (part, place) => numbers.of(place, part)),
    names,
    alikeFrom,
    groups: [...groups.values()].map((group) => compileRules(group, numbers, used)),
    breaches: compileLaws(laws, numbers),
    breachesAtRest: compileLaws(atRest, numbers),
  }
}

function compileRules<Part>(
  rules: readonly Rule<Part>[],
  numbers: PartNumbers<Part>,
  used: Set<string>,
): Group {
  const [first] = rules
  const on = first?.on ?? []
  const moves = numbers.remembered(on, (before): Move[] =>
    rules.flatMap(({ name, who, fault, steps }) =>
      steps(before).map(({ note, parts, change }) => {
        used.add(name)
        return {
          note: note === '' ? name : `${name}: ${note}`,
          who,
          fault,
          numbers: on.map((place, at) => numbers.of(place, parts[at] as Part)),
          change: change && compileChange(change, numbers),
        }
      }),
    ),
  )
  return { on, others: first?.others ?? [], moves }
}

function compileChange<Part>(change: (part: Part) => Part, numbers: PartNumbers<Part>) {
  const known: number[][] = []
  return (place: number, number: number): number => {
    known[place] ??= []
    const answers = known[place]
    answers[number] ??= numbers.of(place, change(numbers.part(place, number)))
    return answers[number]
  }
}

function compileLaws<Part>(laws: readonly Law<Part>[], numbers: PartNumbers<Part>) {
  const groups = Map.groupBy(laws, ({ on }) => on.join())
  const judges = [...groups.values()].map((group) =>
    numbers.remembered(group[0]?.on ?? [], (parts) =>
      group.flatMap(({ id, broken }): Breach[] => {
        const how = broken(parts)
        return how === undefined ? [] : [{ id, how }]
      }),
    ),
  )
  return (row: Uint16Array): readonly Breach[] => {
    let found = NO_BREACHES
    for (const judge of judges) {
      const breaches = judge(row)
      if (breaches.length > 0) found = [...found, ...breaches]
    }
    return found
  }
}

const NO_BREACHES: readonly Breach[] = []
