// What a room works with: its ports, and caches that an eviction may drop at any time.

import { isBehind } from './connections/session.ts'
import { KeyedLog } from './keys/keyed-log.ts'
import { JOINS_BURST, JOINS_PER_SECOND } from './limits/limits.ts'
import { RateBuckets } from './limits/rate.ts'
import { SlowMode } from './limits/slow-mode.ts'
import { CurrentMembers } from './membership/current-members.ts'
import { People } from './people/people.ts'
import { PresenceBatch } from './people/presence-batch.ts'
import type { Connection, Log, RoomPorts } from './ports.ts'
import { LastSpoken } from './unread/last-spoken.ts'
import { Watchers } from './unread/watchers.ts'

/** What a room is made of: what the outside brings, and memory. */
export interface RoomState extends Omit<RoomPorts, 'log' | 'keySeed' | 'watchers'> {
  readonly log: Log
  /** The same log by idempotency-key; events are appended to it. */
  readonly keyed: KeyedLog
  /** Messages of each principal. */
  readonly sends: RateBuckets
  /** When each person spoke last, if slow mode is on. */
  readonly slowMode: SlowMode
  /** The last message of each member, where no row and no session says that they have read it. */
  readonly spoken: LastSpoken
  /** Whose lists of rooms show this one. */
  readonly watchers: Watchers
  /** Frames of each session. */
  readonly frames: RateBuckets
  /** Sockets of each principal, as they come. */
  readonly joins: RateBuckets
  /** When the send buffer of a slow reader filled up; milliseconds since 1970. */
  readonly stalls: WeakMap<Connection, number>
  readonly rotation: Rotation
  /** The connections by person. */
  readonly people: People
  /** Who came and went, where that is still to be told. */
  readonly presenceBatch: PresenceBatch
  /** When a full room was last searched for vanished connections; milliseconds since 1970. */
  readonly lastSweep: { at: number }
  /** Whether the room is deleted: then nothing is written any more. */
  readonly deletion: { isDone: boolean }
}

/** Where the next round of replays begins: a place in the list of connections. */
interface Rotation {
  next: number
}

/** Something waits for a subscription. `stalled`: its reader is too slow for now. */
export type Backlog = 'moving' | 'stalled'

/** A room whose memory is empty. */
export function createRoomState(ports: RoomPorts): RoomState {
  const watchers = new Watchers(ports.watchers)
  const { sendPerSecond, sendBurst, framesPerSecond, framesBurst, socketsPerPrincipal } =
    ports.limits
  return {
    ...ports,
    members: new CurrentMembers(ports.members, ports.profile, ports.now),
    keyed: new KeyedLog(ports.log, ports.keySeed),
    stalls: new WeakMap(),
    rotation: { next: 0 },
    people: new People(),
    presenceBatch: new PresenceBatch(),
    lastSweep: { at: 0 },
    deletion: { isDone: false },
    sends: new RateBuckets({ perSecond: sendPerSecond, burst: sendBurst }),
    slowMode: new SlowMode(),
    watchers,
    spoken: new LastSpoken(watchers),
    frames: new RateBuckets({ perSecond: framesPerSecond, burst: framesBurst }),
    joins: new RateBuckets({
      perSecond: JOINS_PER_SECOND * socketsPerPrincipal,
      burst: JOINS_BURST * socketsPerPrincipal,
    }),
  }
}

/** Drops what memory holds of the storage: writes were undone, so it may be wrong (R3). */
function forgetCaches({ log, keyed, pins, queues, members, profile, ...more }: RoomState): void {
  const others = [more.slowMode, more.clearings, more.ownLists]
  for (const cache of [log, keyed, pins, queues, members, profile, ...others]) cache.forget()
}

/**
 * Writes everything or nothing, and drops what memory holds of writes that were undone.
 *
 * @param isOneStatement a lone statement is atomic by itself, and a storage transaction would cost
 * as much as a row.
 * @throws what the storage or `writes` throws, with nothing written.
 */
export function writeAtomically(room: RoomState, writes: () => void, isOneStatement = false): void {
  try {
    if (isOneStatement) writes()
    else room.atomically(writes)
  } catch (error) {
    forgetCaches(room)
    throw error
  }
}

/** Whether texts or messages are still being taken away. */
const isDeleting = ({ log, clearings }: Pick<RoomState, 'log' | 'clearings'>): boolean =>
  log.isEmptying || clearings.all().length > 0

/** After an eviction some subscription may be behind; after a crash sessions are gone for good. */
export function restore({
  people,
  presenceBatch,
  transactions,
  ...parts
}: RoomState): Backlog | undefined {
  const connections = parts.connections()
  people.build(connections)
  presenceBatch.woke(people)
  const sessions = connections.map(({ session }) => session)
  const ids = sessions.flatMap((session) => (session.phase === 'connected' ? [session.id] : []))
  transactions.keep(new Set(ids))
  return sessions.some(isBehind) || isDeleting(parts) ? 'moving' : undefined
}
