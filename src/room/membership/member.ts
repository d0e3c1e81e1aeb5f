// Somebody whom the room keeps a row for: how they are kept, shown and found.

import { Refusal } from '../../refusals.ts'
import type { RoomKind } from '../../room-settings.ts'
import type { Role } from '../permissions.ts'

/** Somebody by id, and by name where the room knows it. */
export interface Named {
  readonly id: string
  /** '' where the room knows them by id alone. */
  readonly name: string
}

/** Who somebody is that the room has never met, as their account says. */
export interface Introduction {
  readonly name: string
  readonly guest: boolean
}

/** What is kept of a ban with the row of the banned. */
export interface BanNote {
  readonly at: number
  readonly by: Named
  readonly reason?: string | undefined
}

/** U1: how far a member has read. */
export interface ReadMarker {
  readonly seq: number
  /** The messages up to it. */
  readonly n: number
  /** When it was written; milliseconds since 1970. */
  readonly at: number
}

/** Somebody whom the room keeps a row for. Times in milliseconds since 1970. */
export interface MemberRow {
  readonly id: string
  readonly role: Role
  /** '' where the room knows them by id alone. */
  readonly name: string
  readonly guest: boolean
  /**
   * When they came, and the head of the log then. Undefined: no member, only their role is kept.
   */
  readonly joined?: { readonly at: number; readonly seq: number } | undefined
  readonly mutedUntil?: number | undefined
  /** When a ban ends by itself. */
  readonly bannedUntil?: number | undefined
  /** Undefined also in rows of older versions. */
  readonly ban?: BanNote | undefined
  /** Since when they block the other of a direct room. */
  readonly blockedAt?: number | undefined
  /** The read marker as it was written last. Undefined: as of joining. */
  readonly read?: ReadMarker | undefined
  /** The ban in the stored row has ended. */
  readonly hasBanEnded?: true
}

/** The owner of a new room, its first member. */
export const ownerOf = (room: {
  readonly owner: Named
  readonly createdAt: number
}): MemberRow => ({
  ...room.owner,
  ...{ role: 'owner', guest: false, joined: { at: room.createdAt, seq: 0 } },
})

/** A member as others see them. */
export interface Member {
  readonly id: string
  readonly role: Role
  readonly name: string
  readonly guest: boolean
  /** Null: no member, only a role was set. */
  readonly joinedAt: number | null
  readonly mutedUntil?: number
}

/** What everybody in the room sees of a row: neither a ban nor a block. */
export const memberOf = ({ id, role, name, guest, joined, mutedUntil }: MemberRow): Member => ({
  id,
  role,
  name,
  guest,
  joinedAt: joined?.at ?? null,
  ...(mutedUntil !== undefined && { mutedUntil }),
})

/** The room as the account of a member keeps it. */
export interface MemberRoom {
  readonly id: string
  readonly name: string
  readonly kind: RoomKind
  readonly role: Role
  /** Milliseconds since 1970. */
  readonly joinedAt: number
  /** They have hidden it from their list of rooms. */
  readonly hidden?: true
}

/**
 * The room as the account of somebody keeps it; undefined for a person who is no member, or is
 * banned.
 */
export function memberRoomOf(
  { id, name, kind }: { readonly id: string; readonly name: string; readonly kind: RoomKind },
  row: MemberRow | undefined,
  isHidden = false,
): MemberRoom | undefined {
  if (!row?.joined || row.role === 'banned') return undefined
  const hidden = isHidden ? ({ hidden: true } as const) : undefined
  return { id, name, kind, role: row.role, joinedAt: row.joined.at, ...hidden }
}

/** Which members are asked for. */
export interface MembersQuery {
  /** What their names begin with. */
  readonly q?: string | undefined
  /** The `next` of the page before. */
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** A page of members, the owner first; `next` is the `cursor` of the next page, or null. */
export interface MembersPage {
  readonly members: readonly Member[]
  readonly next: string | null
}

/** Where a page of members begins: after the one at this place. */
export interface MemberPlace {
  /** The rank of the role: the highest comes first. */
  readonly rank: number
  readonly nameKey: string
  readonly id: string
}

/** What becomes of members by the end of their ban. */
export interface EndedBans {
  /** Bans until then have ended; milliseconds since 1970. */
  readonly now: number
  /** What the members are then. */
  readonly role: Role
}

/** A place as a text that a client gives back. */
export function cursorOf({ rank, nameKey: key, id }: MemberPlace): string {
  const bytes = new TextEncoder().encode(JSON.stringify([rank, key, id]))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

/**
 * The place that `cursorOf` made a text of.
 * @throws Refusal `query-invalid`.
 */
export function placeOf(cursor: string): MemberPlace {
  try {
    const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    const parts: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const [rank, key, id] = Array.isArray(parts) ? parts : []
    if (Number.isSafeInteger(rank) && typeof key === 'string' && typeof id === 'string') {
      return { rank, nameKey: key, id }
    }
  } catch {
    // It is no cursor of ours.
  }
  throw new Refusal('query-invalid', 'cursor: not one of this list')
}
