// Everything that an account needs of the outside. No other file of this folder defines a port.

import type { AuditLine } from '../audit.ts'
import type { Revocation } from '../auth/bearer.ts'
import type { ProviderLogin } from '../auth/openid/pending-link.ts'
import type { AccountRecord } from './record.ts'
import type { SignInRecord } from './sign-in-record.ts'
import type { AccountLogin, MemberRoom, MemberRoomPlace } from './views.ts'

/** The storage of one person. A wrong id must store nothing. */
export interface AccountStorage {
  /** Undefined where nothing is stored. */
  open(): AccountStore | undefined
  /** Makes the tables where there are none. */
  make(): AccountStore
}

export interface AccountStore {
  readonly logins: LoginStore
  readonly memberRooms: MemberRoomStore
  readonly rooms: EnteredRoomStore
  readonly revocations: RevocationStore
  account(): AccountRecord | undefined
  saveAccount(account: AccountRecord): void
  findSignIn(id: string): SignInRecord | undefined
  /**
   * The sign-in of a refresh token, which may carry an id that the sign-in had before a renewal.
   */
  renewable(id: string): SignInRecord | undefined
  /** The most recently used first. */
  signIns(): SignInRecord[]
  saveSignIn(signIn: SignInRecord): void
  /** Removes a sign-in and its rooms. No room is told. */
  removeSignIn(id: string): void
  /**
   * Marks a trusted issuer's sign-in as ended.
   *
   * @param until seconds since 1970.
   * @param now milliseconds.
   */
  endFederated(id: string, until: number, now: number): void
  isEndedFederated(id: string, now: number): boolean
}

/** A login with a provider. `ending`: it is being released. */
export type StoredLogin = AccountLogin & { readonly ending: boolean }

/** Times in milliseconds since 1970; null where the time is not known. */
export interface LoginStore {
  /** The oldest first. */
  providers(): StoredLogin[]
  add(id: string, login: ProviderLogin, linkedAt: number | null): void
  setEnding(id: string, ending: boolean): void
  remove(id: string): void
  /** When the password was set. */
  passwordSince(): number | null
  addPassword(linkedAt: number | null): void
}

/** One room of one sign-in: the sockets that entered and have not left. */
export interface EnteredRoom {
  /** The ids of the visits, the oldest first. */
  readonly visits: readonly string[]
  /** When somebody last entered; milliseconds since 1970. */
  readonly seenAt: number
  /** When the row may go, in seconds since 1970; null: with the sign-in. */
  readonly until: number | null
}

/** The rooms of which somebody is a member. */
export interface MemberRoomStore {
  get(roomId: string): MemberRoom | undefined
  /** Writes one row. */
  put(room: MemberRoom): void
  remove(roomId: string): void
  count(): number
  /** The newest member first; those of one moment by their ids. */
  page(after: MemberRoomPlace | undefined, limit: number): MemberRoom[]
}

/** A room as it was last seen, to be asked whether the sign-in is still there. */
export interface SeenRoom {
  readonly roomId: string
  readonly seenAt: number
}

/** The rooms where a sign-in may have sockets. */
export interface EnteredRoomStore {
  visits(sessionId: string, roomId: string): string[] | undefined
  /** How many rooms a sign-in has. */
  count(sessionId: string): number
  save(sessionId: string, roomId: string, room: EnteredRoom): void
  saveVisits(sessionId: string, roomId: string, visits: readonly string[]): void
  remove(sessionId: string, roomId: string): void
  /** Removes the rooms whose `until` has passed. */
  removeOver(seconds: number): void
  /** The rooms last seen at or before a time, the oldest first. */
  someSeenBefore(sessionId: string, time: number, limit: number): SeenRoom[]
  /** Removes a room, unless somebody has entered since. */
  removeSeen(sessionId: string, room: SeenRoom): void
  /** Removes the rooms of a sign-in; null: of every sign-in. */
  forget(sessionId: string | null): void
  /**
   * Removes a room that an older version stored for all sign-ins, if entered at or before a time.
   */
  forgetOld(roomId: string, time: number): void
}

/** A revocation that one room has not acknowledged yet. */
export interface PendingRevocation {
  readonly number: number
  readonly roomId: string
  readonly revocation: Revocation
  /** Failed deliveries so far. */
  readonly attempts: number
}

export interface RevocationStore {
  /** Adds a row for each room where a socket may be that the revocation concerns. */
  add(revocation: Revocation, due: number): void
  /** Those that are due, the longest due first. */
  due(now: number, limit: number): PendingRevocation[]
  /** When the next is due, in milliseconds since 1970; undefined where none is pending. */
  nextDue(): number | undefined
  remove(number: number): void
  /** Counts a failed delivery. */
  postpone(number: number, due: number): void
}

/** Where ids and secrets come from. */
export interface Randomness {
  /** Unique. */
  id(): string
  /** A key for the MACs of a sign-in's refresh tokens: FAMILY_KEY_LENGTH characters. */
  familyKey(): string
  /** SECRET_LENGTH random bytes. */
  secret(): Uint8Array
}

export type Audit = (line: AuditLine) => void
