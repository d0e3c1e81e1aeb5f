// /api/rooms/:id/members: what people are in a room. The room says who may ask and who may set
// what.

import * as v from 'valibot'
import type { Member } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { bodyOf } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, asRole, roomOf } from './rooms.ts'

/** Characters of a person's id: a trusted issuer's name and its subject. */
const MAX_ID = 300

/** Everything but the owner: that one made the room. */
const Settable = v.picklist(['banned', 'reader', 'writer', 'moderator'], 'a role is wanted')

/** `standing` is the name that a role had: older clients send it. */
export const RoleBody = v.pipe(
  v.object({ role: v.optional(Settable), standing: v.optional(Settable) }),
  v.check(
    ({ role, standing }) => role === undefined || standing === undefined || role === standing,
    'role and standing differ',
  ),
  v.transform(({ role, standing }) => ({ role: role ?? standing })),
  v.object({ role: Settable }),
)

/** GET /api/rooms/:id/members: those whose role was set, and the owner. */
export async function listMembers(context: GatewayContext): Promise<Response> {
  const members = granted(await roomOf(context).members(asking(context)))
  return context.json({ members: members.map(shown) })
}

/** PATCH /api/rooms/:id/members/:userId */
export async function setRole(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const userId = context.req.param('userId') ?? ''
  if (userId.length > MAX_ID) throw new Refusal('user-unknown')
  const { role } = await bodyOf(context, RoleBody)
  return context.json(shown(granted(await room.setRole(asking(context), userId, role))))
}

const shown = ({ id, role }: Member) => ({ id, ...asRole(role) })
