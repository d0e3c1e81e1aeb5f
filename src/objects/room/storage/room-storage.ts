// What a room keeps in its SQLite, but for the events: its profile and settings, the tickets used,
// and the tables of the stores beside.

import type { RoomProfile } from '../../../contract.ts'
import { type MemberRow, ownerOf } from '../../../room/membership/member.ts'
import { migrate, storedVersion } from '../../shared/migrate.ts'
import type { RoomStorage } from './guarded-storage.ts'
import { MIGRATIONS, newSeed } from './migrations.ts'
import { NEWEST } from './schema.ts'
import { SqlMembers } from './sql-members.ts'
import { ownListsText } from './sql-own-lists.ts'
import { insertProfile, readProfile } from './sql-profile.ts'
import { DELETED, isDeleted } from './tombstone.ts'

/**
 * Makes the room. Nothing is stored for a room that nobody made.
 * @param counts what making it cost, asked when its row is written.
 * @param others the members where nobody owns the room.
 */
export function createRoom(
  storage: RoomStorage,
  room: RoomProfile,
  counts: () => string,
  others?: readonly MemberRow[],
): void {
  storage.transactionSync(() => {
    if (openRoom(storage)) throw new Error('the room exists')
    if (isDeleted(storage)) throw new Error('the room was deleted')
    migrate(storage, MIGRATIONS, NEWEST)
    const members = new SqlMembers(storage.sql)
    for (const each of others ?? [ownerOf(room)]) members.put(each)
    // Until their accounts have heard of it.
    const untold = (others ?? []).map(({ id }) => [id, 'untold'] as const)
    const ownLists = ownListsText(new Map(untold))
    // Last, since it says what all of this has cost.
    insertProfile(storage.sql, room, { keySeed: newSeed(), meter: counts(), ownLists })
  })
}

/** The room, its storage brought up to date; undefined where there is none. */
export function openRoom(storage: RoomStorage): RoomProfile | undefined {
  const version = storedVersion(storage.sql)
  if (version === 0 || version === DELETED) return undefined
  if (version < MIGRATIONS.length) migrate(storage, MIGRATIONS)
  return readProfile(storage.sql)
}
