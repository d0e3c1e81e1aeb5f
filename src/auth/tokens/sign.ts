// How tokens of ours are signed, whatever they are for; verify.ts looks at what comes back.

import { type JWTPayload, SignJWT } from 'jose'
import { ALGORITHM, type SigningKey } from './keys.ts'

/** `iss`, `sub`, `jti` and `exp` of a token, beside which kind it is. */
interface Registered {
  readonly issuer: string
  readonly audience: string
  /** The `typ` header: one kind of token is never taken for another (RFC 8725, section 3.11). */
  readonly typ: string
  readonly subject: string
  /** Unique. */
  readonly id: string
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/**
 * A JWT of ours, signed with ES256 (RFC 7519).
 *
 * @param claims those that only this kind of token has.
 */
export const sign = (
  claims: JWTPayload,
  { issuer, audience, typ, subject, id, expiresAt }: Registered,
  key: SigningKey,
): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setJti(id)
    .setExpirationTime(expiresAt)
    .sign(key.key)
