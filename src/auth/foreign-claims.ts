// What a trusted issuer's claims mean here, once its token holds. Pure.

import type { JWTPayload } from 'jose'
import type { AccessClaims } from './access-token.ts'
import { displayName } from './display-name.ts'
import type { Role } from './principal.ts'
import { TokenError } from './token-error.ts'

/** Where a claim is found: its name, or a path of names with dots between. */
type ClaimPath = string

export interface ForeignNames {
  /** Of the issuer, here: what its people's ids begin with. */
  readonly name: string
  /** Undefined: everybody has GENERAL. */
  readonly roles?: ClaimPath | undefined
  readonly displayName: ClaimPath
}

/** Characters of what ids are made of. */
const MAX_ID = 128
const MAX_ROLES = 32
/** Characters. */
const MAX_ROLE = 64
/** The end of the year 9999, in seconds: what is later was meant in milliseconds. */
const MAX_TIME = 253_402_300_799

const CONTROL = /\p{Cc}/u

/** Throws TokenError where there is no `sub` to make an id of, or the end is no time. */
export function foreignClaims(claims: JWTPayload, names: ForeignNames): AccessClaims {
  const { sub } = claims
  if (!isId(sub)) throw new TokenError('token-invalid', 'claims')
  const session = [claims.sid, claims.jti].find((id) => typeof id === 'string' && id) ?? sub
  const expiresAt = timeOf(claims.exp)
  if (expiresAt === undefined) throw new TokenError('token-invalid', 'claims')
  return {
    principal: {
      id: `${names.name}:${sub}`,
      name: displayName(claimAt(claims, names.displayName), sub),
      roles: names.roles === undefined ? ['GENERAL'] : rolesOf(claimAt(claims, names.roles)),
    },
    sessionId: `${names.name}:${String(session).slice(0, MAX_ID).toWellFormed()}`,
    signedInAt: timeOf(claims.auth_time) ?? timeOf(claims.iat) ?? 0,
    version: 0,
    foreign: true,
    expiresAt,
  }
}

/** Because half a character becomes the same octets as any other, and two people would be one. */
const isId = (sub: unknown): sub is string =>
  typeof sub === 'string' &&
  sub !== '' &&
  sub.length <= MAX_ID &&
  sub.isWellFormed() &&
  !CONTROL.test(sub)

/** A NumericDate (RFC 7519, section 2) in whole seconds. */
function timeOf(claim: unknown): number | undefined {
  if (typeof claim !== 'number' || !(claim >= 0 && claim <= MAX_TIME)) return undefined
  return Math.floor(claim)
}

/** A claim of that very name, dots and all, or else what is at the end of the path. */
function claimAt(claims: JWTPayload, path: ClaimPath): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  let at: unknown = claims
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** A list of texts, or one text with spaces between, as a scope is (RFC 6749, section 3.3). */
function rolesOf(claim: unknown): Role[] {
  const listed: unknown[] = typeof claim === 'string' ? claim.split(' ') : [claim].flat()
  const roles = listed.filter(
    (role): role is Role => typeof role === 'string' && role !== '' && role.length <= MAX_ROLE,
  )
  return [...new Set(roles)].slice(0, MAX_ROLES)
}
