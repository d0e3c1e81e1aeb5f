// The limits that a room keeps. Settings are in wrangler.toml, and config.ts reads them. Charges
// are in charges.ts and budget.ts. `checkContent` in commands/message.ts limits what a message
// says.

import type { Role } from '../permissions.ts'

/** Times in milliseconds, sizes in bytes. */
export interface RoomLimits {
  readonly maxContentBytes: number
  readonly maxSubscriptions: number
  /** Bytes in storage beyond which nothing more is stored. */
  readonly bytes: number
  /** People whom the room keeps a row for: its members, and others whose role was set. */
  readonly members: number
  readonly sendPerSecond: number
  readonly sendBurst: number
  /** Frames of one connection, whatever they are. */
  readonly framesPerSecond: number
  readonly framesBurst: number
  readonly socketsPerPrincipal: number
  /** Connections of the room. */
  readonly sockets: number
  readonly heartBeat: number
  /** Whether a quiet room is woken, less and less often, to find those that vanished. */
  readonly presenceSweep: boolean
  /** Whether the room beats to clients that want beats and send none. */
  readonly serverBeats: boolean
  /** Hooks may be on the same machine. */
  readonly loopbackHooks: boolean
  /** How long a reader may read nothing of what waits for it. */
  readonly stall: number
  /** Messages and bytes in all work queues of a room. */
  readonly queueMessages: number
  readonly queueBytes: number
  /** The same of one sender. */
  readonly queueMessagesPerSender: number
  readonly queueBytesPerSender: number
  /** Work queues of a room in which something waits. */
  readonly queues: number
  /** The least that somebody must be to consume a work queue. */
  readonly queueConsumers: Role
  /** How often a message of a work queue is delivered before it is dropped. */
  readonly queueDeliveries: number
  /** Transactions that a session has open, and what is in one of them. */
  readonly transactions: number
  readonly transactionFrames: number
  readonly transactionBytes: number
}

// R4: what one connection may send, whatever is in it.

/** WebSocket messages for each frame of FRAMES_PER_SECOND and FRAMES_BURST. */
export const ARRIVALS_PER_FRAME = 4
/** A WebSocket message, in frames of MAX_FRAME_BYTES; it is also the burst of bytes. */
export const FRAMES_IN_A_MESSAGE = 16
/** Bytes a second of one connection, in frames of MAX_FRAME_BYTES. */
export const FRAMES_OF_BYTES_PER_SECOND = 4
/** How long frames of a connection may stay unfinished in all, in FRAME_SECONDS. */
export const UNFINISHED_FRAMES = 3
/** Seconds of that time that come back in a second without an unfinished frame. */
export const UNFINISHED_REFILL = 1 / 60

// R4: what a frame costs more than one of FRAMES_PER_SECOND, counted in frames.

/** A SUBSCRIBE with something to replay. */
export const REPLAY_FRAMES = 9
/** A SUBSCRIBE to the signals: its snapshot looks at everybody. */
export const SNAPSHOT_FRAMES = 9
/** A SEND that is not one of SEND_PER_SECOND: a known key, a signal that tells nothing. */
export const UNCOUNTED_SEND_FRAMES = 3
/** A SEND that is refused, and goes on. */
export const REFUSED_FRAMES = 3
/** An ACK or a NACK. */
export const ACK_FRAMES = 1
/** A token that was not seen before. */
export const TOKEN_FRAMES = 9
/** Bytes of the answer to one frame that count as one more. */
export const BYTES_OF_A_FRAME = 8192

/** Joins of one person in a second, for each of SOCKETS_PER_PRINCIPAL. */
export const JOINS_PER_SECOND = 1
/** Joins of one person at once, for each of SOCKETS_PER_PRINCIPAL. */
export const JOINS_BURST = 10

/** Characters of a header value that the room itself has to remember or echo as a name. */
export const MAX_ID_LENGTH = 128

/** Bytes of a session in its attachment, which holds 16,384. */
export const MAX_SESSION_BYTES = 15_360

/** The newest events whose `idempotency-key` is remembered, however old they are (L5). */
export const IDEMPOTENCY_EVENTS = 10_000
/** Milliseconds for which the keys of other events are remembered. */
export const IDEMPOTENCY_TIME = 86_400_000
/** The newest events whose keys are remembered at most: it bounds the memory of a room. */
export const IDEMPOTENCY_MOST = 1_000_000

// R4: what one turn may say. Whatever does not fit waits, as a cursor or as an unanswered frame.

/** Bytes for one connection: beyond, its events wait in the log and its frames for a turn. */
export const CONNECTION_TURN_BYTES = 262_144
/** Bytes for the whole room: beyond these no further frame is answered in the turn. */
export const ROOM_TURN_BYTES = 16_777_216
/** Bytes for the whole room beyond which even what is said to many is cut off. */
export const ROOM_MOST_BYTES = 2 * ROOM_TURN_BYTES
/** Bytes of replays for the whole room. */
export const REPLAY_TURN_BYTES = 524_288
/** Bytes of replays for one connection. */
export const REPLAY_BYTES = 131_072
/** Events of one chunk of a replay. */
export const REPLAY_EVENTS = 400
/** Frames, and WebSocket messages, of one connection that are read in one turn. */
export const CONNECTION_TURN_FRAMES = 128
/** Frames of all connections that are read in one turn. */
export const ROOM_TURN_FRAMES = 512
/** Bytes that a WebSocket message takes while it is queued, whatever is in it. */
export const QUEUED_MESSAGE_BYTES = 2048

/** R4: bytes that may wait in all sockets of a room before their readers count as slow. */
const WAITING_BYTES = 33_554_432
const LEAST_WAITING = 6144
const MOST_WAITING = 262_144

/** The bytes that may wait in one socket, by the number of sockets. */
export function waitingShare(sockets: number): number {
  return Math.min(MOST_WAITING, Math.max(LEAST_WAITING, Math.floor(WAITING_BYTES / sockets)))
}

/** R4: edits of a deleted message whose texts are taken out with the deletion. */
export const EMPTIED_AT_ONCE = 10
/** R4: edits whose texts are taken out in each turn after it. */
export const EMPTIED_IN_A_TURN = 100

/** R4: messages of one work queue that are given out in one turn. */
export const QUEUE_CHUNK = 100
/** R4: bytes of all work queues that are given out in one turn. */
export const QUEUE_TURN_BYTES = 1_048_576

/** Unacknowledged messages of a consumer that does not say `prefetch-count`. */
export const DEFAULT_PREFETCH = 10
/** Unacknowledged messages of a consumer, at most. */
export const MAX_PREFETCH = 100

/** How many people a presence snapshot names; `count` tells all. */
export const SNAPSHOT_PEOPLE = 500

/** R6: people beyond which joins and leaves are told in batches. */
export const CROWD_PEOPLE = 200
/** Milliseconds between two batches. */
export const PRESENCE_BATCH_PERIOD = 1000
/** People that a batch names: so many who joined, and so many who left. */
export const PRESENCE_BATCH_PEOPLE = 100

/** Milliseconds after which typing that goes on is told again, at the earliest. */
export const TYPING_AGAIN = 2000
/** Milliseconds after which a listener forgets that somebody types. */
export const TYPING_LASTS = 6000

/** The page of members given when no `limit` is asked for. */
export const DEFAULT_MEMBERS = 50

/** R5: entries that the moderation log keeps. */
export const MAX_MODERATION_ENTRIES = 10_000
/** The page of the moderation log given when no `limit` is asked for. */
export const DEFAULT_MODERATION_PAGE = 50

/** Slow mode: the newest events that are read to see who spoke. */
export const SLOW_MODE_EVENTS = 20_000
/** R5: people whose last message slow mode remembers. */
export const SLOW_MODE_PEOPLE = 20_000

/** Milliseconds between two rows for the read marker of a member, while they are here. */
export const READ_MARKER_PERIOD = 60_000
/** R4: events after the row of a member that are read to find what they said last. */
export const SPOKEN_EVENTS = 2_000
/** R5: people whose last message is remembered for their read marker. */
export const SPOKEN_PEOPLE = 20_000
/** R4: messages and edits with mentions that are looked at to count those of a person. */
export const MENTIONS_COUNTED = 1000

/** R4: events that clearing looks at in a turn. */
export const CLEARING_SCANNED = 20_000
/** R4: messages that clearing deletes in a turn. */
export const CLEARED_IN_A_TURN = 50
/** R5: acts of clearing that a room has pending. */
export const MAX_CLEARINGS = 20
/** Milliseconds that the `deleteSince` of a ban may reach back. */
export const DELETED_BACK = 7 * 86_400_000

/** The page of events given when no `limit` is asked for. */
export const DEFAULT_PAGE = 50

/** Pinned messages of a room. */
export const MAX_PINS = 50

/** R5: reports that a room keeps. */
export const MAX_REPORTS = 1000
/** R5: reports of one person that are not settled yet. */
export const MAX_OPEN_REPORTS_OF_ONE = 20

/** R5: open invitations of a room. */
export const MAX_INVITATIONS = 100

/** The page of invitations given when no `limit` is asked for. */
export const DEFAULT_INVITATIONS = 50
