// What is stored of the room and its people: the profile, members, moderation, revocations.

import type { Revocation } from '../../auth/bearer.ts'
import type { Invitation } from '../membership/invitation.ts'
import type { EndedBans, MemberPlace, MemberRow } from '../membership/member.ts'
import type { RoomProfile } from '../membership/profile.ts'
import type { Clearing, ModerationEntry, NewModerationEntry } from '../moderation/act.ts'
import type { NewReport, Report, ReportsQuery, Settlement } from '../moderation/report.ts'

/** Messages that were reported to the moderators. */
export interface ReportStore {
  /** Writes one row. Where there are more than `most` then, the oldest settled one goes. */
  add(report: NewReport, most: number): Report
  /** By its number. */
  find(id: number): Report | undefined
  /** The open reports of a person. */
  openOf(personId: string): Report[]
  readonly openCount: number
  /** The newest first. */
  page(query: ReportsQuery): Report[]
  /** Writes one row. */
  settle(id: number, settlement: Settlement): unknown
}

/** What the room is. */
export interface ProfileStore {
  /** Kept in memory: to ask costs no query. */
  get(): RoomProfile
  /**
   * Replaces it: writes one row.
   *
   * @param hookSecret a new one, null for none any more, undefined where it stays.
   */
  set(profile: RoomProfile, hookSecret?: string | null): unknown
  /** The secret of the hook, where it has one. */
  readonly hookSecret: string | undefined
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** Members, and others whose role was set: a row for each. */
export interface MemberStore {
  /** Undefined: the room keeps no row of them. */
  get(personId: string): MemberRow | undefined
  /** Writes one row. */
  put(member: MemberRow): unknown
  /** The row goes. */
  remove(personId: string): unknown
  /** How many rows there are. */
  readonly size: number
  /** Whether there are more rows than so many. Reads one row more than that at most. */
  hasMoreThan(count: number): boolean
  /**
   * Those whose name key begins with a text, by role (the highest first), name key and id.
   *
   * @param all also those who are no members, and the banned.
   * @param ended by which bans that have ended do not count; undefined: all count.
   */
  page(
    prefix: string,
    after: MemberPlace | undefined,
    all: boolean,
    limit: number,
    ended?: EndedBans,
  ): MemberRow[]
  /** The banned whose id comes after another, by id; bans that have ended are among them. */
  banned(after: string, limit: number): MemberRow[]
  /**
   * Members who may read and bear one of these names, by name key: at most so many of each name, by
   * id, and at most `limit` in all.
   */
  named(nameKeys: readonly string[], ofEach: number, limit: number): MemberRow[]
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** Invitations: a few dozen, those that are over among them. A change writes one row. */
export interface InvitationStore {
  /** All that are kept, the newest first. */
  all(): readonly Invitation[]
  /** By the digest of its secret. */
  find(digest: string): Invitation | undefined
  /** Adds it, or replaces the one with that digest. */
  put(invitation: Invitation): unknown
  /** By the digest of its secret. */
  remove(digest: string): unknown
}

/** What moderators are clearing. */
export interface ClearingStore {
  /** In the order begun. */
  all(): readonly Clearing[]
  /** Writes one row. */
  set(all: readonly Clearing[]): void
  /** Drops what is kept in memory: writes were undone. */
  forget(): void
}

/** The moderation log. */
export interface ModerationStore {
  /** Writes one row. Of more than `most` the oldest go, in time. */
  add(entry: NewModerationEntry, most: number): void
  /** Those with a lower number, the newest first. */
  page(before: number | undefined, limit: number): ModerationEntry[]
}

/** Sign-ins that ended before their tokens did. */
export interface RevocationStore {
  /** Keeps one until it has ended, and drops those that have. `now` in seconds since 1970. */
  add(revocation: Revocation, now: number): void
  /** Those of a person. */
  of(personId: string): Revocation[]
}
