// The tokens that frames carry, verified before the turn that needs them.

import { bearerToken } from '../../../auth/bearer.ts'
import type { AccessClaims } from '../../../auth/tokens/access-token.ts'
import { AccessVerifier } from '../../../auth/tokens/access-verifier.ts'
import { TokenError } from '../../../auth/tokens/token-error.ts'
import { Verifier } from '../../../auth/tokens/verifier.ts'
import type { Config } from '../../../config.ts'
import type { RefusalCode } from '../../../refusals.ts'
import type { ConnectedSession, OpenedSession } from '../../../room/connections/session.ts'
import type { Arrival, Credential } from '../../../room/ports.ts'
import { carriesToken } from '../../../room/stomp-commands/body.ts'
import type { Frame } from '../../../stomp/frame.ts'
import type { KeyRingObject } from '../../key-ring/object.ts'
import { withDeadline } from '../deadline.ts'
import type { Socket } from './socket.ts'

/** What verifies tokens, by the keys of that key ring and of the trusted issuers. */
export function accessVerifier(
  { access, trustedIssuers }: Config,
  keyRing: () => DurableObjectStub<KeyRingObject>,
): AccessVerifier {
  const now = () => Date.now()
  const own = new Verifier(() => withDeadline(keyRing().publicKeys()), now)
  return new AccessVerifier({ own, issuer: access.issuer, trustedIssuers, now })
}

/**
 * A socket is about to go on by a token that it has not shown before: undefined, or why it may not.
 * Never throws.
 */
type Note = (
  session: ConnectedSession | OpenedSession,
  claims: AccessClaims,
) => Promise<RefusalCode | undefined>

/** A frame with what its token says, if it carries one. Never throws. */
export async function verifyFrame(
  frame: Frame,
  socket: Socket,
  verifier: AccessVerifier,
  note: Note,
): Promise<NonNullable<Arrival['verified']>> {
  if (!carriesToken(frame)) return { frame, credential: undefined, isNew: false }
  const known = socket.verified
  const credential = await credentialFor(frame, socket, verifier, note)
  return { frame, credential, isNew: socket.verified !== known }
}

async function credentialFor(
  frame: Frame,
  socket: Socket,
  verifier: AccessVerifier,
  note: Note,
): Promise<Credential> {
  const token = tokenOf(frame) ?? ''
  if (socket.verified?.token === token) return socket.verified.credential
  const credential = await credentialOf(frame, verifier)
  if ('refused' in credential) return credential
  const { session } = socket
  const refused = session.phase === 'ended' ? undefined : await note(session, credential.claims)
  if (refused) return { refused }
  socket.verified = { token, credential }
  return credential
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
