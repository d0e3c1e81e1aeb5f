// Whether the steps without fault can go on for ever: a search for a way back, depth first.

import type { Search } from './search.ts'

const [NEW, OPEN, DONE] = [0, 1, 2]

/** A state from which a way of steps without fault leads back to it, if there is one. */
export function findCycle({ size, begins, ends, targets }: Search): number | undefined {
  const marks = new Uint8Array(size)
  const next = new Int32Array(size)
  const path = new Int32Array(size)
  for (let root = 0; root < size; root++) {
    if (marks[root] !== NEW || begins.at(root) < 0) continue
    let depth = 0
    path[0] = root
    marks[root] = OPEN
    next[root] = begins.at(root)
    while (depth >= 0) {
      const at = path[depth] as number
      const step = next[at] as number
      if (step >= ends.at(at)) {
        marks[at] = DONE
        depth--
        continue
      }
      next[at] = step + 1
      const target = targets.at(step)
      if (marks[target] === OPEN) return target
      if (marks[target] === NEW && begins.at(target) >= 0) {
        marks[target] = OPEN
        next[target] = begins.at(target)
        path[++depth] = target
      }
    }
  }
  return undefined
}
