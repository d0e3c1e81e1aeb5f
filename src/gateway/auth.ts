// /api/auth: who somebody is, and for how long.

import { nanoid } from 'nanoid'
import * as v from 'valibot'
import { Refusal } from '../refusals.ts'
import type { GatewayContext } from './context.ts'
import { bodyOf, displayName } from './input.ts'

const MAX_NAME = 40

const GuestBody = v.object({ name: displayName(MAX_NAME) })

/** POST /api/auth/guest: a new person with a name, a token and no account. */
export async function signInGuest(context: GatewayContext): Promise<Response> {
  const { config, tokens } = context.var.parts
  if (!config.guests) throw new Refusal('guests-refused')
  const { name } = await bodyOf(context, GuestBody)
  return context.json(await tokens.signIn({ id: nanoid(), name, roles: ['GENERAL'] }), 201)
}

/** POST /api/auth/refresh: the next token, on the strength of one that is still valid. */
export async function refresh(context: GatewayContext): Promise<Response> {
  return context.json(await context.var.parts.tokens.renew(context.var.claims))
}

/** GET /api/auth/me */
export function me(context: GatewayContext): Response {
  const { principal, sessionId, signedInAt, expiresAt } = context.var.claims
  return context.json({
    user: principal,
    session: { id: sessionId, signedInAt: iso(signedInAt), expiresAt: iso(expiresAt) },
  })
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
