// @ts-check
// The application that uses the client: the settings that it chose, and how it is told.
import { createMemoryOutbox } from './memory-outbox.js'
import { cutsTexts, PLATFORM } from './platform.js'
import { TIMING } from './timing.js'

/**
 * The settings, with ours where the application chose none.
 * @param {import('./room-client.js').RoomClientOptions} options
 */
export function settingsOf(options) {
  const { WebSocket = globalThis.WebSocket, binary = cutsTexts() } = options
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
 * @param {Pick<import('./room-client.js').RoomClientOptions, 'onProblem'>} options
 * @param {import('./platform.js').Life} life
 */
export function createTelling(options, life) {
  /** @param {unknown} problem */
  const onProblem = (problem) => {
    if (!life.over) (options.onProblem ?? console.error)(problem)
  }

  /**
   * @template T
   * @param {((news: T) => void) | undefined} listener
   * @param {T} news
   */
  function tell(listener, news) {
    if (life.over) return
    try {
      listener?.(news)
    } catch (problem) {
      onProblem(problem)
    }
  }

  return { tell, onProblem }
}
