// Every timeout and interval of the client, with its default.

import { LONGEST_RETRY_AFTER_MS } from './connection/retry-after.ts'

/** All in milliseconds, except `repairs`. */
export interface Timing {
  /** Timeout of a connect until CONNECTED, and of fetching a token and a ticket. */
  readonly opening: number
  readonly preparing: number
  /** Timeout of a RECEIPT. The connection is closed after it. */
  readonly receipt: number
  /** Timeout of the heart-beat that `probe` asks for. */
  readonly pulse: number
  readonly heartBeat: number
  /** Timeout of the DISCONNECT that `stop` sends. */
  readonly farewell: number
  /** The upper bound of the first back-off, of the first one after a busy server, and of all. */
  readonly firstWait: number
  readonly longWait: number
  readonly lastWait: number
  /** The longest Retry-After to wait for. */
  readonly longestAsked: number
  /** A connection that lasted this long resets the back-off. */
  readonly lasting: number
  readonly offlineLook: number
  /** After the RECEIPT of a SEND, how long to wait for its event before subscribing again. */
  readonly eventLate: number
  /** After this long without an event, subscribe again; then after twice as long. 0: never. */
  readonly quiet: number
  /** How many holes in a row to repair before the connection is closed. */
  readonly repairs: number
  /** Timeout of the outbox's store. */
  readonly store: number
  /** How often to send a typing signal while the person types. */
  readonly typing: number
  /** How long after the last key to signal that the person stopped typing. */
  readonly typingPause: number
  /** How long somebody else's typing signal is valid. */
  readonly typingLasts: number
}

/** The defaults, for people on phones. */
export const TIMING: Timing = {
  opening: 15_000,
  preparing: 30_000,
  receipt: 15_000,
  pulse: 5000,
  heartBeat: 45_000,
  farewell: 2000,

  firstWait: 1000,
  longWait: 10_000,
  lastWait: 30_000,
  longestAsked: LONGEST_RETRY_AFTER_MS,
  lasting: 5000,
  offlineLook: 30_000,

  eventLate: 5000,
  quiet: 300_000,
  repairs: 3,

  store: 5000,

  typing: 3000,
  typingPause: 3000,
  typingLasts: 6000,
}
