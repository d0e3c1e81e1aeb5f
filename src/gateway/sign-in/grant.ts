// A session opened or renewed, as the answer that hands over its tokens.

import * as v from 'valibot'
import type { NewSignIn, SessionGrant } from '../../contract.ts'
import type { GatewayContext } from '../context.ts'
import { setRefreshCookie } from '../http/cookies.ts'
import { deviceOf } from '../http/device.ts'

/** What every request for tokens may hold: whether the refresh token shall be in a cookie. */
export const Keeping = v.object({ cookie: v.optional(v.boolean('true or false is wanted'), false) })

/** What a session is opened with, by whoever is asking. */
export const newSignInOf = (
  context: GatewayContext,
  kind: NewSignIn['kind'],
  name: string,
  { username, login }: Pick<NewSignIn, 'username' | 'login'> = {},
): NewSignIn => ({
  ...{ name, kind, device: deviceOf(context.req.header('User-Agent')) },
  ...(username !== undefined && { username }),
  ...(login && { login }),
})

/**
 * Answers with the tokens of a session; with the refresh token in the cookie alone where it is
 * wanted there.
 */
export async function handOver(
  context: GatewayContext,
  session: SessionGrant,
  { inCookie, status = 200 }: { readonly inCookie: boolean; readonly status?: 200 | 201 },
): Promise<Response> {
  const grant = await context.var.parts.tokens.grant(session)
  if (!inCookie) return context.json(grant, status)
  const { refreshToken, ...rest } = grant
  setRefreshCookie(context, refreshToken, grant.refreshExpiresIn)
  return context.json(rest, status)
}
