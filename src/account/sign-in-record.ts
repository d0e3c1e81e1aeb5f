// A sign-in as it is kept. A sign-in that is renewed goes on under another id, and its former ids
// are kept, so that a former token that is used again ends the sign-in (A5). Pure.

import { type RefreshToken, tokenHash, wasIssued } from '../auth/tokens/refresh-token.ts'
import type { SessionView } from './views.ts'

/** A sign-in as it is kept: hashes, and no token. Times in milliseconds since 1970. */
export interface SignInRecord {
  readonly id: string
  readonly device: string
  readonly signedInAt: number
  /** When it was given its newest token. */
  readonly lastUsedAt: number
  /** The key of the MACs in its refresh tokens. */
  readonly familyKey: string
  /** The token that was used last; null where none was yet. */
  readonly previous: string | null
  /**
   * The token that was not used yet. More than one only in rows of older versions, which forked.
   */
  readonly current: readonly string[]
  /** When the newest refresh token ends; seconds since 1970. 0: the account was disabled. */
  readonly refreshExpiresAt: number
  /** What this sign-in was before each renewal, the newest last, until those tokens have ended. */
  readonly former: readonly FormerSignIn[]
  /** The authority that its newest token gave; null in rows of older versions. */
  readonly authority: string | null
}

/**
 * What is kept of a sign-in as it was before a renewal: its former tokens are told from made-up
 * ones (A5).
 */
export interface FormerSignIn {
  readonly id: string
  readonly familyKey: string
  /** The hashes of the tokens that were not used then. */
  readonly unused: readonly string[]
  /** When the newest token of then ends; seconds since 1970. */
  readonly until: number
}

/** Former ids that are kept of one sign-in. The oldest are forgotten (R5). */
const MAX_FORMER = 20

/**
 * The sign-in under a new id, once its authority changed or its guest became an account (OWASP
 * Session Management, "Renew the Session ID After Any Privilege Level Change").
 *
 * @param now milliseconds since 1970.
 */
export function renamedSignIn(
  signIn: SignInRecord,
  id: string,
  now: number,
  familyKey = signIn.familyKey,
): SignInRecord {
  const { current: unused, refreshExpiresAt: until } = signIn
  const last = { id: signIn.id, familyKey: signIn.familyKey, unused, until }
  const others = signIn.former.filter((one) => now < one.until * 1000)
  return { ...signIn, id, familyKey, former: [...others, last].slice(-MAX_FORMER) }
}

/**
 * Whether a token was issued for a sign-in, under its id or one that it had before a renewal. In
 * constant time.
 */
export function isTokenOf(signIn: SignInRecord, token: RefreshToken): boolean {
  const { familyKey } = signIn.id === token.sessionId ? signIn : (formerOf(signIn, token) ?? {})
  return familyKey !== undefined && wasIssued(token, familyKey)
}

const formerOf = ({ former }: SignInRecord, { sessionId }: RefreshToken) =>
  former.find(({ id }) => id === sessionId)

/** Whether a token was the newest one when the sign-in was renewed. */
export const wasUnused = (signIn: SignInRecord, token: RefreshToken) =>
  formerOf(signIn, token)?.unused.includes(tokenHash(token)) === true

/** A sign-in as its owner sees it. */
export const sessionViewOf = ({
  id,
  device,
  signedInAt,
  lastUsedAt,
}: SignInRecord): SessionView => ({ id, device, signedInAt, lastUsedAt })
