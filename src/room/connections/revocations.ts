// Revocation: sign-ins that ended before their tokens did. Live sockets end at once, and whoever comes
// later with such a token is refused (A5). Nothing is asked per message.

import type { Principal } from '../../auth/principal.ts'
import type { Revocation } from '../../auth/session.ts'
import { Refusal } from '../../refusals.ts'
import type { Connection } from '../ports.ts'
import type { Parts, Turn } from '../turn.ts'
import { end } from './endings.ts'

export type { Revocation }

/** Which sign-in a session stems from, and the version of the account that its token was made of. */
export interface SignIn {
  readonly id: string
  readonly version: number
  /** What the account knows the socket by; told to it when the socket has gone. */
  readonly entry?: string | undefined
}

export interface RevocationStore {
  /** Keeps one until it has ended, and drops those that have. `now` in seconds since 1970. */
  add(revocation: Revocation, now: number): void
  /** Those of a person. */
  of(personId: string): Revocation[]
}

/**
 * A5: ends every connection whose token the revocation concerns; gives whether connections of that
 * person remain.
 */
export function revoke(turn: Turn, revocation: Revocation): boolean {
  const { room, now } = turn
  room.revocations.add(revocation, Math.floor(now / 1000))
  let remain = false
  for (const connection of room.people.of(revocation.personId)) {
    const { session } = connection
    if (session.phase === 'ended') continue
    const { id, version } = session.signIn
    if (!concerns(revocation, session.signIn)) {
      remain = true
      continue
    }
    // The account knows already that it goes.
    connection.session = { ...session, signIn: { id, version } }
    end(turn, connection, new Refusal(revocation.code))
  }
  return remain
}

/** Whether one of them is a sign-in's. */
export const anyOf = (connections: readonly Connection[], signInId: string): boolean =>
  connections.some(({ session }) => session.phase !== 'ended' && session.signIn.id === signInId)

/** Throws the Refusal of whatever has ended this sign-in. */
export function demandUnrevoked(room: Parts, { id }: Principal, signIn: SignIn, now: number): void {
  for (const revocation of room.revocations.of(id)) {
    if (revocation.until * 1000 > now && concerns(revocation, signIn)) {
      throw new Refusal(revocation.code)
    }
  }
}

function concerns({ sessionId, below }: Revocation, { id, version }: SignIn): boolean {
  return (sessionId === null || sessionId === id) && (below === null || version < below)
}
