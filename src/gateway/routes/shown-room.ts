// A room as the API shows it.

import type { ListedRoom, Role, RoomProfile, ShownRoom } from '../../contract.ts'
import { visibilityOf } from '../../room-settings.ts'

/** A room as lists show it, with the alias `visibility` of older versions. */
export const listed = ({
  id,
  name,
  kind,
  description,
  owner,
  createdAt,
  archivedAt,
}: ListedRoom) => ({
  id,
  name,
  kind,
  visibility: visibilityOf(kind),
  description,
  archived: archivedAt !== undefined,
  owner: kind === 'direct' ? null : owner,
  createdAt: new Date(createdAt).toISOString(),
})

/** A room with its settings. The room has left out those that whoever asks may not see. */
export const profileOf = ({ settings, ...room }: RoomProfile | Omit<ShownRoom, 'role'>) => ({
  ...listed(room),
  settings,
})

/**
 * The same with the role of whoever asks, what a member has not read, and once the secret of a new
 * hook.
 */
export const shownTo = ({ role, hookSecret, unread, ...profile }: ShownRoom) => ({
  ...profileOf(withSecret(profile, hookSecret)),
  ...asRole(role),
  ...unread,
})

function withSecret<Room extends { readonly settings: ShownRoom['settings'] }>(
  room: Room,
  secret: string | undefined,
): Room {
  const { settings } = room
  if (secret === undefined || !settings.hook) return room
  return { ...room, settings: { ...settings, hook: { ...settings.hook, secret } } }
}

/** A role with its alias `standing`, which clients of older versions read. */
export const asRole = (role: Role) => ({ role, standing: role })
