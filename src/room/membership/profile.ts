// What a room is.

import type { RoomKind, RoomSettings, SettingsChange } from '../../room-settings.ts'
import { type Role, rank } from '../permissions.ts'
import type { Unread } from '../unread/unread.ts'
import type { MemberRoom } from './member.ts'

/** What a room is. Times in milliseconds since 1970. */
export interface RoomProfile {
  readonly id: string
  readonly name: string
  readonly kind: RoomKind
  /** '' where there is none. */
  readonly description: string
  /** By the name that the owner had when they became it. */
  readonly owner: { readonly id: string; readonly name: string }
  readonly createdAt: number
  /** Undefined: it is not archived. */
  readonly archivedAt?: number | undefined
  readonly settings: RoomSettings
}

/** What the directory keeps of a room. */
export type ListedRoom = Omit<RoomProfile, 'settings'>

/** Leaves out the settings: the directory lists no room by them. */
export function listedRoom({ settings: _, ...room }: RoomProfile): ListedRoom {
  return room
}

/** The settings that not everybody sees: whoever knows a rule can get around it. */
const SHOWN_TO = { words: 'moderator', links: 'moderator', hook: 'owner' } as const satisfies {
  [S in keyof RoomSettings]?: Role
}

type Hidden = keyof typeof SHOWN_TO

/** The settings that somebody sees. */
type ShownSettings = Omit<RoomSettings, Hidden> & Partial<Pick<RoomSettings, Hidden>>

/** The settings that a role sees. */
export function shownSettings(settings: RoomSettings, role: Role): ShownSettings {
  const shown: { -readonly [S in keyof ShownSettings]: ShownSettings[S] } = { ...settings }
  for (const [setting, least] of Object.entries(SHOWN_TO)) {
    if (rank(role) < rank(least)) delete shown[setting as Hidden]
  }
  return shown
}

/** A room as one person sees it, with what that person is in it. */
export type ShownRoom = Omit<RoomProfile, 'settings'> & {
  readonly settings: ShownSettings
  readonly role: Role
  /** What their account keeps of it; undefined if they are no member. */
  readonly membership?: MemberRoom | undefined
  /** What they have not read yet: undefined where they are no member. */
  readonly unread?: Unread | undefined
  /** The secret of its hook, once: to who has just set the hook. */
  readonly hookSecret?: string
}

/** A room that was changed, with the new secret of its hook where the change made one. */
export type ChangedRoom = RoomProfile & { readonly hookSecret?: string }

/** What a PATCH of a room changes; what it leaves out stays. */
export interface ProfileChange {
  readonly name?: string
  readonly description?: string
  readonly archived?: boolean
  readonly settings?: SettingsChange
}
