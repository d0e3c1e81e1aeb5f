// @ts-check
// How long to wait before the next attempt: exponential, with jitter, so that the readers of a
// room do not all come back in the same moment. Pure but for the dice.

const FIRST_MS = 1000
const LONG_MS = 10_000
const LAST_MS = 30_000

/**
 * @param {number} attempt 0, 1, 2 … since the last connection that lasted
 * @param {'now' | 'usual' | 'long'} wait
 * @param {() => number} [random] in [0, 1)
 * @returns {number} milliseconds
 */
export function backOff(attempt, wait, random = Math.random) {
  if (wait === 'now' && attempt === 0) return 0
  const first = wait === 'long' ? LONG_MS : FIRST_MS
  const ceiling = Math.min(LAST_MS, first * 2 ** Math.min(attempt, 5))
  return Math.round(ceiling / 2 + (random() * ceiling) / 2)
}
