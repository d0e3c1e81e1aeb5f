// Revocation: sign-ins that ended before their tokens did. Their sockets end at once, and their
// tokens are refused from then on (A5). A message costs no lookup.

import type { Revocation } from '../../auth/bearer.ts'
import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { Connection } from '../ports.ts'
import type { RoomState } from '../room-state.ts'
import type { Turn } from '../turn.ts'
import { endConnection } from './endings.ts'
import type { SignIn } from './session.ts'

/**
 * A5: ends every connection whose token the revocation concerns; returns whether connections of
 * that person remain.
 */
export function revokeConnections(turn: Turn, revocation: Revocation): boolean {
  const { room, now } = turn
  room.revocations.add(revocation, Math.floor(now / 1000))
  let remain = false
  for (const connection of room.people.connectionsOf(revocation.personId)) {
    const { session } = connection
    if (session.phase === 'ended') continue
    const { id, version } = session.signIn
    if (!appliesTo(revocation, session.signIn)) {
      remain = true
      continue
    }
    // The account knows of this end already.
    connection.session = { ...session, signIn: { id, version } }
    endConnection(turn, connection, new Refusal(revocation.code))
  }
  return remain
}

/** Whether one of the connections is of that sign-in. */
export const hasSignIn = (connections: readonly Connection[], signInId: string): boolean =>
  connections.some(({ session }) => session.phase !== 'ended' && session.signIn.id === signInId)

/**
 * Demands a sign-in that no revocation concerns (A5). `now` in milliseconds since 1970.
 * @throws Refusal with the code of the revocation: `session-ended`, `roles-changed` and the like.
 */
export function demandUnrevoked(
  room: RoomState,
  { id }: Principal,
  signIn: SignIn,
  now: number,
): void {
  for (const revocation of room.revocations.of(id)) {
    if (revocation.until * 1000 > now && appliesTo(revocation, signIn)) {
      throw new Refusal(revocation.code)
    }
  }
}

/** Whether a revocation concerns a sign-in. */
export function appliesTo(
  { sessionId, below }: Pick<Revocation, 'sessionId' | 'below'>,
  { id, version }: SignIn,
): boolean {
  return (sessionId === null || sessionId === id) && (below === null || version < below)
}
