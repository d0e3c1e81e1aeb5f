// What every token of ours must pass, whatever it is for (RFC 8725).

import { errors, type JWTPayload, jwtVerify } from 'jose'
import { ALGORITHM, type FindKey } from './keys.ts'
import { TokenError } from './token-error.ts'

interface Expected {
  readonly issuer: string
  readonly audience: string
  /** The `typ` header: one kind of token is never taken for another (RFC 8725, section 3.11). */
  readonly typ: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Characters; a longer one is refused unread. */
const MAX_TOKEN_LENGTH = 4096

/** The claims of a token that holds. Throws TokenError. */
export async function verify(
  token: string,
  findKey: FindKey,
  { issuer, audience, typ, now }: Expected,
): Promise<JWTPayload> {
  if (token.length > MAX_TOKEN_LENGTH) throw new TokenError('token-invalid')
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: [ALGORITHM],
      issuer,
      audience,
      typ,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp', 'jti'],
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new TokenError('token-expired')
    if (error instanceof errors.JWKSNoMatchingKey) throw new UnknownKey()
    if (error instanceof errors.JOSEError) throw new TokenError('token-invalid')
    throw error
  }
}

/** The token names a key that is not known (yet): worth one more look at the key ring. */
export class UnknownKey extends TokenError {
  constructor() {
    super('token-invalid')
  }
}

/** A claim that is a text. */
export function text(claim: unknown): string {
  if (typeof claim !== 'string') throw new TokenError('token-invalid')
  return claim
}

/** A claim that is a list of texts. */
export function texts(claim: unknown): string[] {
  if (!Array.isArray(claim)) throw new TokenError('token-invalid')
  return claim.map(text)
}

/** A claim that is a whole number. */
export function whole(claim: unknown): number {
  if (!Number.isSafeInteger(claim)) throw new TokenError('token-invalid')
  return claim as number
}
