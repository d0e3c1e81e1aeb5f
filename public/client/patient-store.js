// @ts-check
// A store that never fails nor hangs: where the one behind it does, the problem is told, and what was said is
// sent all the same; only a reload would not bring it back.
import { within } from './platform.js'

/**
 * @param {import('./room-client.js').OutboxStore} store
 * @param {(problem: unknown) => void} onProblem
 * @param {import('./room-client.js').Platform} platform
 * @param {number} patience
 * @param {import('./platform.js').Life} life of the client: beyond its end nobody waits for what was kept; what was
 *   said is still stored
 * @returns {import('./room-client.js').OutboxStore & { settled: () => Promise<void> }}
 */
export function patientStore(store, onProblem, platform, patience, life) {
  /** Changes wait for those before them, so that the newest is the one that stays. */
  let turn = Promise.resolve()
  let hangs = false

  /**
   * @template T
   * @param {() => Promise<T>} act
   * @param {T} otherwise
   * @param {import('./platform.js').Life} [wanted]
   */
  async function tried(act, otherwise, wanted) {
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

  /** @param {() => Promise<void>} act */
  const inTurn = (act) => {
    turn = turn.then(() => tried(act, undefined))
    return turn
  }

  return {
    load: () => tried(async () => await store.load(), [], life),
    put: (entry) => inTurn(async () => await store.put(entry)),
    remove: (key) => inTurn(async () => await store.remove(key)),

    /** Resolves when every change is stored, or has failed. */
    settled: async () => {
      /** @type {Promise<void> | undefined} */
      let last
      while (last !== turn) {
        last = turn
        await last
      }
    },
  }
}
