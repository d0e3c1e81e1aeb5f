// The ways to sign in to an account: list, add, remove. Times in milliseconds since 1970.

import type { Answer } from '../answer.ts'
import type { Bearer } from '../auth/bearer.ts'
import type { ProviderLogin } from '../auth/openid/pending-link.ts'
import { readRefreshToken, tokenHash, wasIssued } from '../auth/tokens/refresh-token.ts'
import type { Account } from './account.ts'
import type { AccountLogin, LoginsView } from './views.ts'

/** Providers that one account may have (R5). */
export const MAX_LOGINS = 10

/** The ways in, also one that is being released. */
export function listLogins({ stored }: Account): LoginsView {
  const username = stored?.account()?.username ?? null
  return {
    password:
      username === null ? null : { username, linkedAt: stored?.logins.passwordSince() ?? null },
    providers: (stored?.logins.providers() ?? []).map(({ ending: _ending, ...login }) => login),
  }
}

/**
 * Whether a refresh token is the newest of a sign-in: a stolen access token does not bring it. It
 * is not used up.
 *
 * @param now milliseconds since 1970.
 */
export function holdsRefreshToken(
  account: Account,
  text: string,
  sessionId: string,
  now: number,
): boolean {
  const token = readRefreshToken(text)
  const signIn = account.findSignIn(sessionId, now)
  if (!token || !signIn || token.expiresAt * 1000 <= now) return false
  return wasIssued(token, signIn.familyKey) && signIn.current.includes(tokenHash(token))
}

/**
 * Stores a login before it works, so that none is ever unlisted. `kind`: of the account so far.
 *
 * Refused: why the token is void, `not-allowed` for a trusted issuer's person, `too-many-logins`.
 */
export function addLogin(
  account: Account,
  bearer: Bearer,
  login: ProviderLogin,
  now: number,
): Answer<{ readonly id: string; readonly kind: 'guest' | 'account' }> {
  const because = account.voidBecause(bearer, now)
  if (because) return { refused: because }
  const { kind } = account.store().account() ?? {}
  if (kind !== 'guest' && kind !== 'account') return { refused: 'not-allowed' }
  const all = account.store().logins.providers()
  const isKnown = all.some((one) => isSame(one, login))
  if (!isKnown && all.length >= MAX_LOGINS) return { refused: 'too-many-logins' }
  return { value: { id: noteLogin(account, login, now), kind } }
}

/** Stores a provider that was signed in with or linked, unless it is known. Returns its id. */
export function noteLogin(account: Account, login: ProviderLogin, linkedAt: number | null): string {
  const { logins } = account.store()
  const known = logins.providers().find((one) => isSame(one, login))
  if (!known) {
    const id = account.random.id()
    logins.add(id, login, linkedAt)
    return id
  }
  // It was not released after all.
  if (known.ending) logins.setEnding(known.id, false)
  return known.id
}

/**
 * A login counts as removed from now on. The caller releases it, and then removes its row.
 *
 * Refused: `login-unknown`, `login-last`.
 */
export function endLogin({ stored }: Account, id: string): Answer<AccountLogin> {
  const all = stored?.logins.providers() ?? []
  const found = all.find((login) => login.id === id)
  if (!stored || !found) return { refused: 'login-unknown' }
  const others = all.filter((login) => login.id !== id && !login.ending)
  if (others.length === 0 && stored.account()?.username === null) return { refused: 'login-last' }
  stored.logins.setEnding(id, true)
  return { value: found }
}

const isSame = (one: ProviderLogin, other: ProviderLogin) =>
  one.issuer === other.issuer && one.subject === other.subject
