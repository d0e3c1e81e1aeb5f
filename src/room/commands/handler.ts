// How a command is executed: what it is given, and what comes of it. All of it is plain data.

import type { Principal } from '../../auth/principal.ts'
import type { Signal } from '../delivery/signals.ts'
import type { Event } from '../log/event.ts'
import type { Verdict } from '../moderation/content-filter.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'

/** Who asks for something. */
export interface Actor {
  readonly principal: Principal
  /** Where typing, read markers and acknowledgements are kept. Undefined for who asks over HTTP. */
  readonly connection?: Connection
}

/** What is known of a command that may be executed. */
export interface Check {
  /** Something new is asked for: it counts against the rate of its sender. */
  readonly isNew: boolean
  /** It needs space in storage. */
  readonly needsSpace: boolean
  /** The seq of the event that came of the same request before. */
  readonly earlierSeq?: number
  /** What the rules of the room make of its text. */
  readonly verdict?: Verdict
}

/** What came of a command. */
export interface Outcome {
  /** An event that was appended. It is not delivered yet. */
  readonly event?: Event
  /** The seq of that event, or of an earlier one that has done what was asked for. */
  readonly seq?: number
  /** To be told at once, and stored nowhere. */
  readonly signal?: Signal
  /** A work queue that has something to give, or a consumer with space left. */
  readonly queue?: string
  /** When the session ends now; milliseconds since 1970. */
  readonly expiresAt?: number
}

/**
 * What a command wrote: the event that it appended, or the seq of an earlier one that has done the
 * same.
 */
export type Written = Event | number | undefined

/** How commands of one type are executed. */
export interface Handler<C> {
  /**
   * Changes nothing.
   *
   * @throws Refusal where the command is not to be executed.
   */
  check(turn: Turn, actor: Actor, command: C): Check
  /**
   * Writes. All commands of a transaction write, or none.
   *
   * @throws Refusal, and what the storage throws.
   */
  write?(turn: Turn, actor: Actor, command: C, check: Check): Written
  /**
   * What came of it, once everything is written (L3). Changes the session of the actor. Never
   * throws.
   */
  outcome(turn: Turn, actor: Actor, command: C, written: Written): Outcome
  /**
   * True where `write` is one statement, unless it files a report or a hidden room is shown again:
   * it needs no transaction of the storage, which costs as much again.
   */
  readonly isOneStatement?: true
}
