// The life of a sign-in: what becomes of it when a refresh token or an access token is shown. Pure:
// the decision alone, and the record that follows from it (RFC 9700, section 4.14).

import {
  makeRefreshToken,
  type RefreshToken,
  successorSecret,
  tokenHash,
} from '../auth/tokens/refresh-token.ts'
import { isTokenOf, type SignInRecord, wasUnused } from './sign-in-record.ts'

/** Seconds. */
export interface SessionRules {
  readonly accessLifetime: number
  readonly refreshLifetime: number
  /** Seconds after the sign-in for which an access token alone renews it; 0: it never does. */
  readonly maxAge: number
}

/** What somebody shows who wants a sign-in renewed. */
interface Shown {
  readonly token: RefreshToken | undefined
  /** Whether an access token of the same sign-in, valid and not void, is shown too. */
  readonly access: boolean
}

/** What becomes of a request for new tokens. */
type RenewalDecision =
  /** It is given its next token: that which follows on `token`, or a first one. */
  | { readonly outcome: 'renewed'; readonly token: RefreshToken | undefined }
  /** The answer may have been lost: it is given the same token again, and nothing changes. */
  | { readonly outcome: 'repeated'; readonly token: RefreshToken }
  /** A token that was used before: by a thief, or by the owner after a thief (RFC 9700, 4.14.2). */
  | { readonly outcome: 'stolen' }
  | { readonly outcome: 'refused'; readonly code: RefreshRefusal }

/** Why a renewal is refused (docs/authentication.md, Tokens). */
type RefreshRefusal =
  | 'refresh-missing'
  | 'refresh-invalid'
  | 'refresh-expired'
  | 'session-ended'
  | 'session-too-old'

/**
 * Milliseconds for which a used token is taken for a lost answer, or for two tabs that refresh at
 * once, and no theft (RFC 9700, section 4.14.2). Meanwhile whoever shows the used token gets the
 * same successor, so a thief and the owner hold one token, and the second use of that is detected.
 * The time ends early when the successor is used: then the answer did arrive.
 */
const USED_TOKEN_GRACE = 60_000

/** Sessions of one person. Above it the one unused for longest ends. */
export const MAX_SIGN_INS = 100

/** A sign-in before its first token. */
export function openedSignIn(
  { id, device, familyKey }: Pick<SignInRecord, 'id' | 'device' | 'familyKey'>,
  now: number,
): SignInRecord {
  const family = { familyKey, previous: null, current: [], former: [], authority: null }
  return { id, device, signedInAt: now, lastUsedAt: now, ...family, refreshExpiresAt: 0 }
}

/**
 * Whether a sign-in is renewed: the four cases, rotation, the retry of a lost answer, and theft.
 *
 * @param signIn undefined if there is none, or it has ended.
 * @param now milliseconds since 1970.
 */
export function decideRenewal(
  signIn: SignInRecord | undefined,
  { token, access }: Shown,
  rules: SessionRules,
  now: number,
): RenewalDecision {
  if (!signIn) {
    return refused(access ? 'session-ended' : token ? 'refresh-invalid' : 'refresh-missing')
  }
  if (!token) {
    if (!access || !hasEnded(signIn.refreshExpiresAt, now)) return refused('refresh-missing')
    return decideByAccess(signIn, undefined, rules, now)
  }
  // Knowing the ids ends nothing: only a token that was really issued counts as stolen.
  if (!isTokenOf(signIn, token)) return refused('refresh-invalid')
  if (hasEnded(token.expiresAt, now)) {
    return access ? decideByAccess(signIn, token, rules, now) : refused('refresh-expired')
  }
  const hash = tokenHash(token)
  if (signIn.current.includes(hash)) return { outcome: 'renewed', token }
  if (isRepeated(signIn, now)) {
    if (signIn.previous === hash) return { outcome: 'repeated', token }
    // The answer to a guest who became an account may have been lost, but a guest's token must not
    // get the account's.
    if (signIn.previous === null && wasUnused(signIn, token)) return refused('refresh-invalid')
  }
  return { outcome: 'stolen' }
}

/** The refresh token has ended, the access token has not: the family starts anew, once. */
function decideByAccess(
  signIn: SignInRecord,
  token: RefreshToken | undefined,
  rules: SessionRules,
  now: number,
): RenewalDecision {
  if (rules.maxAge === 0) return refused('refresh-expired')
  if (now - signIn.signedInAt >= rules.maxAge * 1000) return refused('session-too-old')
  if (hasEnded(signIn.refreshExpiresAt, now)) return { outcome: 'renewed', token }
  const repeated = token && signIn.previous === tokenHash(token) && isRepeated(signIn, now)
  return repeated ? { outcome: 'repeated', token } : refused('refresh-expired')
}

const isRepeated = ({ lastUsedAt }: SignInRecord, now: number) =>
  now - lastUsedAt < USED_TOKEN_GRACE

/**
 * The sign-in with its next refresh token, and that token. Its life is counted from now.
 *
 * @param used the token that it follows on: `secret` is not needed then.
 * @param secret SECRET_LENGTH random bytes.
 * @param now milliseconds since 1970.
 */
export function withNextToken(
  signIn: SignInRecord,
  personId: string,
  used: RefreshToken | undefined,
  secret: Uint8Array,
  rules: SessionRules,
  now: number,
): { readonly signIn: SignInRecord; readonly token: RefreshToken } {
  const refreshExpiresAt = Math.floor(now / 1000) + rules.refreshLifetime
  const next = { ...signIn, previous: used ? tokenHash(used) : null, refreshExpiresAt }
  const token = used
    ? successorOf(next, personId, used)
    : makeRefreshToken(claimsOf(next, personId), signIn.familyKey, secret)
  return { signIn: { ...next, current: [tokenHash(token)], lastUsedAt: now }, token }
}

/** The token that was given for a used one: made again, since none is kept. */
export function successorOf(
  signIn: SignInRecord,
  personId: string,
  used: RefreshToken,
): RefreshToken {
  const { familyKey } = signIn
  return makeRefreshToken(claimsOf(signIn, personId), familyKey, successorSecret(used, familyKey))
}

const claimsOf = ({ id, refreshExpiresAt: expiresAt }: SignInRecord, personId: string) => ({
  personId,
  sessionId: id,
  expiresAt,
})

/** The sign-in of a disabled account: kept only to tell its tokens from made-up ones. */
export function closedSignIn(signIn: SignInRecord): SignInRecord {
  return { ...signIn, previous: null, current: [], refreshExpiresAt: 0 }
}

/**
 * When the last token of a sign-in has ended, so that it may be forgotten; milliseconds since 1970.
 */
export function livesUntil({ refreshExpiresAt }: SignInRecord, rules: SessionRules): number {
  return (refreshExpiresAt + rules.accessLifetime) * 1000
}

const hasEnded = (at: number, now: number) => now >= at * 1000

const refused = (code: RefreshRefusal): RenewalDecision => ({ outcome: 'refused', code })
