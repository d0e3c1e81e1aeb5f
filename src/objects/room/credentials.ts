// The tokens that frames carry, verified before the turn that needs them.

import { bearerToken } from '../../auth/bearer.ts'
import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import { AccessVerifier } from '../../auth/tokens/access-verifier.ts'
import { TokenError } from '../../auth/tokens/token-error.ts'
import { Verifier } from '../../auth/tokens/verifier.ts'
import type { Config } from '../../config.ts'
import type { Credential } from '../../room/ports.ts'
import type { Frame } from '../../stomp/frame.ts'
import type { KeyRingObject } from '../key-ring/object.ts'
import { withDeadline } from '../shared/deadline.ts'

/** What verifies tokens, by the keys of that key ring and of the trusted issuers. */
export function accessVerifier(
  { access, trustedIssuers }: Config,
  keyRing: () => DurableObjectStub<KeyRingObject>,
): AccessVerifier {
  const own = new Verifier(() => withDeadline(keyRing().publicKeys()), Date.now)
  return new AccessVerifier({ own, issuer: access.issuer, trustedIssuers, now: Date.now })
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
