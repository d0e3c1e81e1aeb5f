// The tokens that frames carry, verified before the turn that needs them.

import { bearerToken } from '../../auth/bearer.ts'
import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import { AccessVerifier } from '../../auth/tokens/access-verifier.ts'
import { TokenError } from '../../auth/tokens/token-error.ts'
import { Verifier } from '../../auth/tokens/verifier.ts'
import type { Config } from '../../config.ts'
import type { ConnectedSession, OpenedSession } from '../../room/connections/session.ts'
import type { Arrival, Credential } from '../../room/ports.ts'
import { carriesToken } from '../../room/stomp-commands/body.ts'
import type { Frame } from '../../stomp/frame.ts'
import type { KeyRingObject } from '../key-ring/object.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { Accounts } from './accounts.ts'
import type { Socket } from './sockets/socket.ts'

/** Verifies tokens, and tells accounts of a socket that goes on with another sign-in. */
export interface TokenNeeds {
  readonly verifier: AccessVerifier
  readonly accounts: Accounts
}

/** What verifies tokens, by the keys of that key ring and of the trusted issuers. */
export function accessVerifier(
  { access, trustedIssuers }: Config,
  keyRing: () => DurableObjectStub<KeyRingObject>,
): AccessVerifier {
  const own = new Verifier(() => withDeadline(keyRing().publicKeys()), Date.now)
  return new AccessVerifier({ own, issuer: access.issuer, trustedIssuers, now: Date.now })
}

/** A frame with what its token says, if it carries one. Never throws. */
export async function verifyFrame(
  frame: Frame,
  socket: Socket,
  roomId: string,
  needs: TokenNeeds,
): Promise<NonNullable<Arrival['verified']>> {
  if (!carriesToken(frame)) return { frame, credential: undefined, isNew: false }
  const known = socket.verified
  const credential = await credentialFor(frame, socket, roomId, needs)
  return { frame, credential, isNew: socket.verified !== known }
}

async function credentialFor(
  frame: Frame,
  socket: Socket,
  roomId: string,
  { verifier, accounts }: TokenNeeds,
): Promise<Credential> {
  const token = tokenOf(frame) ?? ''
  if (socket.verified?.token === token) return socket.verified.credential
  const credential = await credentialOf(frame, verifier)
  if ('refused' in credential) return credential
  const { session } = socket
  if (session.phase !== 'ended' && mustBeNoted(session, credential.claims)) {
    // A5: the end of this sign-in must reach the socket from now on.
    const { entry: visitId = '' } = session.signIn
    const refused = await accounts.entered(credential.claims, roomId, visitId)
    if (refused) return { refused }
  }
  socket.verified = { token, credential }
  return credential
}

/** Whether the account of a token's person knows nothing yet of a socket that goes on by it. */
function mustBeNoted(
  session: ConnectedSession | OpenedSession,
  { principal, sessionId, federated, expiresAt }: AccessClaims,
): boolean {
  if (principal.id !== session.principal.id) return false
  if (session.phase === 'opened') return sessionId !== session.signIn.id
  // An older token renews nothing. What is noted of a trusted issuer's sign-in ends with its token.
  if (expiresAt * 1000 < session.expiresAt) return false
  return sessionId !== session.signIn.id || (federated && expiresAt * 1000 > session.expiresAt)
}

/** What the frame's token says, or why it does not hold. Never throws. */
export async function credentialOf(
  frame: Frame,
  verifier: AccessVerifier,
): Promise<{ readonly claims: AccessClaims } | Extract<Credential, { refused: unknown }>> {
  try {
    return { claims: await verifier.verify(tokenOf(frame) ?? '') }
  } catch (error) {
    if (!(error instanceof TokenError)) {
      console.error(error)
      return { refused: 'unavailable' }
    }
    // The fault is not the token's: somebody has to see to it.
    if (error.cause !== undefined) console.error(error)
    return { refused: error.code, detail: error.reason }
  }
}

/**
 * `Authorization: Bearer …` on any frame, `passcode` on CONNECT. A header that is neither holds ''.
 */
export function tokenOf({ command, headers }: Frame): string | undefined {
  const authorization = headers.get('Authorization') ?? headers.get('authorization')
  if (authorization !== undefined) return bearerToken(authorization) ?? ''
  return command === 'CONNECT' || command === 'STOMP' ? headers.get('passcode') : undefined
}
