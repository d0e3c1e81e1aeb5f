// How long to wait before the next attempt: exponential, with jitter, so that the readers of a
// room do not all come back in the same moment. Pure but for the dice.

import type { Timing } from '../timing.ts'

/**
 * `usual`: full jitter, from nothing to the ceiling. `long`: from half of a higher ceiling up, where
 * the server asked for patience.
 * @param attempt 0, 1, 2 … since the last connection that lasted
 * @param random in [0, 1)
 * @returns milliseconds
 */
export function backOff(
  attempt: number,
  wait: 'usual' | 'long',
  random: () => number,
  timing: Timing,
): number {
  const first = wait === 'long' ? timing.longWait : timing.firstWait
  const ceiling = Math.min(timing.lastWait, first * 2 ** Math.min(attempt, 30))
  const least = wait === 'long' ? ceiling / 2 : 0
  return Math.round(least + random() * (ceiling - least))
}
