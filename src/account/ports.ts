// Everything that an account needs of the outside. No other file of this folder defines a port.

import type { AuditLine } from '../audit.ts'
import type { Revocation } from '../auth/bearer.ts'
import type { ProviderLogin } from '../auth/openid/pending-link.ts'
import type { AccountRecord } from './record.ts'
import type { SignInRecord } from './sign-in-record.ts'
import type { AccountLogin, MemberRoom, MemberRoomPlace, RoomChoices } from './views.ts'

/** The storage of one person. A question about a wrong id must store nothing. */
export interface AccountStorage {
  /** Undefined where nothing is stored. */
  open(): AccountStore | undefined
  /** Makes the tables where there are none. */
  make(): AccountStore
}

/** What is stored of one person. Times in milliseconds since 1970 where nothing else is said. */
export interface AccountStore {
  readonly logins: LoginStore
  readonly memberRooms: MemberRoomStore
  readonly rooms: EnteredRoomStore
  readonly revocations: RevocationStore
  readonly tickets: UsedTicketStore
  /** Undefined for a trusted issuer's person of whom nothing is stored. */
  account(): AccountRecord | undefined
  /** Replaces the account. */
  saveAccount(account: AccountRecord): void
  /** By its present id, whether it has ended or not. */
  findSignIn(id: string): SignInRecord | undefined
  /**
   * The sign-in of a refresh token, which may carry an id that the sign-in had before a renewal.
   */
  renewable(id: string): SignInRecord | undefined
  /** The most recently used first. */
  signIns(): SignInRecord[]
  /** Adds it, or replaces the one with that id. */
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
  /** Whether a trusted issuer's sign-in was marked as ended, and the mark still holds. */
  isEndedFederated(id: string, now: number): boolean
}

/** The tickets that opened a socket of the account, until they have ended (A3). */
export interface UsedTicketStore {
  /**
   * Marks a ticket as used: 1 row.
   *
   * @param ticket `expiresAt` in seconds since 1970.
   * @throws Refusal `ticket-used`.
   */
  spend(ticket: { readonly id: string; readonly expiresAt: number }, now: number): void
}

/** A login with a provider. `ending`: it is being released. */
export type StoredLogin = AccountLogin & { readonly ending: boolean }

/** Times in milliseconds since 1970; null where the time is not known. */
export interface LoginStore {
  /** The oldest first. */
  providers(): StoredLogin[]
  /** Adds a login; one with that id stays as it is. */
  add(id: string, login: ProviderLogin, linkedAt: number | null): void
  /** Marks a login as being released, or takes the mark away. */
  setEnding(id: string, ending: boolean): void
  /** By its id. */
  remove(id: string): void
  /** When the password was set. */
  passwordSince(): number | null
  /** Notes that there is a password. A time that was noted before stays. */
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
  /** What the room told last; undefined where the person is no member. */
  get(roomId: string): MemberRoom | undefined
  /** Writes one row. */
  put(room: MemberRoom): void
  /** Removes one row. */
  remove(roomId: string): void
  /** Asked before each new room, so that the list is bounded (R5). */
  count(): number
  /** How many are not hidden. */
  countShown(): number
  /** Replaces what the member has chosen for a room. Writes one row. */
  choose(roomId: string, choices: RoomChoices): void
  /** The rooms in which they have a draft (R5). */
  drafts(): number
  /** Those that are not hidden, the newest member first; those of the same time by their ids. */
  page(after: MemberRoomPlace | undefined, limit: number): MemberRoom[]
}

/** A room as it was last seen, to be asked whether the sign-in is still there. */
export interface SeenRoom {
  readonly roomId: string
  readonly seenAt: number
}

/** The rooms where a sign-in may have sockets. */
export interface EnteredRoomStore {
  /**
   * The ids of the visits, the oldest first; undefined where the sign-in has no row for the room.
   */
  visits(sessionId: string, roomId: string): readonly string[] | undefined
  /** How many rooms a sign-in has. */
  count(sessionId: string): number
  /** Adds or replaces the row of a room. */
  save(sessionId: string, roomId: string, room: EnteredRoom): void
  /** Replaces the visits alone: the time last seen stays. */
  saveVisits(sessionId: string, roomId: string, visits: readonly string[]): void
  /** Removes the row of a room. */
  remove(sessionId: string, roomId: string): void
  /** Removes the rooms whose `until` has passed. */
  removeOver(seconds: number): void
  /** At most `limit` of the rooms last seen at or before a time, chosen by chance. */
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

/** Revocations that rooms have not acknowledged. `due` and `now` in milliseconds since 1970. */
export interface RevocationStore {
  /** Adds a row for each room where a socket may be that the revocation concerns. */
  add(revocation: Revocation, due: number): void
  /** Those that are due, the longest due first. */
  due(now: number, limit: number): PendingRevocation[]
  /** When the next is due, in milliseconds since 1970; undefined where none is pending. */
  nextDue(): number | undefined
  /** The room has acknowledged it, or was tried too often. */
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

/** Writes a line of the audit log. */
export type Audit = (line: AuditLine) => void
