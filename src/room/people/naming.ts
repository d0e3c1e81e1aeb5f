// How somebody is named in events and signals, with what is to be known of the name.

import type { Principal } from '../../auth/principal.ts'
import type { Person } from '../log/event.ts'
import { isModerator, roleOf } from '../membership/roles.ts'
import type { RoomState } from '../room-state.ts'
import { lookOfPerson } from './lookalikes.ts'

/** Somebody as the room names them now. */
export function personIn(room: RoomState, principal: Principal): Person {
  const { id, name, guest } = principal
  const lookalike = looksLikeAnother(room, principal)
  if (!guest && !lookalike) return { id, name }
  return { id, name, ...(guest && { guest }), ...(lookalike && { lookalike }) }
}

/** The same of somebody who has gone. */
export const personWhoLeft = ({ id, name, guest }: Principal): Person =>
  guest ? { id, name, guest } : { id, name }

/**
 * The name of the owner or of a moderator is theirs, also while they are away. Writes a row where
 * it is new.
 */
export function keepName(room: RoomState, principal: Principal): void {
  if (!isModerator(room, principal.id)) return
  const look = lookOfPerson(principal)
  const { owner } = room.profile.get()
  // The name by which the room was made is in its profile.
  if (principal.id === owner.id && look === lookOfPerson(owner)) return
  if (room.looks.holders(look).includes(principal.id)) return
  room.looks.keep(principal.id, look)
}

/**
 * Whether a name has the look of one that is the owner's or a moderator's, or of somebody here who
 * is before this person. The names of the owner and of moderators are never marked.
 */
function looksLikeAnother(room: RoomState, principal: Principal): true | undefined {
  const { id } = principal
  const { owner } = room.profile.get()
  if (id === owner.id) return undefined
  const look = lookOfPerson(principal)
  const first = room.people.lookalikes.first(look)
  const taken =
    (first !== undefined && first !== id) ||
    look === lookOfPerson(owner) ||
    room.looks.holders(look).some((holder) => holder !== id && isModerator(room, holder))
  if (!taken) return undefined
  const role = roleOf(room, principal)
  return role === 'owner' || role === 'moderator' ? undefined : true
}
