// The life of a session: what becomes of it when a refresh token or an access token is shown. Pure: the
// decision alone, and the record that follows from it (RFC 9700, section 4.14).

import { makeRefreshToken, type RefreshToken, tokenHash, wasIssued } from './refresh-token.ts'

/** A session as it is kept: hashes, and no token. Times in milliseconds since 1970. */
export interface SessionRecord {
  readonly id: string
  readonly device: string
  readonly signedInAt: number
  readonly lastUsedAt: number
  /** The key of the MACs in its refresh tokens. */
  readonly familyKey: string
  /** The token that was used last; null where none was yet. */
  readonly previous: string | null
  /** What was given for it and not used yet: more than one where the answer was asked for again. */
  readonly current: readonly string[]
  /** When the newest refresh token ends; seconds since 1970. */
  readonly refreshExpiresAt: number
}

/** Seconds. */
export interface SessionRules {
  readonly accessLifetime: number
  readonly refreshLifetime: number
  /** From the sign-in on, for how long an access token alone renews; 0: it never does. */
  readonly maxAge: number
}

/** What somebody shows who wants a session renewed. */
export interface Shown {
  readonly token: RefreshToken | undefined
  /** Whether an access token of the same session, valid and not void, is shown too. */
  readonly access: boolean
}

export type Verdict =
  /** The session as it is before it is given a new token. */
  | { readonly outcome: 'renewed'; readonly session: SessionRecord }
  /** A token that was used before: by a thief, or by the owner after a thief (RFC 9700, 4.14.2). */
  | { readonly outcome: 'stolen' }
  | { readonly outcome: 'refused'; readonly code: RefreshRefusal }

export type RefreshRefusal =
  | 'refresh-missing'
  | 'refresh-invalid'
  | 'refresh-expired'
  | 'session-ended'
  | 'session-too-old'

/** Successors that one token may have: an answer that is lost more often loses the first. */
const MAX_SUCCESSORS = 5

/** Sessions of one person; the one that was not used for longest makes room. */
export const MAX_SESSIONS = 100

/** A session before its first token. */
export function openedSession(
  { id, device, familyKey }: Pick<SessionRecord, 'id' | 'device' | 'familyKey'>,
  now: number,
): SessionRecord {
  const family = { familyKey, previous: null, current: [] }
  return { id, device, signedInAt: now, lastUsedAt: now, ...family, refreshExpiresAt: 0 }
}

/**
 * Whether a session is renewed: the four cases, rotation, the retry of a lost answer, and theft.
 *
 * @param session undefined where there is none, or none any more.
 * @param now milliseconds since 1970.
 */
export function judge(
  session: SessionRecord | undefined,
  { token, access }: Shown,
  rules: SessionRules,
  now: number,
): Verdict {
  if (!session) {
    return refused(access ? 'session-ended' : token ? 'refresh-invalid' : 'refresh-missing')
  }
  if (!token) {
    if (!access || !hasEnded(session.refreshExpiresAt, now)) return refused('refresh-missing')
    return judgeAccess(session, rules, now)
  }
  // Who merely knows the ids ends nothing: only a token that was really issued can be a stolen one.
  if (!wasIssued(token, session.familyKey)) return refused('refresh-invalid')
  if (hasEnded(token.expiresAt, now)) {
    return access ? judgeAccess(session, rules, now) : refused('refresh-expired')
  }
  const hash = tokenHash(token)
  if (session.current.includes(hash)) return renewed({ ...session, previous: hash, current: [] })
  // None of its successors was used yet: the client asks again, since it never got the answer.
  if (session.previous === hash) return renewed(session)
  return { outcome: 'stolen' }
}

/** Case 3: the refresh token has ended, the access token has not. */
function judgeAccess(session: SessionRecord, rules: SessionRules, now: number): Verdict {
  if (rules.maxAge === 0) return refused('refresh-expired')
  if (now - session.signedInAt >= rules.maxAge * 1000) return refused('session-too-old')
  // The family starts anew, unless it did already and this is a retry.
  const anew = hasEnded(session.refreshExpiresAt, now)
  return renewed(anew ? { ...session, previous: null, current: [] } : session)
}

/**
 * The session with one more refresh token, and that token. Its life is counted from now.
 *
 * @param secret SECRET_LENGTH random octets.
 * @param now milliseconds since 1970.
 */
export function withNewToken(
  session: SessionRecord,
  personId: string,
  secret: Uint8Array,
  rules: SessionRules,
  now: number,
): { readonly session: SessionRecord; readonly token: RefreshToken } {
  const expiresAt = Math.floor(now / 1000) + rules.refreshLifetime
  const claims = { personId, sessionId: session.id, expiresAt }
  const token = makeRefreshToken(claims, session.familyKey, secret)
  const current = [...session.current, tokenHash(token)].slice(-MAX_SUCCESSORS)
  return {
    session: { ...session, current, lastUsedAt: now, refreshExpiresAt: expiresAt },
    token,
  }
}

/** When the last token of a session has ended, so that it may be forgotten; milliseconds since 1970. */
export function livesUntil({ refreshExpiresAt }: SessionRecord, rules: SessionRules): number {
  return (refreshExpiresAt + rules.accessLifetime) * 1000
}

const hasEnded = (at: number, now: number) => now >= at * 1000

const renewed = (session: SessionRecord): Verdict => ({ outcome: 'renewed', session })

const refused = (code: RefreshRefusal): Verdict => ({ outcome: 'refused', code })
