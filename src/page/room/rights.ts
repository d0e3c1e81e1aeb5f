// What the reader may do in a room, by the table of the room itself. The server decides; the page
// only offers nothing that it would refuse.

import { type Act, type Deed, may, mayActOn } from '../../room/permissions.ts'
import type { Role, Room } from '../api/api.ts'

/** What the reader may do. An unknown role may do nothing. */
export interface Rights {
  readonly role: Role | undefined
  /** Whether the reader may do something in the room. */
  may(deed: Deed): boolean
  /** Whether the reader may do something to somebody with this role, or give it. */
  mayActOn(act: Act, target: Role): boolean
}

/** Decides for a room. Undefined, or without a role: nothing is offered. */
export function rightsIn(room: Room | undefined): Rights {
  const role = room?.role
  const { write = 'writer', invite = 'moderator', frozen = false } = room?.settings ?? {}
  const rules = {
    ...{ write, invite, frozen },
    archived: room?.archived ?? false,
    consume: 'moderator' as const,
  }
  return {
    role,
    may: (deed) => role !== undefined && may(role, deed, rules),
    mayActOn: (act, target) => role !== undefined && mayActOn(role, act, target),
  }
}

/** What people are in a room whose role nobody set. */
export const usualRole = (room: Room | undefined): Role =>
  room?.kind === 'broadcast' ? 'reader' : 'writer'

/** To others a private or direct room does not exist, so its link leads nowhere. */
export const isLinked = (room: Room | undefined): boolean =>
  room?.kind !== 'private' && room?.kind !== 'direct'

/** Whether the reader may make links that let people in. */
export const mayInvite = (room: Room | undefined): boolean =>
  rightsIn(room).may('invite') && room?.kind !== 'direct'
