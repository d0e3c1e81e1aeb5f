// How tokens of ours are signed, whatever they are for; verify.ts looks at what comes back.

import { CompactSign, type JWTPayload } from 'jose'
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

const utf8 = new TextEncoder()

/**
 * A JWT of ours, signed with ES256 (RFC 7519).
 *
 * @param claims those that only this kind of token has.
 */
export function sign(
  claims: JWTPayload,
  { issuer, audience, typ, subject, id, expiresAt }: Registered,
  { kid, key }: SigningKey,
): Promise<string> {
  const registered = { iss: issuer, aud: audience, sub: subject, jti: id, exp: expiresAt }
  // SignJWT would check and clone what is ours: half of the time beside the signature.
  const payload = utf8.encode(JSON.stringify({ ...claims, ...registered }))
  return new CompactSign(payload).setProtectedHeader({ alg: ALGORITHM, kid, typ }).sign(key)
}
