// The same exploration in the plainest way, to hold the explorer to: no numbers, nothing
// remembered.

import type { Machine } from './machine.ts'

/** How many states a machine can reach, those that differ by names alone counted once. */
export function naively<Part>({ start, alikeFrom, rules }: Machine<Part>): number {
  const nameOf = (parts: readonly Part[]) => {
    const texts = parts.map((part) => JSON.stringify(part))
    return [...texts.slice(0, alikeFrom), ...texts.slice(alikeFrom).sort()].join()
  }
  const met = new Map([[nameOf(start), start]])
  for (const parts of met.values()) {
    for (const { on, others, steps } of rules) {
      for (const outcome of steps(on.map((place) => parts[place] as Part))) {
        const next = parts.map((part, place) => {
          if (on.includes(place)) return outcome.parts[on.indexOf(place)] as Part
          return others.includes(place) && outcome.change ? outcome.change(part) : part
        })
        const name = nameOf(next)
        if (!met.has(name)) met.set(name, next)
      }
    }
  }
  return met.size
}
