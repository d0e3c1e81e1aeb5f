// A store that never fails nor hangs: where the one behind it does, the problem is told, and what was said is
// sent all the same; only a reload would not bring it back.

import type { Life, Platform } from '../platform.ts'
import { within } from '../platform.ts'
import type { OutboxStore } from './entry.ts'

/**
 * @param life of the client: beyond its end nobody waits for what was kept; what was
 * said is still stored
 */
export function createResilientStore(
  store: OutboxStore,
  onProblem: (problem: unknown) => void,
  platform: Platform,
  patience: number,
  life: Life,
): OutboxStore & { settled: () => Promise<void> } {
  /** Changes wait for those before them, so that the newest is the one that stays. */
  let turn = Promise.resolve()
  let hangs = false

  async function tried<T>(act: () => Promise<T>, otherwise: T, wanted?: Life) {
    // One wait is enough: a store that hangs is not waited for with each entry.
    if (hangs) return otherwise
    let pending = true
    const done = act().finally(() => {
      pending = false
    })
    try {
      return await within(platform, patience, done, wanted)
    } catch (problem) {
      hangs = pending && !wanted?.over
      onProblem(problem)
      return otherwise
    }
  }

  const inTurn = (act: () => Promise<void>) => {
    turn = turn.then(() => tried(act, undefined))
    return turn
  }

  return {
    load: () => tried(async () => await store.load(), [], life),
    put: (entry) => inTurn(async () => await store.put(entry)),
    remove: (key) => inTurn(async () => await store.remove(key)),

    /** Resolves when every change is stored, or has failed. */
    settled: async () => {
      let last: Promise<void> | undefined
      while (last !== turn) {
        last = turn
        await last
      }
    },
  }
}
