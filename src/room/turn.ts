// What a piece of the room's work is given: the room, the moment, and where to put what it says.

import type { AccessClaims } from '../auth/tokens/access-token.ts'
import type { RefusalCode } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Session } from './connections/session.ts'
import type { BatchEncoder } from './delivery/message-encoding.ts'
import { Outbox } from './delivery/outbox.ts'
import type { Event } from './log/event.ts'
import type { Connection } from './ports.ts'
import type { Backlog, RoomState } from './room-state.ts'

/** One synchronous stretch of work. What it says leaves when it is over. */
export interface Turn {
  readonly room: RoomState
  /** Milliseconds since 1970. */
  readonly now: number
  readonly outbox: Outbox
  readonly deferred: Deferred
  readonly fresh: Fresh
  readonly replays: Replays
  /** Bytes of work queues given out so far. */
  readonly queued: { bytes: number }
  /** What was read so far. */
  readonly read: { frames: number }
}

/** What was appended and is still to be delivered, all of it together. */
export interface Fresh {
  readonly events: Event[]
  /** Characters of their texts. */
  size: number
  /** What is told when it is: the RECEIPTs. */
  readonly answers: (() => void)[]
}

/** What the replays of a turn have in common. */
export interface Replays {
  /** Bytes given so far. */
  bytes: number
  /** By place and length: readers at the same place share the read and the encoding. */
  readonly chunks: Map<string, LogChunk>
}

/** A piece of the log, read once. */
export interface LogChunk {
  readonly encoded: BatchEncoder
  /** The seq of its last event. */
  readonly upTo: number
  /** Bytes of UTF-8 beyond one for each UTF-16 unit. */
  readonly surplus: number
}

/** What a turn leaves to be done. */
export interface Deferred {
  /** Connections found to be over, and why: they are ended when the turn is. */
  readonly lost: Map<Connection, RefusalCode>
  /** Work queues with something new, or a consumer with room: they are shared out when the turn is over. */
  readonly queues: Set<string>
  backlog: Backlog | undefined
}

/** The token of a frame, verified before the turn: what it says, or why it does not hold. */
export type Credential =
  | { readonly claims: Pick<AccessClaims, 'principal' | 'sessionId' | 'version' | 'expiresAt'> }
  | {
      readonly refused: RefusalCode
      readonly detail?: string | undefined
    }

/** A frame to be answered, with whoever sent it. */
export interface Call<S extends Session = Session> extends Turn {
  readonly connection: Connection
  readonly session: S
  readonly frame: Frame
  /** Undefined where the frame carries no token. */
  readonly credential: Credential | undefined
}

/** @param backlog of a room that has just woken up, where some subscription is. */
export const beginTurn = (parts: RoomState, now: number, backlog: Backlog | undefined): Turn => ({
  room: { ...parts, connections: listedOnce(parts) },
  now,
  outbox: new Outbox(),
  deferred: { lost: new Map(), queues: new Set(), backlog },
  fresh: { events: [], size: 0, answers: [] },
  replays: { bytes: 0, chunks: new Map() },
  queued: { bytes: 0 },
  read: { frames: 0 },
})

/** The platform makes a new list for each call, and no connection comes or goes in a turn. */
function listedOnce({ people, connections }: RoomState): () => readonly Connection[] {
  let listed: readonly Connection[] | undefined
  return () => {
    if (listed) return listed
    listed = connections()
    // Some have gone without a word.
    if (listed.length < people.size) people.build(listed)
    return listed
  }
}
