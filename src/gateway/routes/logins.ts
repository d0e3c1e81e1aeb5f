// /api/auth/logins: the ways in to an account, one more, and one less.

import { audit } from '../../audit.ts'
import type { PendingLink } from '../../auth/openid/pending-link.ts'
import { TokenError } from '../../auth/tokens/token-error.ts'
import type { AccountCalls } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { bearerOf, type GatewayContext, ownAccount } from '../context.ts'
import { type CookieKind, demandOrigin, dropCookie, keptCookie } from '../http/cookies.ts'
import { optionalBodyOf } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { handOver, Keeping } from '../sign-in/grant.ts'
import { demandProof, ProofBody } from '../sign-in/proof.ts'

/** A provider’s account that is about to be linked. Strict: the page itself brings it. */
export const PENDING_LINK: CookieKind = { name: 'stompbox-link', sameSite: 'Strict' }

/** GET /api/auth/logins: the password, and the providers with the day when they were linked. */
export async function listLogins(context: GatewayContext): Promise<Response> {
  const { providers: configured } = context.var.parts.config
  const { password, providers } = await ownAccount(context).logins()
  const nameOf = (id: string, issuer: string) =>
    configured.find((provider) => provider.id === id)?.name ?? issuer
  return context.json({
    password: password && { username: password.username, linkedAt: iso(password.linkedAt) },
    providers: providers.map(({ id, provider, issuer, label, linkedAt }) => ({
      ...{ id, provider, name: nameOf(provider, issuer), account: label, linkedAt: iso(linkedAt) },
    })),
  })
}

/**
 * POST /api/auth/logins: the page that began a link finishes it, once the browser has come back
 * from the provider. Only who began it may: a cookie that somebody planted links nothing, and signs
 * nobody in (RFC 6749, section 10.12).
 *
 * @throws Refusal `sign-in-lost`, `principal-mismatch`, `provider-unknown`, `signup-closed`,
 * `login-taken`, and as `optionalBodyOf`, `demandOrigin`, `AccountCalls.addLogin` and
 * `AccountCalls.becomeAccount`; TokenError `unavailable`.
 */
export async function finishLink(context: GatewayContext): Promise<Response> {
  const { cookie } = await optionalBodyOf(context, Keeping)
  const { backend, config } = context.var.parts
  const { claims } = context.var
  const { login, target } = await pendingLink(context)
  const personId = claims.principal.id
  if (target.personId !== personId) throw new Refusal('principal-mismatch')
  // A5: what could not be begun any more is not finished.
  const { provider, issuer } = login
  if (!config.providers.some(({ id }) => id === provider)) throw new Refusal('provider-unknown')
  const account = ownAccount(context)
  if (!config.signup) await demandAccount(account)
  const subject = backend.providerLogin(issuer, login.subject)
  // R5: what somebody else has writes nothing.
  if (![null, personId].includes(await subject.owner())) throw new Refusal('login-taken')
  // The owner may have ended the session that began it, because a thief did.
  const { id, kind } = granted(await account.addLogin(target.bearer, login))
  if ((await subject.claim(personId)) !== personId) {
    await account.removeLogin(id)
    throw new Refusal('login-taken')
  }
  audit({ event: 'login-linked', user: personId, by: `oidc:${provider}` })
  if (kind === 'account') return context.body(null, 204)
  const session = granted(await account.becomeAccount(bearerOf(claims), undefined))
  audit({ event: 'registered', user: personId })
  return handOver(context, session, { inCookie: cookie, status: 201 })
}

/**
 * DELETE /api/auth/logins/:id: a provider is no way in any more. The other sessions end.
 *
 * @throws Refusal as `demandProof`, `optionalBodyOf` and `AccountCalls.endLogin`.
 */
export async function unlink(context: GatewayContext): Promise<Response> {
  await demandProof(context, await optionalBodyOf(context, ProofBody))
  const { principal, sessionId } = context.var.claims
  const account = ownAccount(context)
  const { id, issuer, subject, provider } = granted(
    await account.endLogin(context.req.param('id') ?? ''),
  )
  await context.var.parts.backend.providerLogin(issuer, subject).release(principal.id)
  await account.removeLogin(id)
  audit({ event: 'login-unlinked', user: principal.id, by: `oidc:${provider}` })
  // Whoever came in by it is out.
  await account.endAll(sessionId)
  return context.body(null, 204)
}

/**
 * Where nobody gets a new account, a guest is not made one by a provider either.
 *
 * @throws Refusal `signup-closed`, `user-unknown`.
 */
export async function demandAccount(account: AccountCalls): Promise<void> {
  if (granted(await account.show()).kind === 'guest') throw new Refusal('signup-closed')
}

/**
 * What the callback left in this browser.
 *
 * @throws Refusal `sign-in-lost`.
 */
async function pendingLink(context: GatewayContext): Promise<PendingLink> {
  const kept = keptCookie(context, PENDING_LINK)
  if (kept === undefined) throw new Refusal('sign-in-lost')
  demandOrigin(context)
  dropCookie(context, PENDING_LINK)
  try {
    return await context.var.parts.tokens.pendingLink(kept)
  } catch (error) {
    const isBad = error instanceof TokenError && error.code !== 'unavailable'
    throw isBad ? new Refusal('sign-in-lost') : error
  }
}

const iso = (milliseconds: number | null) =>
  milliseconds === null ? null : new Date(milliseconds).toISOString()
