// One turn: a synchronous stretch of work, with the room, the time, and what it has to tell when it
// is over.

import type { RefusalCode } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Session } from './connections/session.ts'
import { Outbox } from './delivery/outbox.ts'
import type { ReadersEncoder } from './delivery/readers.ts'
import type { Event } from './log/event.ts'
import type { MembershipChange } from './membership/membership-change.ts'
import type { Connection, Credential, HookVerdict } from './ports.ts'
import type { Backlog, RoomState } from './room-state.ts'

/** One synchronous stretch of work. What it says is sent when the turn is over. */
export interface Turn {
  readonly room: RoomState
  /** Milliseconds since 1970. */
  readonly now: number
  readonly outbox: Outbox
  readonly deferred: Deferred
  /** Who has become a member or is one no more, and whose role has changed. */
  readonly membership: MembershipChange[]
  readonly pendingDelivery: PendingDelivery
  readonly replays: Replays
  /** Bytes of work queues given out so far. */
  readonly queued: { bytes: number }
  /** What was read so far. */
  readonly read: { frames: number }
}

/** What was appended and not delivered yet: the events of one batch are delivered together. */
interface PendingDelivery {
  readonly events: Event[]
  /** Characters of their texts. */
  size: number
  /** The receipts that follow the delivery (L4). */
  readonly receipts: Receipt[]
}

/** A RECEIPT that a client asked for (STOMP 1.2, RECEIPT). */
export interface Receipt {
  readonly connection: Connection
  readonly id: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** What the replays of a turn have in common. */
interface Replays {
  /** Bytes given so far. */
  bytes: number
  /** By place and length: readers at the same place share the read and the encoding. */
  readonly chunks: Map<string, LogChunk>
}

/** A piece of the log, read once. */
export interface LogChunk {
  readonly encoderOf: ReadersEncoder
  /** The seq of its last event. */
  readonly upTo: number
  /** Bytes of UTF-8 beyond one for each UTF-16 unit. */
  readonly surplus: number
}

/** What a turn has found to be done when its work is over, or later. */
interface Deferred {
  /** Connections found to be over, and why: they are ended with the turn. */
  readonly lost: Map<Connection, RefusalCode>
  /**
   * Work queues with something new, or a consumer with space left: they are distributed with the
   * end of the turn.
   */
  readonly queues: Set<string>
  backlog: Backlog | undefined
}

/** A frame to be answered. */
export interface IncomingFrame {
  readonly connection: Connection
  readonly frame: Frame
  /** Undefined where the frame carries no token. */
  readonly credential: Credential | undefined
  /** What the hook of the room said of it; undefined where nobody was asked. */
  readonly hook?: HookVerdict | undefined
}

/** The same, with the session of whoever sent it. */
export interface Call<S extends Session = Session> extends IncomingFrame {
  readonly session: S
}

/** @param backlog what waits in a room that has just woken up. */
export const beginTurn = (room: RoomState, now: number, backlog: Backlog | undefined): Turn => ({
  room: { ...room, connections: listedOnce(room) },
  now,
  outbox: new Outbox(),
  deferred: { lost: new Map(), queues: new Set(), backlog },
  membership: [],
  pendingDelivery: { events: [], size: 0, receipts: [] },
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

/** How a turn ended, and what is to be done after it. */
export interface TurnEnd<Result> {
  /** What the work of the turn gave, or threw. */
  readonly result: { readonly value: Result } | { readonly error: unknown }
  /** Something waits for a subscription: another turn is due, at once or a little later. */
  readonly backlog: Backlog | undefined
  /** It is to be told who came and went, in PRESENCE_BATCH_PERIOD. */
  readonly hasPresenceToTell: boolean
  /** Who has become a member or is one no more, and whose role has changed. */
  readonly membership: readonly MembershipChange[]
}

/** Does the work of a turn; gives what it gave, or what it threw. */
export function attempt<Result>(
  work: (turn: Turn) => Result,
  turn: Turn,
): TurnEnd<Result>['result'] {
  try {
    return { value: work(turn) }
  } catch (error) {
    return { error }
  }
}
