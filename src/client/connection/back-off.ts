// How long to wait before the next attempt: exponential back-off with jitter, so that the readers
// of a room do not all reconnect at the same moment.

import type { Timing } from '../timing.ts'

/**
 * `usual`: full jitter, from zero to the upper bound. `long`, for a busy server: from half of a
 * higher bound up.
 *
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
