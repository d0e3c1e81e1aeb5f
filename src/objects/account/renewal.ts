// How sessions are opened and renewed: the rules of auth/ with the chance and the rows that they ask for.
// Times in milliseconds since 1970.

import { nanoid } from 'nanoid'
import {
  type AccountRecord,
  asAccount,
  authorityOf,
  goesByAnother,
  newAccount,
  principalOf,
  signedInTo,
  speaksFor,
} from '../../account/person.ts'
import {
  judge,
  MAX_SESSIONS,
  openedSession,
  successorOf,
  withNextToken,
} from '../../account/sign-in-life.ts'
import { isTokenOf, renamedSession, type SessionRecord } from '../../account/sign-in-record.ts'
import { audit } from '../../audit.ts'
import type { Bearer, Opening, SessionGrant } from '../../auth/session.ts'
import {
  FAMILY_KEY_LENGTH,
  type RefreshToken,
  readRefreshToken,
  SECRET_LENGTH,
  tokenHash,
} from '../../auth/tokens/refresh-token.ts'
import type { Answer } from '../shared/answer.ts'
import type { HostedAccount } from './instance.ts'

export function signIn(
  hosted: HostedAccount,
  personId: string,
  opening: Opening,
  now: number,
): Answer<SessionGrant> {
  const known = hosted.kept?.account()
  if (known?.disabled) return { refused: 'account-disabled' }
  // One account, one user name, one password (A5).
  if (known && goesByAnother(known, opening)) return { refused: 'credentials-invalid' }
  const account = known ? signedInTo(known, opening) : newAccount(personId, opening, now)
  if (account !== known) hosted.keep().saveAccount(account)
  // What there was before is noted without a day: a version before this one noted none.
  const linkedAt = known ? null : now
  if (opening.login) hosted.keep().logins.note(opening.login, linkedAt)
  if (opening.username !== undefined) hosted.keep().logins.notePassword(linkedAt)
  // What a guest was signed in to before gets no account's authority by it.
  if (known?.kind === 'guest' && account.kind !== 'guest') {
    hosted.endSessions(personId, hosted.sessions(now), 'roles-changed', now)
  }
  const ids = { id: nanoid(), familyKey: nanoid(FAMILY_KEY_LENGTH) }
  const session = openedSession({ ...ids, device: opening.device }, now)
  const value = grant(hosted, account, session, undefined, now)
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
  if (names.username !== undefined) hosted.keep().logins.notePassword(now)
  // Every token of the guest is void: whoever had one has nothing of the account's.
  const renewed = renamedSession(session, nanoid(), now, nanoid(FAMILY_KEY_LENGTH))
  return { value: grant(hosted, account, renewed, undefined, now) }
}

export function refresh(
  hosted: HostedAccount,
  text: string | undefined,
  bearer: Bearer | undefined,
  now: number,
): Answer<SessionGrant> {
  const account = hosted.kept?.account()
  const token = text === undefined ? undefined : readRefreshToken(text)
  if (text !== undefined && !token) return { refused: 'refresh-invalid' }
  const id = token?.sessionId ?? bearer?.sessionId ?? ''
  const session = account && hosted.kept?.renewable(id)
  // Nothing of the account is told to whoever shows what was not issued here (RFC 9700, section 4.14.2).
  const issued = token ? session && isTokenOf(session, token) : bearer
  if (issued && account?.disabled) return { refused: 'account-disabled' }
  // An access token from before a renewal speaks for nothing of now, whatever has expired since (A5).
  const isFormer = session !== undefined && session.id !== id
  const access = bearer !== undefined && !isFormer && speaksFor(account, bearer, id)
  const verdict = judge(session, { token, access }, hosted.config.sessions, now)
  if (verdict.outcome === 'refused') return { refused: verdict.code }
  if (!account || !session) throw new Error('a verdict on a session that is none')
  if (verdict.outcome === 'stolen') {
    hosted.endSessions(account.id, [session], 'refresh-reused', now)
    return { refused: 'refresh-reused' }
  }
  if (verdict.outcome === 'repeated') {
    return { value: repeat(hosted, account, session, verdict.token, now) }
  }
  audit({ event: 'refreshed', user: account.id, session: session.id })
  const authority = authorityOf(account, hosted.config.admins)
  const changed = session.authority !== null && session.authority !== authority
  const next = changed ? renamedSession(session, nanoid(), now) : session
  return { value: grant(hosted, account, next, verdict.token, now) }
}

/** Gives a session its next refresh token, and forgets the sessions that are over. */
function grant(
  hosted: HostedAccount,
  account: AccountRecord,
  before: SessionRecord,
  used: RefreshToken | undefined,
  now: number,
): SessionGrant {
  const { admins, sessions: rules } = hosted.config
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_LENGTH))
  const next = withNextToken(before, account.id, used, secret, rules, now)
  const session = { ...next.session, authority: authorityOf(account, admins) }
  hosted.renewSession(account.id, session, now)
  hosted.purge(now)
  return granted(hosted, account, session, next.token, now)
}

/** Gives the token again that was given for a used one. */
function repeat(
  hosted: HostedAccount,
  account: AccountRecord,
  session: SessionRecord,
  used: RefreshToken,
  now: number,
): SessionGrant {
  const token = successorOf(session, account.id, used)
  const hash = tokenHash(token)
  // A version before this one gave another.
  if (!session.current.includes(hash)) {
    hosted.keep().saveSession({ ...session, current: [...session.current, hash] })
  }
  audit({ event: 'refresh-repeated', user: account.id, session: session.id })
  return granted(hosted, account, session, token, now)
}

function granted(
  { config }: HostedAccount,
  account: AccountRecord,
  session: SessionRecord,
  token: RefreshToken,
  now: number,
): SessionGrant {
  return {
    principal: principalOf(account, config.admins),
    sessionId: session.id,
    signedInAt: Math.floor(session.signedInAt / 1000),
    version: account.version,
    refreshToken: token.text,
    refreshExpiresIn: token.expiresAt - Math.floor(now / 1000),
  }
}
