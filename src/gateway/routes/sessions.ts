// /api/auth/sessions: where somebody is signed in, and the end of that.

import { Refusal } from '../../refusals.ts'
import { bearerOf, type GatewayContext, ownAccount } from '../context.ts'
import { dropRefreshCookie } from '../http/cookies.ts'

/** GET /api/auth/sessions. Empty for a trusted issuer's person, whose sessions are the issuer's. */
export async function listSessions(context: GatewayContext): Promise<Response> {
  const { sessionId } = context.var.claims
  const sessions = await ownAccount(context).sessions()
  return context.json({
    sessions: sessions.map(({ id, device, signedInAt, lastUsedAt }) => ({
      id,
      device,
      signedInAt: iso(signedInAt),
      lastUsedAt: iso(lastUsedAt),
      current: id === sessionId,
    })),
  })
}

/**
 * DELETE /api/auth/sessions: all of them, this one too. For a trusted issuer's person: all sockets,
 * and the token of this request.
 */
export async function endSessions(context: GatewayContext): Promise<Response> {
  const account = ownAccount(context)
  const bearer = bearerOf(context.var.claims)
  await account.endAll(undefined)
  if (bearer.federated) await account.end(bearer)
  dropRefreshCookie(context)
  return context.body(null, 204)
}

/**
 * DELETE /api/auth/sessions/:id.
 *
 * @throws Refusal `session-unknown`.
 */
export async function endSession(context: GatewayContext): Promise<Response> {
  const bearer = bearerOf(context.var.claims)
  const id = context.req.param('id')
  const current = id === bearer.sessionId
  // Of a trusted issuer's sessions only that of this request is known.
  if (id === undefined || (bearer.federated && !current)) throw new Refusal('session-unknown')
  const ended = await ownAccount(context).end({ ...bearer, sessionId: id })
  if (!ended) throw new Refusal('session-unknown')
  if (current) dropRefreshCookie(context)
  return context.body(null, 204)
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()
