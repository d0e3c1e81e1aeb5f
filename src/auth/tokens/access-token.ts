// Access tokens: JWTs as RFC 9068 profiles them. Keys and the clock are arguments.

import { type Principal, principalClaims } from '../principal.ts'
import type { FindKey, SigningKey } from './keys.ts'
import { sign } from './sign.ts'
import { principalIn, text, verify, whole } from './verify.ts'

/** What an access token says; times in seconds since 1970. */
export interface AccessClaims {
  readonly principal: Principal
  /** The sign-in that this token stems from. */
  readonly sessionId: string
  readonly signedInAt: number
  /** Of the account, when the token was made: a change of roles makes older tokens void. */
  readonly version: number
  /** The token is a trusted issuer's. */
  readonly federated: boolean
  readonly expiresAt: number
}

/** What is the same in all access tokens of ours. */
export interface AccessRules {
  readonly issuer: string
  /** Seconds. */
  readonly lifetime: number
}

/** What a new token of ours is made of. */
type NewAccessToken = Omit<AccessClaims, 'federated' | 'expiresAt'> & {
  /** Unique. */
  readonly tokenId: string
}

/**
 * What a new token of ours says, as `verifyAccessToken` will find it.
 *
 * @param now milliseconds since 1970.
 */
export const accessClaimsOf = (
  { principal, sessionId, signedInAt, version }: Omit<NewAccessToken, 'tokenId'>,
  { lifetime }: AccessRules,
  now: number,
): AccessClaims => ({
  principal: { id: principal.id, ...principalClaims(principal) },
  ...{ sessionId, signedInAt, version, federated: false },
  expiresAt: Math.floor(now / 1000) + lifetime,
})

const TYPE = 'at+jwt'
const AUDIENCE = 'stompbox'

/**
 * A token of ours.
 *
 * @param now milliseconds since 1970.
 */
export async function signAccessToken(
  { principal, sessionId, signedInAt, version, tokenId }: NewAccessToken,
  key: SigningKey,
  { issuer, lifetime }: AccessRules,
  now: number,
): Promise<string> {
  const at = Math.floor(now / 1000)
  const who = principalClaims(principal)
  const claims = { ...who, sid: sessionId, auth_time: signedInAt, ver: version, iat: at }
  const ours = { issuer, audience: AUDIENCE, typ: TYPE, subject: principal.id, id: tokenId }
  return sign(claims, { ...ours, expiresAt: at + lifetime }, key)
}

/**
 * What a token of ours says, once its signature, type, issuer, audience and time hold.
 *
 * @param now milliseconds since 1970.
 * @throws TokenError `token-invalid`, `token-expired` or `token-early`.
 */
export async function verifyAccessToken(
  token: string,
  findKey: FindKey,
  issuer: string,
  now: number,
): Promise<AccessClaims> {
  const claims = await verify(token, findKey, { issuer, audience: AUDIENCE, typ: TYPE, now })
  return {
    principal: principalIn(claims),
    sessionId: text(claims.sid),
    signedInAt: whole(claims.auth_time),
    version: whole(claims.ver),
    federated: false,
    expiresAt: whole(claims.exp),
  }
}
