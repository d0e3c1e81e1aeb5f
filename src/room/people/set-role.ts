// Sets what somebody is in this room, and ends what they may no longer do.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { endConnection } from '../connections/endings.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { tellSignal } from '../delivery/signals.ts'
import type { RoomState } from '../room-state.ts'
import { authorize, type Role, rank } from '../rules.ts'
import type { Turn } from '../turn.ts'
import { keepName } from './naming.ts'
import {
  DEFAULT_ROLE,
  demandRole,
  isModerator,
  type Member,
  requesterOf,
  roleOf,
  storedRole,
} from './roles.ts'

/**
 * Sets what somebody is. Moderators and the owner may, over those below them, and up to what is
 * below them. Connections that may not go on as they are end: `banned`, or `standing-changed` to
 * come back. A new moderator who is here keeps the name from now on.
 *
 * @throws Refusal `banned`, `accounts-only`, `not-allowed`, `too-many-members`.
 */
export function setRole(turn: Turn, by: Principal, personId: string, role: Role): Member {
  const wasModerator = isModerator(turn.room, personId)
  const member = replaceRole(turn, by, personId, role)
  if (isModerator(turn.room, personId) !== wasModerator) keepNameOf(turn.room, personId)
  return member
}

function replaceRole(turn: Turn, by: Principal, personId: string, next: Role): Member {
  const { room } = turn
  demandRole(room, by, 'moderator')
  const power = rank(roleOf(room, by))
  if (rank(storedRole(room, personId)) >= power || rank(next) >= power) {
    throw new Refusal('not-allowed', 'only of those below you, and to what is below you')
  }
  const before = storedRole(room, personId)
  store(room, personId, next)
  if (before !== next) {
    for (const connection of room.people.connectionsOf(personId)) {
      const { session } = connection
      if (session.phase === 'ended') continue
      if (roleOf(room, session.principal) === 'banned') {
        endConnection(turn, connection, new Refusal('banned'))
      } else if (session.phase === 'connected' && !mayKeep(room, session)) {
        endConnection(turn, connection, new Refusal('standing-changed'))
      }
    }
    tellSignal(turn, roleSignal(personId, next))
  }
  return { id: personId, role: next }
}

/**
 * R5: writes or removes one row.
 *
 * @throws Refusal `too-many-members`.
 */
function store({ roles, limits }: RoomState, personId: string, next: Role): void {
  if (roles.get(personId) === next && next !== DEFAULT_ROLE) return
  // Rows of versions before may say what all are.
  if (next === DEFAULT_ROLE) roles.delete(personId)
  else if (roles.get(personId) === undefined && roles.size >= limits.members) {
    throw new Refusal('too-many-members')
  } else roles.set(personId, next)
}

/** Whether a session may still have every subscription that it has. */
function mayKeep(room: RoomState, { principal, subscriptions }: ConnectedSession): boolean {
  const requester = requesterOf(room, principal)
  try {
    for (const { destination } of subscriptions) authorize('SUBSCRIBE', destination, requester)
    return true
  } catch {
    return false
  }
}

/** `standing` is the name that a role had: older clients read it. */
const roleSignal = (id: string, role: Role) => ({
  type: 'standing',
  user: { id },
  role,
  standing: role,
})

function keepNameOf(room: RoomState, personId: string): void {
  if (!isModerator(room, personId)) room.looks.keep(personId, undefined)
  for (const { session } of room.people.connectionsOf(personId)) {
    if (session.phase === 'connected') keepName(room, session.principal)
  }
}
