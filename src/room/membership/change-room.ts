// Changes what a room is: who may, and what a change ends.

import type { Principal } from '../../auth/principal.ts'
import { isLoopback } from '../../hook-setting.ts'
import { Refusal } from '../../refusals.ts'
import { mayHave, type RoomSettings, roomSettingsOf } from '../../room-settings.ts'
import { appendSystemEvent } from '../commands/system-event.ts'
import { endConnection } from '../connections/endings.ts'
import { tellSignal } from '../delivery/signals.ts'
import type { SystemNote } from '../log/system-note.ts'
import { logModeration } from '../moderation/moderation-log.ts'
import { type Deed, demand } from '../permissions.ts'
import { type RoomState, writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { type ChangedRoom, type ProfileChange, type RoomProfile, shownSettings } from './profile.ts'
import { demandDeed, demandEntry, demandNotDirect, permissionsOf } from './roles.ts'

/** Who may change a setting. The rest of a profile is the owner's. */
const SETTING_DEEDS: { readonly [S in keyof RoomSettings]: Deed } = {
  write: 'changeRoom',
  invite: 'changeRoom',
  entry: 'changeRoom',
  history: 'changeRoom',
  frozen: 'keepOrder',
  slowMode: 'keepOrder',
  words: 'keepOrder',
  links: 'keepOrder',
  hook: 'changeRoom',
}

/**
 * Changes what a room is. Connections that may not stay are ended with the reason. Writes one row,
 * one of the moderation log, and an event for a new name, a new description or the archive. Writes
 * none where nothing is new.
 *
 * @throws Refusal `body-invalid`, `not-allowed`, and as `demandEntry`.
 */
export function changeRoom(turn: Turn, by: Principal, change: ProfileChange): ChangedRoom {
  const { room } = turn
  const role = demandDeed(room, by, 'read')
  demandNotDirect(room)
  for (const deed of deedsOf(change)) demand(role, deed, permissionsOf(room))
  const before = room.profile.get()
  if (!mayHave(before.kind, change.settings ?? {})) {
    throw new Refusal('body-invalid', 'settings.entry: this kind of room is for its members')
  }
  const next = changedProfile(before, change, turn.now)
  if (isSame(before, next)) return before
  const hookSecret = secretFor(room, before.settings, next.settings)
  const note = noteOf(before, next)
  const write = () => {
    const { settings, ...profile } = change
    // Moderators read the log, and only the owner may see the address of a hook.
    const hook = settings?.hook && { hook: true }
    logModeration(turn, by, { action: 'settings', detail: { ...profile, ...settings, ...hook } })
    room.profile.set(next, hookSecret)
  }
  if (note) appendSystemEvent(turn, by, note, write)
  else writeAtomically(room, write)
  if (next.settings.entry !== before.settings.entry) endUnwelcome(turn)
  tellSignal(turn, profileSignal(next))
  return hookSecret ? { ...next, hookSecret } : next
}

/**
 * The new secret of a hook. Undefined: the address is the same, so the secret stays. Null: there is
 * no hook any more.
 *
 * @throws Refusal `body-invalid`.
 */
function secretFor(
  { limits, newSecret }: RoomState,
  { hook: before }: RoomSettings,
  { hook: next }: RoomSettings,
): string | null | undefined {
  if (next?.url === before?.url) return undefined
  if (!next) return null
  if (!limits.loopbackHooks && isLoopback(next.url)) {
    throw new Refusal('body-invalid', 'settings.hook.url: https to a public name is wanted')
  }
  return newSecret()
}

function deedsOf({ settings = {}, ...profile }: ProfileChange): Set<Deed> {
  const deeds = Object.keys(settings).map((key) => SETTING_DEEDS[key as keyof RoomSettings])
  return new Set(Object.keys(profile).length > 0 ? [...deeds, 'changeRoom'] : deeds)
}

function changedProfile(before: RoomProfile, change: ProfileChange, now: number): RoomProfile {
  const { archived, settings = {}, ...rest } = change
  const isArchived = archived ?? before.archivedAt !== undefined
  return {
    ...before,
    ...rest,
    archivedAt: isArchived ? (before.archivedAt ?? now) : undefined,
    settings: roomSettingsOf(before.kind, { ...before.settings, ...settings }),
  }
}

const isSame = (one: RoomProfile, other: RoomProfile) =>
  JSON.stringify(one) === JSON.stringify(other)

/** What the log tells of a change: the name, the description, and whether the room is archived. */
function noteOf(before: RoomProfile, next: RoomProfile): SystemNote | undefined {
  const { name, description } = next
  const archived = next.archivedAt !== undefined
  const fresh = {
    ...(name !== before.name && { name }),
    ...(description !== before.description && { description }),
    ...(archived !== (before.archivedAt !== undefined) && { archived }),
  }
  return Object.keys(fresh).length > 0 ? { type: 'renamed', ...fresh } : undefined
}

/** What clients show of a room, told to those who listen to its signals. */
const profileSignal = ({ name, description, archivedAt, settings }: RoomProfile) => ({
  type: 'room',
  name,
  description,
  archived: archivedAt !== undefined,
  settings: shownSettings(settings, 'reader'),
})

function endUnwelcome(turn: Turn): void {
  for (const connection of turn.room.connections()) {
    const { session } = connection
    if (session.phase === 'ended') continue
    try {
      demandEntry(turn.room, session.principal)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      endConnection(turn, connection, error)
    }
  }
}
