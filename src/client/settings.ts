// The settings of the application with their defaults, and the calls of its listeners.

import type { RoomClientOptions } from './options.ts'
import { createMemoryOutbox } from './outbox/memory-outbox.ts'
import type { Lifetime } from './platform.ts'
import { needsBinaryFrames, ownWebSocket, PLATFORM } from './platform.ts'
import type { WebSocketClass } from './stomp-client.ts'
import { TIMING } from './timing.ts'

/** The application's settings, with defaults for the rest. */
export function clientSettingsOf(options: RoomClientOptions) {
  // On a platform without one, `missingFeatures` ends the client before this is used.
  const { WebSocket = ownWebSocket() as WebSocketClass, binary = needsBinaryFrames() } = options
  return {
    WebSocket,
    binary,
    readMarker: options.readMarker ?? false,
    outbox: options.outbox ?? createMemoryOutbox(),
    platform: { ...PLATFORM, ...options.platform },
    timing: { ...TIMING, ...options.timing },
  }
}

/**
 * Calls the listeners of the application: never after `stop`. What they throw goes to `onProblem`.
 */
export function createNotifier(options: Pick<RoomClientOptions, 'onProblem'>, life: Lifetime) {
  const onProblem = (problem: unknown) => {
    if (!life.over) (options.onProblem ?? console.error)(problem)
  }

  function tell<T>(listener: ((news: T) => void) | undefined, news: T) {
    if (life.over) return
    try {
      listener?.(news)
    } catch (problem) {
      onProblem(problem)
    }
  }

  return { tell, onProblem }
}
