// /api/auth: guests, who somebody is, and the life of their tokens.

import { nanoid } from 'nanoid'
import * as v from 'valibot'
import type { AccessClaims } from '../../auth/tokens/access-token.ts'
import { readRefreshToken } from '../../auth/tokens/refresh-token.ts'
import { Refusal } from '../../refusals.ts'
import { bearerOf, type GatewayContext, identify, limitRate, shownClaims } from '../context.ts'
import { demandOrigin, dropRefreshCookie, refreshCookie } from '../http/cookies.ts'
import { bodyOf, displayName, optionalBodyOf, refreshToken } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { requestCost } from '../request-costs.ts'
import { handOver, Keeping, newSignInOf } from '../sign-in/grant.ts'

/** Characters of somebody's name. */
export const MAX_NAME = 40

/** The name of a guest, and whether the refresh token goes into the cookie. */
export const GuestBody = v.object({ name: displayName(MAX_NAME), ...Keeping.entries })

/** A refresh token, where the cookie does not bring it. */
export const TokenBody = v.object({ refreshToken: v.optional(refreshToken()) })

/** `user`: the id that the page expects the cookie to belong to; '' for nobody. */
export const RefreshBody = v.object({
  ...{ ...TokenBody.entries, ...Keeping.entries },
  user: v.optional(v.string('a text is wanted')),
})

/**
 * POST /api/auth/guest: a new person with a name and no account.
 *
 * @throws Refusal `guests-refused`, and as `bodyOf` and `demandOrigin`.
 */
export async function signInGuest(context: GatewayContext): Promise<Response> {
  const { backend, config } = context.var.parts
  if (!config.guests) throw new Refusal('guests-refused')
  const { name, cookie } = await bodyOf(context, GuestBody)
  if (cookie) demandOrigin(context)
  const session = await backend.account(nanoid()).signIn(newSignInOf(context, 'guest', name))
  return handOver(context, granted(session), { inCookie: cookie, status: 201 })
}

/**
 * POST /api/auth/refresh: new tokens for a refresh token or, where that has expired, for an access
 * token. Both must belong to one person. An invalid token counts as not shown.
 *
 * @throws Refusal `refresh-missing`, `refresh-invalid`, `principal-mismatch`, and as
 * `AccountCalls.refresh`, `bodyOf`, `refreshCookie` and `shownClaims`.
 */
export async function refresh(context: GatewayContext): Promise<Response> {
  const { refreshToken, cookie, user } = await optionalBodyOf(context, RefreshBody)
  if (cookie) demandOrigin(context)
  const kept = refreshToken === undefined ? refreshCookie(context, user) : undefined
  const token = refreshToken ?? kept
  const shown = await shownClaims(context)
  // A trusted issuer's session is not ours to renew.
  const claims = shown?.federated ? undefined : shown
  if (token === undefined && claims === undefined) throw new Refusal('refresh-missing')
  const personId = token === undefined ? claims?.principal.id : ownerOf(token)
  if (personId === undefined) throw new Refusal('refresh-invalid')
  if (claims !== undefined && claims.principal.id !== personId) {
    throw new Refusal('principal-mismatch')
  }
  const account = context.var.parts.backend.account(personId)
  const session = await account.refresh(token, claims && bearerOf(claims), requestCost(context))
  return handOver(context, granted(session), { inCookie: cookie || kept !== undefined })
}

/**
 * POST /api/auth/logout: ends the session of the access token, or else of the refresh token; a
 * session that has ended already is no error. Without either token the request is refused.
 *
 * @throws Refusal as `limitRate`, `bodyOf`, `refreshCookie`, `shownClaims` and `identify`.
 */
export async function logout(context: GatewayContext): Promise<Response> {
  await limitRate(context)
  const { refreshToken } = await optionalBodyOf(context, TokenBody)
  const claims = await shownClaims(context)
  const token = claims ? undefined : (refreshToken ?? refreshCookie(context))
  if (token === undefined) await endByBearer(context, claims ?? (await identify(context)))
  else await endByToken(context, token)
  dropRefreshCookie(context)
  return context.body(null, 204)
}

/** GET /api/auth/me */
export function me(context: GatewayContext): Response {
  const { principal, sessionId, signedInAt, expiresAt } = context.var.claims
  return context.json({
    user: principal,
    session: { id: sessionId, signedInAt: iso(signedInAt), expiresAt: iso(expiresAt) },
  })
}

async function endByBearer(context: GatewayContext, claims: AccessClaims): Promise<void> {
  await context.var.parts.backend.account(claims.principal.id).end(bearerOf(claims))
}

/** That a refresh token has no session (any more) is no failure (RFC 7009, section 2.2). */
async function endByToken(context: GatewayContext, token: string): Promise<void> {
  const personId = ownerOf(token)
  if (personId !== undefined) await context.var.parts.backend.account(personId).endByToken(token)
}

/** Whose refresh token this says it is; undefined for what cannot be one: it wakes no object. */
const ownerOf = (token: string) => readRefreshToken(token)?.personId

const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
