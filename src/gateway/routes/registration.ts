// POST /api/auth/register: a user name with a password is made first, and then the account that it
// opens. Two requests of one guest may be under way at once, and each may be cut off: the account
// decides which user name is its own, and any other is nobody's again (A5).

import { nanoid } from 'nanoid'
import * as v from 'valibot'
import { audit } from '../../audit.ts'
import { isReservedName } from '../../auth/passwords/reserved-names.ts'
import { isWeakPassword } from '../../auth/passwords/weak-password.ts'
import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import type { LoginCalls, SessionGrant } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { bearerOf, type GatewayContext, identify } from '../context.ts'
import { demandOrigin } from '../http/cookies.ts'
import { bodyOf, displayName, newPassword, refreshToken, username } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { handOver, Keeping, newSignInOf } from '../sign-in/grant.ts'
import { keepDevice, sourceOf } from '../sign-in/password-attempt.ts'
import { demandRefreshToken } from '../sign-in/proof.ts'
import { MAX_NAME } from './auth.ts'

/** The body of POST /api/auth/register; `refreshToken` is a guest's. */
export const RegisterBody = v.object({
  username: username(),
  password: newPassword(),
  name: v.optional(displayName(MAX_NAME)),
  refreshToken: v.optional(refreshToken()),
  ...Keeping.entries,
})

/**
 * POST /api/auth/register: a new account, or that of the guest who is asking, who keeps the id. The
 * sign-in goes on under another id.
 *
 * @throws Refusal `signup-closed`, `username-reserved`, `username-taken`, `password-common`,
 * `already-registered`, and as `bodyOf`, `demandOrigin`, `identify` and `demandRefreshToken`.
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
  const login = backend.passwordLogin(username.key)
  const make = () => login.register(personId, password, from)
  let made = await make()
  if ('refused' in made && (await isFreed(context, login, username.key))) made = await make()
  granted(made)
  const session = guest
    ? await registerGuest(context, guest, { login, name, username: username.key })
    : granted(
        await backend
          .account(personId)
          .signIn(
            newSignInOf(context, 'account', name ?? username.typed, { username: username.key }),
          ),
      )
  keepDevice(context, from, made.device)
  audit({ event: 'registered', user: personId })
  return handOver(context, session, { inCookie: cookie, status: 201 })
}

/**
 * The guest who is asking, if anybody is, once the refresh token of that sign-in is shown: whoever
 * stole an access token must not choose the password (A5).
 *
 * @throws Refusal `already-registered`, `proof-needed`, `origin-refused`, and as `identify`.
 */
async function guestOf(
  context: GatewayContext,
  refreshToken: string | undefined,
): Promise<AccessClaims | undefined> {
  if (context.req.header('Authorization') === undefined) return undefined
  const claims = await identify(context)
  if (claims.federated) throw new Refusal('already-registered')
  const { kind } = granted(await context.var.parts.backend.account(claims.principal.id).show())
  if (kind !== 'guest') throw new Refusal('already-registered')
  await demandRefreshToken(context, claims, refreshToken)
  return claims
}

/**
 * The session of the guest as the account. Where the guest is one already, by another tab, or is
 * signed out, the user name that was made just now opens nothing.
 *
 * @throws Refusal `already-registered`, and why the token is void.
 */
async function registerGuest(
  context: GatewayContext,
  guest: AccessClaims,
  made: {
    readonly login: LoginCalls
    readonly name: string | undefined
    readonly username: string
  },
): Promise<SessionGrant> {
  const { id } = guest.principal
  const account = context.var.parts.backend.account(id)
  const answer = await account.becomeAccount(bearerOf(guest), made.name, made.username)
  if ('value' in answer) return answer.value
  const { kind, username } = granted(await account.show())
  const isGuest = kind === 'guest'
  // A guest whose authorities changed may try again with the same user name. One who is signed
  // out may not.
  const isOver = isGuest ? answer.refused === 'session-ended' : username !== made.username
  if (isOver) await made.login.withdraw(id)
  throw new Refusal(isGuest ? answer.refused : 'already-registered')
}

/**
 * Whether a taken user name is free now: its account has another, so its registration was cut off,
 * and it opens nothing.
 */
async function isFreed(
  { var: { parts } }: GatewayContext,
  login: LoginCalls,
  username: string,
): Promise<boolean> {
  const owner = await login.owner()
  if (owner === null) return false
  const shown = await parts.backend.account(owner).show()
  if (!('value' in shown)) return false
  const { kind, username: own } = shown.value
  if (kind === 'guest' || own === null || own === username) return false
  await login.withdraw(owner)
  return true
}
