// What a room is.

import type { RoomKind, RoomSettings, SettingsChange } from '../../room-settings.ts'
import type { Role } from '../permissions.ts'

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

export function listedRoom({ settings: _, ...room }: RoomProfile): ListedRoom {
  return room
}

/** A room as one person sees it, with what that person is in it. */
export type ShownRoom = RoomProfile & { readonly role: Role }

export interface ProfileChange {
  readonly name?: string
  readonly description?: string
  readonly archived?: boolean
  readonly settings?: SettingsChange
}
