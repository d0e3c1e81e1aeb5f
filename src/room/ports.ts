// What a room needs of the outside: every interface that its shell implements, and nothing else defines one.

import type { Revocation } from '../auth/session.ts'
import type { Encoded } from '../stomp/encode.ts'
import type { Frame } from '../stomp/frame.ts'
import type { Session } from './connections/session.ts'
import type { Payload, QueuedMessage, Sum } from './queues/payload.ts'
import type { Standing } from './rules.ts'

/** A live WebSocket. */
export interface Connection {
  /** Plain data; assigning it persists it. */
  session: Session
  /** True while the peer reads so slowly that what is sent would pile up. */
  readonly congested: boolean
  /** Whether the runtime has answered a heart-beat of it since a moment; milliseconds since 1970. */
  beatSince(moment: number): boolean
  /** When it answered the last one, as the runtime knows now; 0: none. Milliseconds since 1970. */
  readonly beatAt: number
  /** Sends one WebSocket message, text or binary. A connection that has gone is no error. */
  send(message: Encoded): void
  close(code: number, reason: string): void
}

/** Work queues: a message is stored until it is acknowledged. */
export interface QueueStore {
  /** Writes one row. */
  put(queue: string, senderId: string, load: Payload, now: number): void
  /** The oldest messages whose ids are not among `except`, at most `limit`. */
  next(queue: string, except: ReadonlySet<number>, limit: number): QueuedMessage[]
  /** What is in one of them. */
  payload(queue: string, id: number): Payload | undefined
  /** Counts one more delivery: writes one row. */
  delivered(queue: string, id: number): void
  /** Removes one row. */
  remove(queue: string, id: number): void
  /** Counts a message that was given up; gives how many of this queue were so far. */
  dropped(queue: string): number
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
  /** All that waits in the room. */
  size(): Sum
  /** What of it one person has sent. */
  sizeOf(senderId: string): Sum
  /** The queues in which something waits. */
  names(): { readonly size: number; has(queue: string): boolean }
}

/** The frames of open transactions. They are stored and not done, so an eviction before COMMIT changes nothing (H1). */
export interface TransactionStore {
  /** Adds a frame to a transaction of a session: writes one row. */
  add(sessionId: string, transaction: number, frame: Frame): void
  /** The frames of a transaction, in the order added. */
  frames(sessionId: string, transaction: number): Frame[]
  /** Forgets a transaction, or all of a session. */
  remove(sessionId: string, transaction?: number): void
  /** Forgets the transactions of all sessions but these: those of the others were lost with them. */
  keep(sessionIds: ReadonlySet<string>): void
}

/** Those whose names are theirs also while they are away: the owner and the moderators. */
export interface LookStore {
  /** Ids of people whose name has this look; some of them may be no moderators any more. */
  holders(look: string): readonly string[]
  /** From now on the name of this person looks so, and no more as before; undefined: it is kept no more. */
  keep(personId: string, look: string | undefined): unknown
}

/** Who may come in: anyone, or accounts and no guests. */
export type EntryRule = 'anyone' | 'accounts'

export interface Settings {
  readonly entry: EntryRule
}

export interface SettingsStore {
  get(): Settings
  /** Writes a row where something is new. */
  set(settings: Settings): unknown
}

/** The people whose standing was set. */
export interface StandingStore {
  get(personId: string): Standing | undefined
  set(personId: string, standing: Standing): unknown
  /** Back to what all are: the row goes. */
  delete(personId: string): unknown
  /** How many have one. */
  readonly size: number
  entries(): Iterable<readonly [personId: string, standing: Standing]>
}

/** Sign-ins that ended before their tokens did. */
export interface RevocationStore {
  /** Keeps one until it has ended, and drops those that have. `now` in seconds since 1970. */
  add(revocation: Revocation, now: number): void
  /** Those of a person. */
  of(personId: string): Revocation[]
}
