// A store that never fails and never hangs. If the store behind it does, the problem is reported
// and the entry is sent all the same; only a reload would lose it.

import type { Lifetime, Platform } from '../platform.ts'
import { withTimeout } from '../platform.ts'
import type { OutboxStore } from './entry.ts'

/**
 * Makes a store of one that may fail or hang.
 *
 * @param life of the client. After its end nobody waits for `load`; entries are still stored
 */
export function createResilientStore(
  store: OutboxStore,
  onProblem: (problem: unknown) => void,
  platform: Platform,
  timeoutMs: number,
  life: Lifetime,
): OutboxStore & { settled: () => Promise<void> } {
  /** Changes are stored one after the other, so that the newest one stays. */
  let turn = Promise.resolve()
  let hangs = false

  async function tried<T>(act: () => Promise<T>, otherwise: T, wanted?: Lifetime) {
    // Wait for a hanging store once, and not again for each entry.
    if (hangs) return otherwise
    let pending = true
    const done = act().finally(() => {
      pending = false
    })
    try {
      return await withTimeout(platform, timeoutMs, done, wanted)
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

    /** Resolves when every change was stored or has failed. */
    settled: async () => {
      let last: Promise<void> | undefined
      while (last !== turn) {
        last = turn
        await last
      }
    },
  }
}
