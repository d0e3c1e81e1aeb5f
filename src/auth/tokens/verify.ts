// What every token must pass, whoever signed it and whatever it is for (RFC 8725).

import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'
import type { Principal } from '../principal.ts'
import { ALGORITHM, type FindKey } from './keys.ts'
import { TokenError, type TokenErrorReason } from './token-error.ts'

interface Expected {
  readonly issuer: string
  readonly audience: string
  /** Milliseconds since 1970. */
  readonly now: number
}

interface ExpectedOfOurs extends Expected {
  /** The `typ` header: one kind of token is never taken for another (RFC 8725, section 3.11). */
  readonly typ: string
}

interface ExpectedOfAny extends Expected {
  /** As `kind` returns them; undefined: a header without `typ`. */
  readonly kinds: readonly (string | undefined)[]
  /** Seconds that the issuer's clock may be ahead. Ours decides when a token ends. */
  readonly leeway: number
  /** Fixed by the keys, never by the token (RFC 8725, sections 3.1 and 3.2). */
  readonly algorithms: readonly string[]
  /** `exp` is to be one of them. */
  readonly requiredClaims: readonly string[]
}

/** Characters; a longer one is refused unread. A provider may list hundreds of groups. */
const MAX_TOKEN_LENGTH = 16_384
/** Seconds that the clock of another part of this Worker may be ahead. */
const OWN_LEEWAY = 10

/**
 * Base64url in its one spelling: no padding, no white space, and no surplus bits, all of which
 * decoders accept. So two texts are two tokens.
 */
const PART = '(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?'
const COMPACT = new RegExp(`^${PART}\\.${PART}\\.${PART}$`)

/**
 * The claims of a token of ours that holds.
 *
 * @throws TokenError `token-early` for a token from the future, and as `verifyAny`.
 */
export async function verify(
  token: string,
  findKey: FindKey,
  { typ, ...expected }: ExpectedOfOurs,
): Promise<JWTPayload> {
  const claims = await verifyAny(token, findKey, {
    ...expected,
    kinds: [kind(typ)],
    leeway: OWN_LEEWAY,
    algorithms: [ALGORITHM],
    requiredClaims: ['sub', 'exp', 'jti'],
  })
  const { iat = 0 } = claims
  if (iat > expected.now / 1000 + OWN_LEEWAY) throw new TokenError('token-early', 'iat')
  return claims
}

/**
 * The claims of a token whose form, algorithm, type, signature, issuer, audience and time hold.
 *
 * @throws TokenError `token-invalid`, `token-expired`, `token-early`.
 */
export async function verifyAny(
  token: string,
  findKey: JWTVerifyGetKey,
  { issuer, audience, now, kinds, leeway, algorithms, requiredClaims }: ExpectedOfAny,
): Promise<JWTPayload> {
  const { header } = read(token)
  // No critical header is supported, and a JWT is never unencoded (RFC 7797, section 7).
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) throw invalid('crit')
  if (!algorithms.includes(header.alg ?? '')) throw invalid('algorithm')
  if (header.typ !== undefined && typeof header.typ !== 'string') throw invalid('type')
  if (!kinds.includes(header.typ && kind(header.typ))) throw invalid('type')
  if (header.kid !== undefined && typeof header.kid !== 'string') throw invalid('key')
  const options = {
    ...{ issuer, audience, algorithms: [...algorithms], requiredClaims: [...requiredClaims] },
    ...{ currentDate: new Date(now), clockTolerance: leeway },
  }
  const { payload } = await jwtVerify(token, findKey, options).catch((error: unknown) => {
    throw refusal(error)
  })
  const { exp = 0 } = payload
  if (exp <= now / 1000) throw new TokenError('token-expired')
  return payload
}

/**
 * The issuer that a token names, to choose the keys that verify it. It is not verified yet.
 *
 * @throws TokenError `token-invalid` for what cannot be a token.
 */
export function claimedIssuer(token: string): unknown {
  return read(token).claims.iss
}

/** A `typ` in the one spelling that counts (RFC 7515, section 4.1.9). */
export function kind(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '')
}

/** The header and claims of a token, not verified yet. Of two equal names the last counts. */
function read(token: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  if (token.length > MAX_TOKEN_LENGTH) throw invalid('too-long')
  if (!COMPACT.test(token)) throw invalid('malformed')
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch {
    throw invalid('malformed')
  }
}

const CLAIM_REASONS: ReadonlyMap<string, TokenErrorReason> = new Map([
  ['iss', 'issuer'],
  ['aud', 'audience'],
])

function refusal(error: unknown): TokenError {
  if (error instanceof errors.JWTExpired) return new TokenError('token-expired')
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error
    if (claim === 'nbf' && reason === 'check_failed') return new TokenError('token-early', 'nbf')
    return invalid(CLAIM_REASONS.get(claim) ?? 'claims')
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('signature')
  if (error instanceof errors.JWKSNoMatchingKey) return new UnknownKey()
  if (error instanceof errors.JWKSMultipleMatchingKeys) return invalid('key')
  // The header and the form were checked before, so the published key is unusable.
  return new TokenError('token-invalid', 'key', { cause: error })
}

/** The token names an unknown key, so the keys are fetched once more. */
export class UnknownKey extends TokenError {
  constructor() {
    super('token-invalid', 'key')
  }
}

const invalid = (reason: TokenErrorReason) => new TokenError('token-invalid', reason)

/** A claim that is a text. @throws TokenError `token-invalid`. */
export function text(claim: unknown): string {
  if (typeof claim !== 'string') throw invalid('claims')
  return claim
}

/** Who a token of ours speaks for. @throws TokenError `token-invalid`. */
export const principalIn = ({ sub, name, roles, guest }: JWTPayload): Principal => ({
  id: text(sub),
  name: text(name),
  roles: texts(roles),
  ...(guest === true && { guest }),
})

/** A claim that is a list of texts. */
function texts(claim: unknown): string[] {
  if (!Array.isArray(claim)) throw invalid('claims')
  return claim.map(text)
}

/** A claim that is a whole number. @throws TokenError `token-invalid`. */
export function whole(claim: unknown): number {
  if (!Number.isSafeInteger(claim)) throw invalid('claims')
  return claim as number
}
