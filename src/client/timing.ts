// Every wait of the client, in milliseconds, with its default; and the one count.

/** Milliseconds, but for `repairs`. */
export interface Timing {
  /** Until CONNECTED has come, and until a token and a ticket have. */
  readonly opening: number
  readonly preparing: number
  /** Until a RECEIPT has come: then the connection is left. */
  readonly receipt: number
  /** Until the beat that `probe` asks for has come. */
  readonly pulse: number
  readonly heartBeat: number
  /** Until the server has answered the farewell of `stop`. */
  readonly farewell: number
  /** The ceiling of the first wait, of the first one where the server asks for patience, and of the last. */
  readonly firstWait: number
  readonly longWait: number
  readonly lastWait: number
  /** The most that a server's Retry-After is waited for. */
  readonly longestAsked: number
  /** A connection that lasted so long was a good one: the waits start over. */
  readonly lasting: number
  readonly offlineLook: number
  /** From the RECEIPT of a SEND until its event is asked for. */
  readonly eventLate: number
  /** Without an event for so long, the log is subscribed to again; then after twice as long. 0: never. */
  readonly quiet: number
  /** Holes mended in a row before the connection is left. */
  readonly repairs: number
  /** What a store may take before it is given up. */
  readonly store: number
  /** While something is written, that is told once in so long. */
  readonly typing: number
  /** After the last key: then it is told that nothing is written any more. */
  readonly typingPause: number
  /** What was heard of somebody else's typing is good for so long. */
  readonly typingLasts: number
}

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
  longestAsked: 600_000,
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
