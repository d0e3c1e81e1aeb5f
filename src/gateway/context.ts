// What every route can reach, and who is asking.

import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { RequestIdVariables } from 'hono/request-id'
import type { RefusalLog } from '../audit.ts'
import type { Bearer } from '../auth/bearer.ts'
import { bearerToken } from '../auth/bearer.ts'
import type { Authority } from '../auth/principal.ts'
import type { AccessClaims } from '../auth/tokens/access-token.ts'
import { TokenError } from '../auth/tokens/token-error.ts'
import type { Config } from '../config.ts'
import type { AccountCalls, Answer, Backend, Delayed } from '../contract.ts'
import { Refusal } from '../refusals.ts'
import { clientAddress } from './http/address.ts'
import type { AllowsOrigin } from './http/origins.ts'
import { granted } from './http/problem.ts'
import { requestCost } from './request-costs.ts'
import type { Providers } from './sign-in/providers.ts'
import type { Tokens } from './tokens.ts'

/** The parts of the gateway; made once. */
export interface Parts {
  readonly config: Config
  readonly backend: Backend
  readonly tokens: Tokens
  readonly providers: Providers
  readonly allowsOrigin: AllowsOrigin
  readonly refusals: RefusalLog
}

/** What each request carries: the parts, and from `identified` on who is asking. */
export interface GatewayEnv {
  Variables: RequestIdVariables & { parts: Parts; claims: AccessClaims }
}

/** A request to the gateway, as Hono hands it to a route. */
export type GatewayContext = Context<GatewayEnv>

/**
 * Lets in who brings an access token that holds.
 *
 * @throws as `identify`.
 */
export const identified = createMiddleware<GatewayEnv>(async (context, next) => {
  context.set('claims', await identify(context))
  await next()
})

/** How the account is asked whether a token still holds. */
type Ask = (account: AccountCalls, claims: AccessClaims) => Promise<Answer<unknown> | Delayed>

/**
 * Who is asking, once the token is valid and the account says that it still holds.
 *
 * @throws Refusal `token-missing`, `session-ended`, `roles-changed`, `account-disabled`,
 * `too-fast`; TokenError as `Tokens.access`.
 */
export async function identify(
  context: GatewayContext,
  ask: Ask = (account, claims) => account.check(bearerOf(claims), requestCost(context)),
): Promise<AccessClaims> {
  const token = bearerToken(context.req.header('Authorization'))
  if (token === undefined) throw new Refusal('token-missing')
  const { backend, tokens } = context.var.parts
  try {
    const claims = await tokens.access(token)
    // A5: a sign-in that was ended is refused at once, not when its token expires.
    const account = backend.account(claims.principal.id)
    granted(await ask(account, claims))
    return claims
  } catch (error) {
    noteRefused(context, error)
    throw error
  }
}

function noteRefused(context: GatewayContext, error: unknown): void {
  const { refusals } = context.var.parts
  if (error instanceof Refusal) refusals.write({ event: 'token-refused', code: error.code })
  if (error instanceof TokenError) {
    const { code, reason } = error
    refusals.write({ event: 'token-refused', code, ...(reason && { reason }) })
  }
}

/**
 * What a valid access token says, whether or not its session still stands; undefined without a
 * token and with one that is not valid (any more). For requests that also show a refresh token.
 *
 * @throws TokenError `unavailable`.
 */
export async function shownClaims(context: GatewayContext): Promise<AccessClaims | undefined> {
  const token = bearerToken(context.req.header('Authorization'))
  if (token === undefined) return undefined
  try {
    return await context.var.parts.tokens.access(token)
  } catch (error) {
    if (error instanceof TokenError && error.code !== 'unavailable') return undefined
    throw error
  }
}

/** What the account is asked about a token. */
export const bearerOf = ({ sessionId, version, federated, expiresAt }: Bearer): Bearer => ({
  sessionId,
  version,
  federated,
  expiresAt,
})

/** The account of who is asking. */
export const ownAccount = (context: GatewayContext): AccountCalls =>
  context.var.parts.backend.account(context.var.claims.principal.id)

const holding = (authority: Authority) =>
  createMiddleware<GatewayEnv>(async (context, next) => {
    demandAuthority(context.var.claims, authority)
    await next()
  })

/** Whether somebody may use rooms at all. */
export const isGeneral = ({ principal }: Pick<AccessClaims, 'principal'>): boolean =>
  principal.roles.includes('GENERAL')

/** Lets in who may use rooms at all: without the authority GENERAL, nothing is read or said. */
export const general = holding('GENERAL')

/** Lets in who administers. */
export const admin = holding('ADMIN')

/** Whether who is asking administers. */
export const isAdmin = ({ principal }: Pick<AccessClaims, 'principal'>): boolean =>
  principal.roles.includes('ADMIN')

/**
 * Demands that a token has an authority.
 * @throws Refusal `not-allowed`.
 */
export function demandAuthority(
  { principal }: Pick<AccessClaims, 'principal'>,
  authority: Authority,
): void {
  if (principal.roles.includes(authority)) return
  throw new Refusal('not-allowed', `${authority} is needed`)
}

/**
 * Slows down who asks for tokens too often from one address.
 *
 * @throws Refusal `too-fast`.
 */
export const rateLimited = createMiddleware<GatewayEnv>(async (context, next) => {
  await limitRate(context)
  await next()
})

/**
 * Counts what one address does in a minute: sign-ins, and rooms of guests, each by themselves.
 *
 * @throws Refusal `too-fast`.
 */
export async function limitRate(context: GatewayContext, what = ''): Promise<void> {
  const key = [clientAddress(context), what].filter(Boolean).join(' ')
  const calm = await context.var.parts.backend.mayAuthenticate(key)
  if (!calm) throw new Refusal('too-fast')
}
