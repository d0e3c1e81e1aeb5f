// Whether a room takes one more connection.

import type { Principal } from '../auth/principal.ts'
import { Refusal } from '../refusals.ts'
import { hasVanished, living } from './living.ts'
import { demandUnrevoked, type SignIn } from './revocations.ts'
import { welcome } from './standings.ts'
import type { Turn } from './turn.ts'

/**
 * R6: looks at the connections of this principal alone.
 *
 * @throws Refusal `banned`, `too-many-sockets`, `too-fast`, `room-busy`, or that of a revocation.
 */
export function admit(turn: Turn, principal: Principal, signIn: SignIn): void {
  const { room, now } = turn
  const { limits, people } = room
  welcome(room, principal)
  demandUnrevoked(room, principal, signIn, now)
  // R4: whoever comes and goes is told to wait, before anything is looked at.
  if (!room.joins.take(principal.id, now)) throw new Refusal('too-fast')
  // Those that have vanished are ended, and not counted.
  const alive = people.of(principal.id).filter((connection) => !hasVanished(turn, connection))
  if (alive.length >= limits.socketsPerPrincipal) throw new Refusal('too-many-sockets')
  if (people.size >= limits.sockets) {
    makeRoom(turn)
    throw new Refusal('room-busy')
  }
}

/** Ends those that have vanished from a full room, for whoever comes next: once in the time of a heart-beat. */
function makeRoom(turn: Turn): void {
  const { swept, limits } = turn.room
  if (turn.now - swept.at < limits.heartBeat) return
  swept.at = turn.now
  living(turn)
}
