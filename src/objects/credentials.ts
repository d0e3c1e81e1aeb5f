// The tokens that frames carry, verified before the turn that needs them.

import { verifyAccessToken } from '../auth/access-token.ts'
import { bearerToken } from '../auth/bearer.ts'
import { TokenError } from '../auth/token-error.ts'
import type { Verifier } from '../auth/verifier.ts'
import type { Credential } from '../room/turn.ts'
import type { Frame } from '../stomp/frame.ts'

/** Whether a frame is to be verified before it is answered. */
export function carriesToken(frame: Frame): boolean {
  return tokenOf(frame) !== undefined
}

/** What the frame's token says, or why it does not hold. Never throws. */
export async function credentialOf(
  frame: Frame,
  verifier: Verifier,
  issuer: string,
): Promise<Credential> {
  const token = tokenOf(frame) ?? ''
  try {
    const claims = await verifier.run((findKey) =>
      verifyAccessToken(token, findKey, issuer, Date.now()),
    )
    return { claims }
  } catch (error) {
    if (error instanceof TokenError) {
      return { refused: error.code === 'token-expired' ? 'token-expired' : 'token-invalid' }
    }
    console.error(error)
    return { refused: 'unavailable' }
  }
}

/** `Authorization: Bearer …` on any frame, `passcode` on CONNECT. A header that is neither holds ''. */
export function tokenOf({ command, headers }: Frame): string | undefined {
  const authorization = headers.get('Authorization') ?? headers.get('authorization')
  if (authorization !== undefined) return bearerToken(authorization) ?? ''
  return command === 'CONNECT' || command === 'STOMP' ? headers.get('passcode') : undefined
}
