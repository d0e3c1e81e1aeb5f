// What each request of somebody signed in takes of their REQUESTS_PER_MINUTE (R5). The account
// counts, since it is asked at every request anyway: exactly, and without another call.

import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'

/** The routes with a cost of their own. The others cost by their method. */
export const ROUTE_COSTS = {
  // An object of its own, and rows that stay.
  'POST /api/rooms': 20,
  'PUT /api/direct/:userId': 20,
  // A signature, and the upgrade that comes after it, at which the account is not asked again.
  'POST /api/rooms/:id/tickets': 5,
  'POST /api/me/tickets': 5,
  // A signature, and a row.
  'POST /api/auth/refresh': 5,
  // Hundreds of rows read.
  'GET /api/rooms': 2,
  'GET /api/rooms/:id/events': 2,
} as const satisfies Record<string, number>

/** An upgrade at which the account is asked: by an access token, or by a ticket that has waited. */
export const UPGRADE_COST = 2

const READ = 1
const WRITE = 2

/** What the request costs whoever is asking. */
export function requestCost(context: Context): number {
  const route = matchedRoutes(context).findLast(({ method }) => method !== 'ALL')
  const name = `${route?.method} ${route?.path}`
  if (Object.hasOwn(ROUTE_COSTS, name)) return ROUTE_COSTS[name as keyof typeof ROUTE_COSTS]
  return ['GET', 'HEAD'].includes(context.req.method) ? READ : WRITE
}
