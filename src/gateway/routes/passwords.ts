// /api/auth: signing in with a user name and a password, and another password.

import * as v from 'valibot'
import { isWeakPassword } from '../../auth/passwords/weak-password.ts'
import { Refusal } from '../../refusals.ts'
import { type GatewayContext, ownAccount } from '../context.ts'
import { demandOrigin } from '../http/cookies.ts'
import { bodyOf, newPassword, password, username } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { handOver, Keeping, newSignInOf } from '../sign-in/grant.ts'
import { audited, proven, sourceOf } from '../sign-in/password-attempt.ts'

/** The body of POST /api/auth/login. */
export const LoginBody = v.object({
  username: username(),
  password: password(),
  ...Keeping.entries,
})

/** The body of POST /api/auth/password. */
export const PasswordBody = v.object({ password: password(), newPassword: newPassword() })

/**
 * POST /api/auth/login.
 *
 * @throws Refusal `credentials-invalid`, `sign-in-delayed`, `account-disabled`, and as `bodyOf` and
 * `demandOrigin`.
 */
export async function login(context: GatewayContext): Promise<Response> {
  const { username, password, cookie } = await bodyOf(context, LoginBody)
  if (cookie) demandOrigin(context)
  const { backend } = context.var.parts
  const login = backend.passwordLogin(username.key)
  const session = await audited(context, 'password', async () => {
    const from = sourceOf(context, cookie)
    const personId = await proven(context, login, from, () => login.verify(password, from))
    // If the registration was cut off half-way, the account is made of this.
    const newSignIn = newSignInOf(context, 'account', username.typed, { username: username.key })
    const answer = await backend.account(personId).signIn(newSignIn)
    // The account has another user name: the registration of this one was cut off, and it is
    // nobody's again (A5).
    if ('refused' in answer && answer.refused === 'credentials-invalid') {
      await login.withdraw(personId)
    }
    return granted(answer)
  })
  return handOver(context, session, { inCookie: cookie })
}

/**
 * POST /api/auth/password: a new one for who knows the old one; all other sessions end.
 *
 * @throws Refusal `credentials-invalid`, `password-common`, `sign-in-delayed`, and as `bodyOf`.
 */
export async function changePassword(context: GatewayContext): Promise<Response> {
  const { password, newPassword } = await bodyOf(context, PasswordBody)
  const { username } = granted(await ownAccount(context).show())
  if (username === null) throw new Refusal('credentials-invalid', 'there is no password')
  if (isWeakPassword(newPassword, username)) throw new Refusal('password-common')
  const login = context.var.parts.backend.passwordLogin(username)
  const from = sourceOf(context, false)
  await audited(context, 'password', () =>
    proven(context, login, from, () => login.changePassword(password, newPassword, from)),
  )
  await ownAccount(context).endAll(context.var.claims.sessionId)
  return context.body(null, 204)
}
