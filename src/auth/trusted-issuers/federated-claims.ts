// What a trusted issuer's claims mean here, once its token holds. Pure.

import type { JWTPayload } from 'jose'
import { displayName } from '../display-name.ts'
import type { Authority } from '../principal.ts'
import type { AccessClaims } from '../tokens/access-token.ts'
import { TokenError } from '../tokens/token-error.ts'

/** Where a claim is found: its name, or a path of names with dots between. */
type ClaimPath = string

/** What the configuration says of a trusted issuer's claims. */
export interface FederatedNames {
  /** Of the issuer, here: what its people's ids begin with. */
  readonly name: string
  /** Undefined: everybody has GENERAL. */
  readonly roles?: ClaimPath | undefined
  readonly displayName: ClaimPath
  /** Hours that a token may live. */
  readonly maxHours: number
}

/** Characters of a subject (OpenID Connect Core, section 2), and of what ids are made of. */
const MAX_ID = 255
const HOUR = 3600
const MAX_ROLES = 32
/** Roles that are authorities here: they come first, so that none is beyond MAX_ROLES. */
const AUTHORITIES = ['GENERAL', 'ADMIN']
/** Characters. */
const MAX_ROLE = 64
/** The end of the year 9999, in seconds. A later time was meant in milliseconds. */
const MAX_TIME = 253_402_300_799

const CONTROL = /\p{Cc}/u

/**
 * What the verified claims of a trusted issuer's token say here.
 *
 * @param now milliseconds since 1970.
 * @throws TokenError `token-invalid` without a `sub` to make an id of or a time of its end, or
 * where the token may live too long; `token-expired`.
 */
export function federatedClaims(
  claims: JWTPayload,
  names: FederatedNames,
  now: number,
): AccessClaims {
  const { sub } = claims
  if (!isId(sub)) throw new TokenError('token-invalid', 'claims')
  const session = [claims.sid, claims.jti].find((id) => typeof id === 'string' && id) ?? sub
  const expiresAt = endOf(claims, names.maxHours, now)
  const rooms = roomsOf(claims.rooms)
  return {
    principal: {
      id: `${names.name}:${sub}`,
      name: displayName(claimAt(claims, names.displayName), sub),
      roles: names.roles === undefined ? ['GENERAL'] : rolesOf(claimAt(claims, names.roles)),
      ...(rooms && { rooms }),
    },
    sessionId: `${names.name}:${String(session).slice(0, MAX_ID).toWellFormed()}`,
    signedInAt: timeOf(claims.auth_time) ?? timeOf(claims.iat) ?? 0,
    version: 0,
    federated: true,
    expiresAt,
  }
}

/** All lone surrogates become the same bytes, so two people would share an id. */
const isId = (sub: unknown): sub is string =>
  typeof sub === 'string' &&
  sub !== '' &&
  sub.length <= MAX_ID &&
  sub.isWellFormed() &&
  !CONTROL.test(sub)

/**
 * When a token ends here, in seconds: at most `maxHours` after it was issued. One that does not say
 * when it was issued must end within that time from now: nobody would know how old it is (RFC 9068,
 * section 2.2).
 */
function endOf(claims: JWTPayload, maxHours: number, now: number): number {
  const end = timeOf(claims.exp)
  if (end === undefined) throw new TokenError('token-invalid', 'claims')
  const issued = timeOf(claims.iat)
  const longest = Math.floor(maxHours * HOUR)
  if (issued === undefined) {
    if (end > now / 1000 + longest) throw new TokenError('token-invalid', 'lifetime')
    return end
  }
  // An issuer's clock may be ahead: nothing was issued later than now.
  const capped = Math.min(end, Math.min(issued, Math.floor(now / 1000)) + longest)
  if (capped <= now / 1000) throw new TokenError('token-expired')
  return capped
}

/** A NumericDate (RFC 7519, section 2) in whole seconds. */
function timeOf(claim: unknown): number | undefined {
  if (typeof claim !== 'number' || !(claim >= 0 && claim <= MAX_TIME)) return undefined
  return Math.floor(claim)
}

/** The claim with that whole name, or else the value at the end of the path. */
function claimAt(claims: JWTPayload, path: ClaimPath): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  let at: unknown = claims
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** Roles in rooms by the ids of the rooms; undefined where there are none. */
function roomsOf(claim: unknown): Record<string, string> | undefined {
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return undefined
  const roles = Object.entries(claim).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return roles.length === 0 ? undefined : Object.fromEntries(roles)
}

/** A list of texts, or one text with spaces between, as a scope is (RFC 6749, section 3.3). */
function rolesOf(claim: unknown): Authority[] {
  const listed: unknown[] = typeof claim === 'string' ? claim.split(' ') : [claim].flat()
  const roles = listed.filter(
    (role): role is Authority => typeof role === 'string' && role !== '' && role.length <= MAX_ROLE,
  )
  const authorities = roles.filter((role) => AUTHORITIES.includes(role))
  return [...new Set([...authorities, ...roles])].slice(0, MAX_ROLES)
}
