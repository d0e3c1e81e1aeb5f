// What somebody signed in shows besides an access token before the ways in to an account change:
// whoever stole a token of fifteen minutes must not keep the account by it (OWASP Authentication
// Cheat Sheet, "Require Re-authentication for Sensitive Features"; ASVS 4.0, V3.7.1).

import * as v from 'valibot'
import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import type { AccountView } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { type GatewayContext, ownAccount } from '../context.ts'
import { refreshCookie } from '../http/cookies.ts'
import { password, refreshToken } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { audited, proven, sourceOf } from './password-attempt.ts'

/** What proves somebody, in the body of a request: the password or the refresh token. */
export const ProofBody = v.object({
  password: v.optional(password()),
  refreshToken: v.optional(refreshToken()),
})

/**
 * Seconds for which a sign-in is proof enough (OpenID Connect Core, section 2,
 * `auth_time`).
 */
const RECENT_SIGN_IN = 300

/**
 * The account, once it is proven: by its password, or by the refresh token of a sign-in of the last
 * five minutes, in the body or the cookie. A guest has nothing else to prove it by, so the refresh
 * token is enough, however old the sign-in.
 *
 * @throws Refusal `proof-needed`, `credentials-invalid`, `sign-in-delayed`, and as `refreshCookie`.
 */
export async function demandProof(
  context: GatewayContext,
  shown: v.InferOutput<typeof ProofBody>,
): Promise<AccountView> {
  const account = granted(await ownAccount(context).show())
  if (shown.password !== undefined && account.username !== null) {
    await provePassword(context, account.username, shown.password)
    return account
  }
  const { claims } = context.var
  const isRecent =
    account.kind === 'guest' || Date.now() < (claims.signedInAt + RECENT_SIGN_IN) * 1000
  if (isRecent && (await showsRefreshToken(context, claims, shown.refreshToken))) return account
  throw new Refusal(
    'proof-needed',
    isRecent ? 'the refresh token' : 'the password, or a new sign-in',
  )
}

/**
 * The sign-in of a guest, once it is proven by its refresh token, in the body or the cookie.
 *
 * @throws Refusal `proof-needed`, and as `refreshCookie`.
 */
export async function demandRefreshToken(
  context: GatewayContext,
  claims: AccessClaims,
  shown: string | undefined,
): Promise<void> {
  if (await showsRefreshToken(context, claims, shown)) return
  throw new Refusal('proof-needed', 'the refresh token')
}

/**
 * Whether the newest refresh token of that very sign-in is shown: a stolen access token does not
 * bring it.
 */
async function showsRefreshToken(
  context: GatewayContext,
  { principal, sessionId }: AccessClaims,
  shown: string | undefined,
): Promise<boolean> {
  const token = shown ?? refreshCookie(context)
  if (token === undefined) return false
  return context.var.parts.backend.account(principal.id).holds(token, sessionId)
}

async function provePassword(context: GatewayContext, username: string, password: string) {
  const login = context.var.parts.backend.passwordLogin(username)
  const from = sourceOf(context, false)
  const personId = await audited(context, 'password', () =>
    proven(context, login, from, () => login.verify(password, from)),
  )
  if (personId !== context.var.claims.principal.id) throw new Refusal('credentials-invalid')
}
