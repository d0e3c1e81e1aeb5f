// /api/rooms/:id/cost: what the platform has billed of a room, and its cost by list price.

import { dollarsOf, PRICES, perMillionMessages } from '../../cost.ts'
import type { GatewayContext } from '../context.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'

/** GET /api/rooms/:id/cost, by its owner. @throws Refusal as `roomOf` and `RoomCalls.cost`. */
export async function showCost(context: GatewayContext): Promise<Response> {
  const usage = granted(await roomOf(context).cost(asking(context)))
  const { since, ...counts } = usage
  const dollars = dollarsOf(usage)
  return context.json({
    since: new Date(since).toISOString(),
    counts,
    dollars,
    perMillionMessages: perMillionMessages(usage, dollars),
    prices: PRICES,
  })
}
