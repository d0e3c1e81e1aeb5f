// How sessions are opened and renewed: the rules of auth/ with the chance and the rows that they ask for.
// Times in milliseconds since 1970.

import { nanoid } from 'nanoid'
import {
  type AccountRecord,
  asAccount,
  newAccount,
  principalOf,
  signedInTo,
  speaksFor,
} from '../auth/account.ts'
import { FAMILY_KEY_LENGTH, readRefreshToken, SECRET_LENGTH } from '../auth/refresh-token.ts'
import type { Bearer, Opening, SessionGrant } from '../auth/session.ts'
import {
  judge,
  MAX_SESSIONS,
  openedSession,
  type SessionRecord,
  withNewToken,
} from '../auth/session-life.ts'
import type { Answer } from './answer.ts'
import type { HostedAccount } from './hosted-account.ts'

export function signIn(
  hosted: HostedAccount,
  personId: string,
  opening: Opening,
  now: number,
): Answer<SessionGrant> {
  const known = hosted.kept?.account()
  if (known?.disabled) return { refused: 'account-disabled' }
  const account = known ? signedInTo(known, opening) : newAccount(personId, opening, now)
  if (account !== known) hosted.keep().saveAccount(account)
  const ids = { id: nanoid(), familyKey: nanoid(FAMILY_KEY_LENGTH) }
  const session = openedSession({ ...ids, device: opening.device }, now)
  const value = grant(hosted, account, session, now)
  hosted.endSessions(personId, hosted.sessions(now).slice(MAX_SESSIONS), 'session-ended', now)
  return { value }
}

export function upgrade(
  hosted: HostedAccount,
  bearer: Bearer,
  names: { readonly name: string | undefined; readonly username: string | undefined },
  now: number,
): Answer<SessionGrant> {
  const because = hosted.voidBecause(bearer, now)
  if (because) return { refused: because }
  const guest = hosted.kept?.account()
  const session = hosted.session(bearer.sessionId, now)
  if (guest?.kind !== 'guest' || !session) return { refused: 'already-registered' }
  const account = asAccount(guest, names)
  hosted.keep().saveAccount(account)
  // The guest's refresh token stays good until the new one is used: this answer may be lost.
  return { value: grant(hosted, account, session, now) }
}

export function refresh(
  hosted: HostedAccount,
  text: string | undefined,
  bearer: Bearer | undefined,
  now: number,
): Answer<SessionGrant> {
  const account = hosted.kept?.account()
  if (account?.disabled) return { refused: 'account-disabled' }
  const token = text === undefined ? undefined : readRefreshToken(text)
  if (text !== undefined && !token) return { refused: 'refresh-invalid' }
  const id = token?.sessionId ?? bearer?.sessionId ?? ''
  const session = account && hosted.kept?.session(id)
  const access = bearer !== undefined && speaksFor(account, bearer, id)
  const verdict = judge(session, { token, access }, hosted.config.sessions, now)
  if (verdict.outcome === 'refused') return { refused: verdict.code }
  if (!account || !session) throw new Error('a verdict on a session that is none')
  if (verdict.outcome === 'stolen') {
    hosted.endSessions(account.id, [session], 'refresh-reused', now)
    return { refused: 'refresh-reused' }
  }
  return { value: grant(hosted, account, verdict.session, now) }
}

/** Gives a session one more refresh token, and forgets the sessions that are over. */
function grant(
  hosted: HostedAccount,
  account: AccountRecord,
  before: SessionRecord,
  now: number,
): SessionGrant {
  const { admins, sessions: rules } = hosted.config
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_LENGTH))
  const { session, token } = withNewToken(before, account.id, secret, rules, now)
  hosted.keep().saveSession(session)
  hosted.purge(now)
  return {
    principal: principalOf(account, admins),
    sessionId: session.id,
    signedInAt: Math.floor(session.signedInAt / 1000),
    version: account.version,
    refreshToken: token.text,
    refreshExpiresIn: rules.refreshLifetime,
  }
}
