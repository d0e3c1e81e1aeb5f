// CONNECT on the socket of an account, and a newer token on a later frame.

import { outsideRooms } from '../../auth/principal.ts'
import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import { Refusal } from '../../refusals.ts'
import type { ConnectedSession, OpenedSession } from '../../room/connections/session.ts'
import {
  acceptConnect,
  type Identity,
  isRenewal,
  sendConnected,
  tokenIdentity,
} from '../../room/stomp-commands/connect.ts'
import type { Call, IncomingFrame } from '../../room/turn.ts'
import type { ListTurn } from './list-turn.ts'

/**
 * CONNECT. No beats are sent to a client that sends none: that would wake the account.
 *
 * @throws Refusal as `acceptConnect`, `tokenIdentity` and `voidBecause`.
 */
export function connect(turn: ListTurn, call: Call<OpenedSession>): void {
  const accepted = acceptConnect(turn, call, false, () => {
    const identity = identityOf(call)
    demandHolding(turn, call, identity)
    return identity
  })
  call.connection.session = accepted.session
  sendConnected(turn, call.connection, accepted)
}

/**
 * The session of a frame. A newer token renews it in place.
 *
 * @throws Refusal as `tokenIdentity`, and why the token does not hold any more.
 */
export function renewed(
  turn: ListTurn,
  incoming: IncomingFrame,
  session: ConnectedSession,
): ConnectedSession {
  if (incoming.credential === undefined) return session
  const identity = identityOf({ ...incoming, session })
  if (!isRenewal(session, identity)) return session
  const isOwn = identity.signIn.id === session.signIn.id
  // The session of a renewed sign-in goes on for a moment, and its former token renews nothing.
  if (isOwn && voidBecause(turn, incoming, identity) === 'roles-changed') return session
  demandHolding(turn, incoming, identity)
  const next = { ...session, ...identity }
  incoming.connection.session = next
  return next
}

/** What a token says of rooms is theirs to know. */
function identityOf(call: Parameters<typeof tokenIdentity>[0]): Identity {
  const identity = tokenIdentity(call)
  return { ...identity, principal: outsideRooms(identity.principal) }
}

/** A5. @throws Refusal with why the token does not hold any more. */
function demandHolding(turn: ListTurn, incoming: IncomingFrame, identity: Identity): void {
  const because = voidBecause(turn, incoming, identity)
  if (because) throw new Refusal(because)
}

function voidBecause(
  { room, now }: ListTurn,
  { credential }: IncomingFrame,
  { signIn, expiresAt }: Identity,
) {
  const federated = credential !== undefined && 'claims' in credential && isFederated(credential)
  const { id: sessionId, version } = signIn
  return room.voidBecause({ sessionId, version, federated, expiresAt: expiresAt / 1000 }, now)
}

const isFederated = ({ claims }: { readonly claims: Pick<AccessClaims, 'federated'> }) =>
  claims.federated
