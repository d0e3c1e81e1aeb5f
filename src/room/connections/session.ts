// What the room remembers about a connection: plain data, replaced and never changed in place.

import type { Principal } from '../../auth/principal.ts'
import type { Version } from '../../stomp/version.ts'
import { MAX_SESSION_BYTES } from '../limits/limits.ts'
import { mayBeBehind, type Subscription } from './subscription.ts'

/**
 * Which sign-in a session stems from, and the version of the account that its token was made of.
 */
export interface SignIn {
  readonly id: string
  readonly version: number
  /**
   * The visit id: what the account knows the socket by. It is told when the socket has gone.
   * Attachments store it under this name.
   */
  readonly entry?: string | undefined
}

/** How long a frame may still stay unfinished: times in milliseconds. */
interface Unfinished {
  /** When the unfinished frame began, or the last one was finished. */
  readonly at: number
  /** What was left then of the allowance. */
  readonly left: number
}

/** A phase has only the fields that it has then. Times in milliseconds since 1970. */
export type Session = OpenedSession | ConnectedSession | EndedSession

interface Wire {
  /** The client's last message was binary: it is answered in kind. */
  readonly binary: boolean
  /** A frame has begun and is unfinished. */
  readonly partial: boolean
  /** Since when, and what is left of its allowance; undefined if no frame ever came in pieces. */
  readonly unfinished?: Unfinished
  /** The last sign of life noted. It is updated only once it is older than half a heart-beat. */
  readonly seenAt: number
}

/** The WebSocket is open; CONNECT has not come. */
export interface OpenedSession extends Wire {
  readonly phase: 'opened'
  /** Who the ticket was made for, and at which sign-in. */
  readonly principal: Principal
  readonly signIn: SignIn
  readonly openedAt: number
}

/** CONNECT was accepted. */
export interface ConnectedSession extends Wire {
  readonly phase: 'connected'
  readonly id: string
  /** When the WebSocket was opened; undefined in a session that an older version began. */
  readonly openedAt?: number
  readonly principal: Principal
  /** That of the newest token. */
  readonly signIn: SignIn
  readonly version: Version
  /** When the access token ends. */
  readonly expiresAt: number
  /** How often the client promised to beat, in milliseconds; 0: never. */
  readonly beatsEvery: number
  /** The client asked for beats: what it sends never stays without an answer. */
  readonly wantsBeats: boolean
  /**
   * The room beats to a client that does not beat itself; undefined where it did not promise that.
   */
  readonly isBeaten?: true
  /**
   * The client reads several frames of one WebSocket message; undefined where it did not say so.
   */
  readonly multiFrame?: true
  readonly subscriptions: readonly Subscription[]
  readonly transactions: readonly Transaction[]
  /** The number of the next subscription or transaction: ids are unique in a session by it. */
  readonly nextNumber: number
  /** When it was told last that this person types; undefined where they do not. */
  readonly typingAt?: number
  /** The read marker: the seq up to which this connection has read, by ACK or by /pub/read. */
  readonly readTo?: number
}

/** A transaction that was begun. Its frames are in storage. */
export interface Transaction {
  /** The client's id. */
  readonly id: string
  readonly number: number
  readonly frames: number
  /** Bytes of its frames. */
  readonly bytes: number
}

/** Nothing more is said or heard. */
interface EndedSession extends Wire {
  readonly phase: 'ended'
  /** Undefined where the account knows already. */
  readonly departure?: Departure | undefined
}

/** What the account of a person is told when a socket has gone. */
export interface Departure {
  readonly personId: string
  readonly sessionId: string
  /** The visit id. */
  readonly entry: string
}

/** The session of a WebSocket that has just opened at `now`, in milliseconds since 1970. */
export function openedSession(principal: Principal, signIn: SignIn, now: number): OpenedSession {
  const wire = { binary: false, partial: false, seenAt: now }
  return { phase: 'opened', principal, signIn, openedAt: now, ...wire }
}

/** What is kept of a session until its socket has gone: what its account is to be told. */
export function endedSession(session: Session): EndedSession {
  const { binary, seenAt } = session
  const departure = departureOf(session)
  return { phase: 'ended', binary, partial: false, seenAt, ...(departure && { departure }) }
}

/** What the account is to be told; undefined where it knows already, or noted no visit. */
export function departureOf(session: Session): Departure | undefined {
  if (session.phase === 'ended') return session.departure
  const { id: sessionId, entry } = session.signIn
  return entry === undefined ? undefined : { personId: session.principal.id, sessionId, entry }
}

/** An expired session is told nothing, and its frames are refused. */
export function isExpired(session: ConnectedSession, now: number): boolean {
  return session.expiresAt <= now
}

/**
 * Whether frames for this session may share a WebSocket message: only where its client asked for
 * that.
 */
export function sharesMessages(session: Session): boolean {
  return session.phase === 'connected' && session.multiFrame === true
}

/** Whether something may wait for a subscription of this session. */
export function isBehind(session: Session): boolean {
  return session.phase === 'connected' && session.subscriptions.some(mayBeBehind)
}

/** H3: whether a session is small enough to be kept in its attachment. */
export function fitsAttachment(session: Session): boolean {
  return attachmentSize(session) <= MAX_SESSION_BYTES
}

/** Not a Latin-1 text: it takes two bytes a letter. */
const WIDE = /[^\0-\xff]/

/** Bytes of plain data in an attachment: no fewer than the serializer of the platform uses. */
export function attachmentSize(value: unknown): number {
  if (typeof value === 'string') return 6 + value.length * (WIDE.test(value) ? 2 : 1)
  if (typeof value !== 'object' || value === null) return 12
  let size = 16
  for (const [name, each] of Object.entries(value)) {
    size += attachmentSize(name) + attachmentSize(each)
  }
  return size
}

/** The session with one subscription more. */
export function withSubscription(
  session: ConnectedSession,
  subscription: Subscription,
): ConnectedSession {
  return { ...session, subscriptions: [...session.subscriptions, subscription] }
}

/** The session without the subscription of that number. */
export function withoutSubscription(
  session: ConnectedSession,
  { number }: Subscription,
): ConnectedSession {
  const rest = session.subscriptions.filter((each) => each.number !== number)
  return { ...session, subscriptions: rest }
}

/** The session with the subscription of the same number as `changed` replaced by it. */
export function withChanged(session: ConnectedSession, changed: Subscription): ConnectedSession {
  const subscriptions = session.subscriptions.map((each) =>
    each.number === changed.number ? changed : each,
  )
  return { ...session, subscriptions }
}

/** The session with a transaction begun, changed or (undefined) ended. */
export function withTransaction(
  session: ConnectedSession,
  { number }: Transaction,
  changed: Transaction | undefined,
): ConnectedSession {
  const rest = session.transactions.filter((each) => each.number !== number)
  return { ...session, transactions: changed ? [...rest, changed] : rest }
}
