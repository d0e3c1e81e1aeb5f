// How sign-ins are opened, renewed, and become an account's. sign-in-life.ts decides whether a
// shown token was stolen. Times in milliseconds since 1970.

import type { Answer, Delayed } from '../answer.ts'
import type { Bearer } from '../auth/bearer.ts'
import { type RefreshToken, readRefreshToken, tokenHash } from '../auth/tokens/refresh-token.ts'
import type { Account } from './account.ts'
import { endSignIns } from './ending.ts'
import { noteLogin } from './logins.ts'
import {
  type AccountRecord,
  asAccount,
  authorityOf,
  goesByAnother,
  newAccount,
  principalOf,
  signedInTo,
  speaksFor,
} from './record.ts'
import {
  decideRenewal,
  MAX_SIGN_INS,
  openedSignIn,
  successorOf,
  withNextToken,
} from './sign-in-life.ts'
import { isTokenOf, renamedSignIn, type SignInRecord } from './sign-in-record.ts'
import type { NewSignIn, SessionGrant } from './views.ts'

/**
 * Milliseconds for which the sockets of a renewed sign-in stay open. Meanwhile its client renews
 * them with the new token. The others end then.
 */
const FORMER_SOCKETS_GRACE = 10_000

/**
 * Opens a sign-in, of an account made now where there is none.
 *
 * Refused: `account-disabled`; `credentials-invalid` where the account has another user name.
 */
export function openSignIn(
  account: Account,
  newSignIn: NewSignIn,
  now: number,
): Answer<SessionGrant> {
  const known = account.stored?.account()
  if (known?.disabled) return { refused: 'account-disabled' }
  // One account, one user name, one password (A5).
  if (known && goesByAnother(known, newSignIn)) return { refused: 'credentials-invalid' }
  const record = known ? signedInTo(known, newSignIn) : newAccount(account.personId, newSignIn, now)
  if (record !== known) account.store().saveAccount(record)
  // Older versions stored no logins, so nobody knows when those of a known account were linked.
  const linkedAt = known ? null : now
  if (newSignIn.login) noteLogin(account, newSignIn.login, linkedAt)
  if (newSignIn.username !== undefined) account.store().logins.addPassword(linkedAt)
  // The sign-ins of a guest get no authority of an account.
  if (known?.kind === 'guest' && record.kind !== 'guest') {
    endSignIns(account, account.signIns(now), 'roles-changed', now)
  }
  const ids = { id: account.random.id(), familyKey: account.random.familyKey() }
  const signIn = openedSignIn({ ...ids, device: newSignIn.device }, now)
  const value = grant(account, record, signIn, undefined, now)
  const surplus = account.signIns(now).slice(MAX_SIGN_INS)
  endSignIns(account, surplus, 'session-ended', now)
  return { value }
}

/**
 * A guest becomes an account and keeps the id. The sign-in goes on under a new id.
 *
 * Refused: why the token is void; `already-registered`.
 */
export function becomeAccount(
  account: Account,
  bearer: Bearer,
  names: { readonly name: string | undefined; readonly username: string | undefined },
  now: number,
): Answer<SessionGrant> {
  const because = account.voidBecause(bearer, now)
  if (because) return { refused: because }
  const guest = account.stored?.account()
  const signIn = account.findSignIn(bearer.sessionId, now)
  if (guest?.kind !== 'guest' || !signIn) return { refused: 'already-registered' }
  const record = asAccount(guest, names)
  account.store().saveAccount(record)
  if (names.username !== undefined) account.store().logins.addPassword(now)
  // Every token of the guest is void, so whoever stole one has no access to the account.
  const { random } = account
  const renewed = renamedSignIn(signIn, random.id(), now, random.familyKey())
  return { value: grant(account, record, renewed, undefined, now) }
}

/**
 * New tokens for a refresh token, an access token, or both: see "Tokens" in docs/authentication.md.
 *
 * Refused: `refresh-invalid`, `refresh-reused`, `account-disabled`, `too-fast`, and as
 * `decideRenewal`.
 *
 * @param cost what a renewal takes of the person's requests.
 */
export function refresh(
  account: Account,
  text: string | undefined,
  bearer: Bearer | undefined,
  cost: number,
  now: number,
): Answer<SessionGrant> | Delayed {
  const record = account.stored?.account()
  const token = text === undefined ? undefined : readRefreshToken(text)
  if (text !== undefined && !token) return { refused: 'refresh-invalid' }
  const id = token?.sessionId ?? bearer?.sessionId ?? ''
  const signIn = record && account.stored?.renewable(id)
  // A token that was not issued here gets no news of the account (RFC 9700, section 4.14.2).
  const issued = token ? signIn && isTokenOf(signIn, token) : bearer
  if (issued && record?.disabled) return { refused: 'account-disabled' }
  // An access token from before a renewal under another id renews nothing (A5).
  const isFormer = signIn !== undefined && signIn.id !== id
  const access = bearer !== undefined && !isFormer && speaksFor(record, bearer, id)
  const decision = decideRenewal(signIn, { token, access }, account.rules.sessions, now)
  if (decision.outcome === 'refused') return { refused: decision.code }
  if (!record || !signIn) throw new Error('a decision about a sign-in that is none')
  if (decision.outcome === 'stolen') {
    endSignIns(account, [signIn], 'refresh-reused', now)
    return { refused: 'refresh-reused' }
  }
  // R5: counted only now, so a token that renews nothing uses up nothing of its person, and a theft
  // is never overlooked. A refusal here changes nothing: the token can be used again later.
  const tooFast = account.charge(cost, now)
  if (tooFast) return tooFast
  if (decision.outcome === 'repeated') {
    return { value: repeat(account, record, signIn, decision.token, now) }
  }
  account.audit({ event: 'refreshed', user: record.id, session: signIn.id })
  const authority = authorityOf(record, account.rules.admins)
  const changed = signIn.authority !== null && signIn.authority !== authority
  const next = changed ? renamedSignIn(signIn, account.random.id(), now) : signIn
  return { value: grant(account, record, next, decision.token, now) }
}

/** Gives a sign-in its next refresh token, and removes the sign-ins that are over. */
function grant(
  account: Account,
  record: AccountRecord,
  before: SignInRecord,
  used: RefreshToken | undefined,
  now: number,
): SessionGrant {
  const { admins, sessions: rules } = account.rules
  const next = withNextToken(before, record.id, used, account.random.secret(), rules, now)
  const signIn = { ...next.signIn, authority: authorityOf(record, admins) }
  endFormer(account, signIn, now)
  account.store().saveSignIn(signIn)
  account.purge(now)
  return grantOf(account, record, signIn, next.token, now)
}

/** Ends the former id of a renewed sign-in, after a grace period. */
function endFormer(account: Account, signIn: SignInRecord, now: number): void {
  const former = account.stored?.findSignIn(signIn.former.at(-1)?.id ?? '')
  if (!former) return
  endSignIns(account, [former], 'roles-changed', now, now + FORMER_SOCKETS_GRACE)
  const [id, formerId] = [signIn.id, former.id]
  account.audit({ event: 'session-renewed', user: account.personId, session: id, former: formerId })
}

/** Gives the token again that was given for a used one. */
function repeat(
  account: Account,
  record: AccountRecord,
  signIn: SignInRecord,
  used: RefreshToken,
  now: number,
): SessionGrant {
  const token = successorOf(signIn, record.id, used)
  const hash = tokenHash(token)
  // Older versions gave another token for each use.
  if (!signIn.current.includes(hash)) {
    account.store().saveSignIn({ ...signIn, current: [...signIn.current, hash] })
  }
  account.audit({ event: 'refresh-repeated', user: record.id, session: signIn.id })
  return grantOf(account, record, signIn, token, now)
}

function grantOf(
  { rules }: Account,
  record: AccountRecord,
  signIn: SignInRecord,
  token: RefreshToken,
  now: number,
): SessionGrant {
  return {
    principal: principalOf(record, rules.admins),
    sessionId: signIn.id,
    signedInAt: Math.floor(signIn.signedInAt / 1000),
    version: record.version,
    refreshToken: token.text,
    refreshExpiresIn: token.expiresAt - Math.floor(now / 1000),
  }
}
