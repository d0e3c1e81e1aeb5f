// What every route can reach, and who is asking.

import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AccessClaims } from '../auth/access-token.ts'
import { bearerToken } from '../auth/bearer.ts'
import type { Config } from '../config.ts'
import { Refusal } from '../refusals.ts'
import type { Backend } from './backend.ts'
import type { AllowsOrigin } from './origins.ts'
import type { Tokens } from './tokens.ts'

/** The parts of the gateway; made once. */
export interface Parts {
  readonly config: Config
  readonly backend: Backend
  readonly tokens: Tokens
  readonly allowsOrigin: AllowsOrigin
}

export interface GatewayEnv {
  Variables: { parts: Parts; claims: AccessClaims }
}

export type GatewayContext = Context<GatewayEnv>

/** Lets in who brings a valid access token. Throws `token-missing`, or TokenError. */
export const identified = createMiddleware<GatewayEnv>(async (context, next) => {
  const token = bearerToken(context.req.header('Authorization'))
  if (token === undefined) throw new Refusal('token-missing')
  context.set('claims', await context.var.parts.tokens.access(token))
  await next()
})

/** Lets in who may use rooms at all: without the authority GENERAL, nothing is read or said. */
export const general = createMiddleware<GatewayEnv>(async (context, next) => {
  const { roles } = context.var.claims.principal
  if (!roles.includes('GENERAL')) throw new Refusal('not-allowed', 'GENERAL is needed')
  await next()
})

/** Slows down who asks for tokens too often from one address. Throws `too-fast`. */
export const unhurried = createMiddleware<GatewayEnv>(async (context, next) => {
  const address = context.req.header('CF-Connecting-IP') ?? 'unknown'
  if (!(await context.var.parts.backend.mayAuthenticate(address))) throw new Refusal('too-fast')
  await next()
})
