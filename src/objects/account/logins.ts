// The ways in to an account: which there are, one more, and one less. Times in milliseconds since 1970.

import type { AccountLogin, Bearer, LoginsView, ProviderLogin } from '../../auth/session.ts'
import { readRefreshToken, tokenHash, wasIssued } from '../../auth/tokens/refresh-token.ts'
import type { Answer } from '../shared/answer.ts'
import type { HostedAccount } from './instance.ts'
import { MAX_LOGINS } from './sql-logins.ts'

export function listLogins({ kept }: HostedAccount): LoginsView {
  const username = kept?.account()?.username ?? null
  return {
    password:
      username === null ? null : { username, linkedAt: kept?.logins.passwordSince() ?? null },
    providers: (kept?.logins.providers() ?? []).map(({ ending: _ending, ...login }) => login),
  }
}

/**
 * Whether a refresh token is the newest of a session: what a stolen access token does not bring. It is not used up.
 *
 * @param now milliseconds since 1970.
 */
export function holdsRefreshToken(
  hosted: HostedAccount,
  text: string,
  sessionId: string,
  now: number,
): boolean {
  const token = readRefreshToken(text)
  const session = hosted.session(sessionId, now)
  if (!token || !session || token.expiresAt * 1000 <= now) return false
  return wasIssued(token, session.familyKey) && session.current.includes(tokenHash(token))
}

/** Notes a way in before it is one: so none is ever unlisted. `kind`: what the account is so far. */
export function addLogin(
  hosted: HostedAccount,
  bearer: Bearer,
  login: ProviderLogin,
  now: number,
): Answer<{ readonly id: string; readonly kind: 'guest' | 'account' }> {
  const because = hosted.voidBecause(bearer, now)
  if (because) return { refused: because }
  const { kind } = hosted.keep().account() ?? {}
  if (kind !== 'guest' && kind !== 'account') return { refused: 'not-allowed' }
  const { logins } = hosted.keep()
  const all = logins.providers()
  const isKnown = all.some((one) => one.issuer === login.issuer && one.subject === login.subject)
  if (!isKnown && all.length >= MAX_LOGINS) return { refused: 'too-many-logins' }
  return { value: { id: logins.note(login, now), kind } }
}

/** Marks a way in as none any more: its login is released next, and its row removed then. */
export function endLogin({ kept }: HostedAccount, id: string): Answer<AccountLogin> {
  const all = kept?.logins.providers() ?? []
  const found = all.find((login) => login.id === id)
  if (!kept || !found) return { refused: 'login-unknown' }
  const others = all.filter((login) => login.id !== id && !login.ending)
  if (others.length === 0 && kept.account()?.username === null) return { refused: 'login-last' }
  kept.logins.end(id)
  return { value: found }
}
