// The limits that a room keeps. Those that are settings have their home in wrangler.toml; config.ts
// reads them.

/** Times in milliseconds, sizes in octets. */
export interface RoomLimits {
  readonly maxContentBytes: number
  readonly maxSubscriptions: number
  readonly sendPerSecond: number
  readonly sendBurst: number
  /** Frames of one connection, whatever they are. */
  readonly framesPerSecond: number
  readonly framesBurst: number
  readonly socketsPerPrincipal: number
  readonly heartBeat: number
  /** How long a reader may take nothing that waits for it. */
  readonly stall: number
  /** Messages and octets in all work queues of a room. */
  readonly queueMessages: number
  readonly queueBytes: number
  /** How often a message of a work queue is delivered before it is dropped. */
  readonly queueDeliveries: number
  /** Transactions that a session has open, and what is in one of them. */
  readonly transactions: number
  readonly transactionFrames: number
  readonly transactionBytes: number
}

/** Characters of a header value that the room itself has to remember or echo as a name. */
export const MAX_ID_LENGTH = 128

/** Octets of a session in its attachment, which holds 16,384. */
export const MAX_SESSION_BYTES = 15_360

/**
 * What an `idempotency-key` is remembered for: the newest events, and a time in milliseconds; of that time no more
 * than the most, so that the memory of a room is bounded.
 */
export const IDEMPOTENCY_EVENTS = 10_000
export const IDEMPOTENCY_TIME = 86_400_000
export const IDEMPOTENCY_MOST = 1_000_000

/** While a subscription catches up: events, and characters after which it is cut short, given in one turn. */
export const REPLAY_EVENTS = 400
export const REPLAY_SIZE = 262_144

/** Messages of a work queue given out in one turn. */
export const QUEUE_CHUNK = 100

/** Unacknowledged messages of a consumer: where it does not say, and at most. */
export const DEFAULT_PREFETCH = 10
export const MAX_PREFETCH = 100

/** How many people a presence snapshot names; `count` tells all. */
export const SNAPSHOT_PEOPLE = 500

/**
 * Milliseconds: that somebody types is told again after the first at the earliest, and what was told is forgotten by
 * whoever heard it after the second.
 */
export const TYPING_AGAIN = 2000
export const TYPING_LASTS = 6000

/** The page of events given when none is asked for. */
export const DEFAULT_PAGE = 50

/** Characters of a reaction, as people count them and as they are stored. */
export const MAX_REACTION_LENGTH = 32

/** Reactions on one message: in all, and distinct ones. */
export const MAX_REACTIONS = 1000
export const MAX_REACTIONS_DISTINCT = 64
