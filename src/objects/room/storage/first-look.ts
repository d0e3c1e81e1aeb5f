// What is looked up of a room before it is built, so that a refusal takes as long as for an unknown
// room (M2).

import type { Principal } from '../../../auth/principal.ts'
import type { RoomProfile } from '../../../contract.ts'
import { isHidden } from '../../../room/membership/roles.ts'
import type { RoomStorage } from './guarded-storage.ts'
import { openRoom } from './room-storage.ts'
import { SqlInvitations } from './sql-invitations.ts'
import { SqlMembers } from './sql-members.ts'

/** M2: whether a room does not exist for somebody. */
export const isHiddenFrom = ({ sql }: RoomStorage, profile: RoomProfile, by: Principal): boolean =>
  isHidden(profile, new SqlMembers(sql), by)

/** Whether the room is there, and has an invitation with such a secret. */
export const hasInvitation = (storage: RoomStorage, digest: string): boolean =>
  openRoom(storage) !== undefined && new SqlInvitations(storage.sql).find(digest) !== undefined
