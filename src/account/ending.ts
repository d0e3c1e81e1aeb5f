// How sign-ins end: one of them, all of them, or what a change of the account makes void (A5). Each
// stores the revocations that rooms have to hear of; the caller delivers them. Times in
// milliseconds since 1970.

import type { Answer } from '../answer.ts'
import type { Bearer, Revocation } from '../auth/bearer.ts'
import { readRefreshToken, wasIssued } from '../auth/tokens/refresh-token.ts'
import type { Account } from './account.ts'
import {
  type AccountChange,
  type AccountRecord,
  changedAccount,
  lastTokenEnds,
  raised,
  viewOf,
} from './record.ts'
import { closedSignIn } from './sign-in-life.ts'
import type { SignInRecord } from './sign-in-record.ts'
import type { AccountView } from './views.ts'

/**
 * Disables the account, enables it, or gives it other roles.
 *
 * Refused: `user-unknown`, `not-allowed` for the roles of a trusted issuer's person.
 */
export function changeAccount(
  account: Account,
  change: AccountChange,
  now: number,
): Answer<AccountView> {
  const known = account.find()
  if (!known) return { refused: 'user-unknown' }
  // The roles of a trusted issuer's person are what their tokens say.
  if (known.kind === 'federated' && change.roles) return { refused: 'not-allowed' }
  const { account: next, ends } = changedAccount(known, change)
  if (next !== known) account.store().saveAccount(next)
  if (known.disabled && !next.disabled) account.purge(now)
  if (ends) endBefore(account, next, ends, now)
  return { value: viewOf(next, account.rules.admins) }
}

/** Ends one sign-in; false where there is none. */
export function endSignIn(
  account: Account,
  { sessionId, federated, expiresAt }: Pick<Bearer, 'sessionId' | 'federated' | 'expiresAt'>,
  now: number,
): boolean {
  if (!federated) {
    const signIn = account.findSignIn(sessionId, now)
    if (signIn) endSignIns(account, [signIn], 'session-ended', now)
    return signIn !== undefined
  }
  if (expiresAt * 1000 <= now || account.stored?.isEndedFederated(sessionId, now)) return false
  account.store().endFederated(sessionId, expiresAt, now)
  const code = 'session-ended'
  noteRevocation(account, { sessionId, below: null, code, until: expiresAt }, now)
  return true
}

/** Ends the sign-in of a refresh token, whatever its age. Refused: `refresh-invalid`. */
export function endByToken(account: Account, text: string, now: number): Answer<null> {
  const token = readRefreshToken(text)
  const signIn = token && account.stored?.findSignIn(token.sessionId)
  if (!signIn || !wasIssued(token, signIn.familyKey)) return { refused: 'refresh-invalid' }
  endSignIns(account, [signIn], 'session-ended', now)
  return { value: null }
}

/** Ends all sign-ins, but for one where it is named. */
export function endAllSignIns(account: Account, except: string | undefined, now: number): void {
  const { stored } = account
  if (!stored) return
  if (except !== undefined) {
    const others = stored.signIns().filter(({ id }) => id !== except)
    endSignIns(account, others, 'session-ended', now)
    return
  }
  const known = stored.account()
  const next = known && raised(known)
  if (next) stored.saveAccount(next)
  endBefore(account, next, 'session-ended', now)
}

/**
 * Ends sign-ins of this account, and stores what their rooms are to be told.
 *
 * @param due when the rooms are told.
 */
export function endSignIns(
  account: Account,
  signIns: readonly SignInRecord[],
  code: Revocation['code'],
  now: number,
  due = now,
): void {
  const until = lastTokenEnds(account.rules.sessions.accessLifetime, due)
  for (const { id: sessionId } of signIns) {
    noteRevocation(account, { sessionId, below: null, code, until }, due)
    account.store().removeSignIn(sessionId)
  }
}

/** Makes every token void that was made before this version of the account. */
function endBefore(
  account: Account,
  record: AccountRecord | undefined,
  code: Revocation['code'],
  now: number,
): void {
  const store = account.store()
  const own = record !== undefined && record.kind !== 'federated'
  const below = own ? record.version : null
  const until = lastTokenEnds(own ? account.rules.sessions.accessLifetime : 0, now)
  noteRevocation(account, { sessionId: null, below, code, until }, now)
  for (const signIn of store.signIns()) {
    // With other roles nobody has to sign in again: the next token has the new ones.
    if (code === 'session-ended') store.removeSignIn(signIn.id)
    if (code === 'account-disabled') store.saveSignIn(closedSignIn(signIn))
  }
}

function noteRevocation(account: Account, ended: Omit<Revocation, 'personId'>, due: number): void {
  const { personId } = account
  const { sessionId, code } = ended
  const store = account.store()
  const revocation = { personId, ...ended }
  store.revocations.add(revocation, due)
  account.revoked(revocation, due)
  // Sockets that enter from now on, with a token that still holds, are noted anew.
  store.rooms.forget(sessionId)
  account.audit({ event: 'revoked', user: personId, session: sessionId, code })
}
