// /api/auth: accounts with a user name and a password.

import { nanoid } from 'nanoid'
import * as v from 'valibot'
import { audit } from '../audit.ts'
import type { AccessClaims } from '../auth/access-token.ts'
import { isReservedName } from '../auth/reserved-names.ts'
import { isWeakPassword } from '../auth/weak-password.ts'
import { Refusal } from '../refusals.ts'
import { audited, keepDevice, proven, sourceOf } from './attempt.ts'
import { MAX_NAME } from './auth.ts'
import { bearerOf, type GatewayContext, identify, ownAccount } from './context.ts'
import { demandOrigin } from './cookie.ts'
import { handOver, Keeping, openingOf } from './grant.ts'
import { bodyOf, displayName, newPassword, password, refreshToken, username } from './input.ts'
import { granted } from './problem.ts'
import { demandRefreshToken } from './proof.ts'

export const RegisterBody = v.object({
  username: username(),
  password: newPassword(),
  name: v.optional(displayName(MAX_NAME)),
  refreshToken: v.optional(refreshToken()),
  ...Keeping.entries,
})

export const LoginBody = v.object({
  username: username(),
  password: password(),
  ...Keeping.entries,
})

export const PasswordBody = v.object({ password: password(), newPassword: newPassword() })

/**
 * POST /api/auth/register: a new account, or that of the guest who is asking, who keeps the id. The sign-in goes on
 * under another id.
 */
export async function register(context: GatewayContext): Promise<Response> {
  const { username, password, name, refreshToken, cookie } = await bodyOf(context, RegisterBody)
  if (cookie) demandOrigin(context)
  const { backend, config } = context.var.parts
  if (!config.signup) throw new Refusal('signup-closed')
  if (isReservedName(username.key)) throw new Refusal('username-reserved')
  if (isWeakPassword(password, username.key)) throw new Refusal('password-common')
  const guest = await guestOf(context, refreshToken)
  const personId = guest?.principal.id ?? nanoid()
  const from = sourceOf(context, cookie)
  const made = await backend.passwordLogin(username.key).register(personId, password, from)
  granted(made)
  keepDevice(context, from, made.device)
  audit({ event: 'registered', user: personId })
  const account = backend.account(personId)
  const session = guest
    ? await account.upgrade(bearerOf(guest), name, username.key)
    : await account.signIn(
        openingOf(context, 'account', name ?? username.typed, { username: username.key }),
      )
  return handOver(context, granted(session), { inCookie: cookie, status: 201 })
}

/** POST /api/auth/login */
export async function login(context: GatewayContext): Promise<Response> {
  const { username, password, cookie } = await bodyOf(context, LoginBody)
  if (cookie) demandOrigin(context)
  const { backend } = context.var.parts
  const session = await audited(context, 'password', async () => {
    const login = backend.passwordLogin(username.key)
    const from = sourceOf(context, cookie)
    const personId = await proven(context, login, from, () => login.verify(password, from))
    // What an account is made of, should its registration have been cut off half-way.
    const opening = openingOf(context, 'account', username.typed, { username: username.key })
    return granted(await backend.account(personId).signIn(opening))
  })
  return handOver(context, session, { inCookie: cookie })
}

/** POST /api/auth/password: a new one for who knows the old one; all other sessions end. */
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

/**
 * The guest who is asking, if anybody is, once the refresh token of that sign-in is shown: whoever stole an access token
 * must not choose the password (A5).
 *
 * @throws Refusal `already-registered`, `proof-needed`, `origin-refused`, and what `identify` throws.
 */
async function guestOf(
  context: GatewayContext,
  refreshToken: string | undefined,
): Promise<AccessClaims | undefined> {
  if (context.req.header('Authorization') === undefined) return undefined
  const claims = await identify(context)
  if (claims.foreign) throw new Refusal('already-registered')
  const { kind } = granted(await context.var.parts.backend.account(claims.principal.id).show())
  if (kind !== 'guest') throw new Refusal('already-registered')
  await demandRefreshToken(context, claims, refreshToken)
  return claims
}
