// Access tokens: JWTs as RFC 9068 profiles them. Keys and the clock are arguments.

import { SignJWT } from 'jose'
import { ALGORITHM, type FindKey, type SigningKey } from './keys.ts'
import type { Principal } from './principal.ts'
import { TokenError } from './token-error.ts'
import { text, texts, verify, whole } from './verify.ts'

/** What an access token says; times in seconds since 1970. */
export interface AccessClaims {
  readonly principal: Principal
  /** The sign-in that this token stems from. */
  readonly sessionId: string
  readonly signedInAt: number
  readonly expiresAt: number
}

export interface AccessRules {
  readonly issuer: string
  /** Seconds. */
  readonly lifetime: number
  /** Seconds since the sign-in after which no token is renewed any more; 0: none is renewed. */
  readonly sessionLifetime: number
}

const TYPE = 'at+jwt'
const AUDIENCE = 'stompbox'

/** A new sign-in: a session of its own, its first token, and when that ends. */
export async function signAccessToken(
  claims: Omit<AccessClaims, 'expiresAt'> & { readonly tokenId: string },
  key: SigningKey,
  rules: AccessRules,
  now: number,
): Promise<string> {
  const at = Math.floor(now / 1000)
  const { id, name, roles } = claims.principal
  return new SignJWT({ name, roles, sid: claims.sessionId, auth_time: claims.signedInAt })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: TYPE })
    .setIssuer(rules.issuer)
    .setAudience(AUDIENCE)
    .setSubject(id)
    .setJti(claims.tokenId)
    .setIssuedAt(at)
    .setExpirationTime(at + rules.lifetime)
    .sign(key.key)
}

/**
 * What a token says, once its signature, type, issuer, audience and time hold.
 *
 * @param now milliseconds since 1970.
 * @throws TokenError `token-invalid` or `token-expired`.
 */
export async function verifyAccessToken(
  token: string,
  findKey: FindKey,
  issuer: string,
  now: number,
): Promise<AccessClaims> {
  const claims = await verify(token, findKey, { issuer, audience: AUDIENCE, typ: TYPE, now })
  return {
    principal: { id: text(claims.sub), name: text(claims.name), roles: texts(claims.roles) },
    sessionId: text(claims.sid),
    signedInAt: whole(claims.auth_time),
    expiresAt: whole(claims.exp),
  }
}

/**
 * The claims of the token that follows a valid one: the same session and principal.
 *
 * @throws TokenError `session-too-old` when the sign-in is too long ago.
 */
export function renewedClaims(
  { principal, sessionId, signedInAt }: AccessClaims,
  rules: AccessRules,
  now: number,
): Omit<AccessClaims, 'expiresAt'> {
  if (now / 1000 - signedInAt >= rules.sessionLifetime) throw new TokenError('session-too-old')
  return { principal, sessionId, signedInAt }
}
