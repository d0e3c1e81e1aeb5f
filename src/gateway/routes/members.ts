// /api/rooms/:id/members: what people are in a room. The room says who may ask and who may set
// what.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { bodyOf } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'

/** Characters of a person's id: a trusted issuer's name and its subject. */
const MAX_ID = 300

/** Everything but the owner: that one made the room. */
export const StandingBody = v.object({
  standing: v.picklist(['banned', 'reader', 'writer', 'moderator'], 'a standing is wanted'),
})

/** GET /api/rooms/:id/members: those whose standing was set, and the owner. */
export async function listMembers(context: GatewayContext): Promise<Response> {
  return context.json({ members: granted(await roomOf(context).members(asking(context))) })
}

/** PATCH /api/rooms/:id/members/:userId */
export async function setStanding(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const userId = context.req.param('userId') ?? ''
  if (userId.length > MAX_ID) throw new Refusal('user-unknown')
  const { standing } = await bodyOf(context, StandingBody)
  return context.json(granted(await room.setStanding(asking(context), userId, standing)))
}
