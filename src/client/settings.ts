// The application that uses the client: the settings that it chose, and how it is told.

import type { RoomClientOptions } from './options.ts'
import { createMemoryOutbox } from './outbox/memory-outbox.ts'
import type { Life } from './platform.ts'
import { needsBinaryFrames, ownWebSocket, PLATFORM } from './platform.ts'
import type { WebSocketClass } from './stomp-client.ts'
import { TIMING } from './timing.ts'

/** The settings, with ours where the application chose none. */
export function settingsOf(options: RoomClientOptions) {
  // Where there is none, `missingFeatures` ends the client before it is used.
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
 * How the application is told: never once it has left, and what its listeners throw is a problem like others.
 */
export function createNotifier(options: Pick<RoomClientOptions, 'onProblem'>, life: Life) {
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
