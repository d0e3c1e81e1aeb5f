// The members as they are now: a ban that has ended does not count. Nothing is written for that:
// the row is updated with its next change.

import type { RoomKind } from '../../room-settings.ts'
import type { Role } from '../permissions.ts'
import type { MemberStore, ProfileStore } from '../ports.ts'
import type { MemberPlace, MemberRow } from './member.ts'

/** What people whose role nobody set are. */
export const DEFAULT_ROLES: { readonly [K in RoomKind]: Role } = {
  public: 'writer',
  unlisted: 'writer',
  broadcast: 'reader',
  private: 'banned',
  direct: 'banned',
}

/** What a member of a kind of room usually is, and is again once a ban has ended. */
export const roleOfMember = (kind: RoomKind): Role =>
  DEFAULT_ROLES[kind] === 'banned' ? 'writer' : DEFAULT_ROLES[kind]

/** The stored members, with bans and mutes that have ended left out. */
export class CurrentMembers implements MemberStore {
  readonly #stored: MemberStore
  readonly #profile: ProfileStore
  readonly #now: () => number

  /** @param now milliseconds since 1970. */
  constructor(stored: MemberStore, profile: ProfileStore, now: () => number) {
    this.#stored = stored
    this.#profile = profile
    this.#now = now
  }

  get(personId: string): MemberRow | undefined {
    const row = this.#stored.get(personId)
    return row && this.#current(row)
  }

  put(member: MemberRow): void {
    const { hasBanEnded: _, ...row } = member
    this.#stored.put(row)
  }

  remove(personId: string): void {
    this.#stored.remove(personId)
  }

  get size(): number {
    return this.#stored.size
  }

  hasMoreThan(count: number): boolean {
    return this.#stored.hasMoreThan(count)
  }

  page(prefix: string, after: MemberPlace | undefined, all: boolean, limit: number): MemberRow[] {
    const ended = { now: this.#now(), role: this.#usualRole }
    return this.#stored
      .page(prefix, after, all, limit, ended)
      .flatMap((row) => this.#current(row) ?? [])
  }

  banned(after: string, limit: number): MemberRow[] {
    return this.#stored.banned(after, limit)
  }

  named(nameKeys: readonly string[], ofEach: number, limit: number): MemberRow[] {
    return this.#stored
      .named(nameKeys, ofEach, limit)
      .flatMap((row) => this.#current(row) ?? [])
      .filter(({ role }) => role !== 'banned')
  }

  forget(): void {
    this.#stored.forget()
  }

  /** Undefined: the row holds nothing but a ban that has ended. */
  #current(stored: MemberRow): MemberRow | undefined {
    const now = this.#now()
    const row = withoutEndedMute(stored, now)
    if (!isBanOver(row, now)) return row
    const { bannedUntil: _until, ban: _ban, ...rest } = row
    if (!rest.joined && rest.mutedUntil === undefined) return undefined
    return { ...rest, role: this.#usualRole, hasBanEnded: true }
  }

  get #usualRole(): Role {
    return roleOfMember(this.#profile.get().kind)
  }
}

function withoutEndedMute(row: MemberRow, now: number): MemberRow {
  if (row.mutedUntil === undefined || row.mutedUntil > now) return row
  return { ...row, mutedUntil: undefined }
}

/** Whether the ban in a row has ended. */
export const isBanOver = ({ role, bannedUntil }: MemberRow, now: number): boolean =>
  role === 'banned' && bannedUntil !== undefined && bannedUntil <= now
