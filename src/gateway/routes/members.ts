// /api/rooms/:id/members: what people are in a room. The room says who may ask and who may set
// what.

import * as v from 'valibot'
import type { Answer, Introduction, Member } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { Reason } from '../../visible-text.ts'
import type { GatewayContext } from '../context.ts'
import { bodyOf, optionalBodyOf, queryOf, time, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'
import { asRole } from './shown-room.ts'

/** Characters of a person's id: a trusted issuer's name and its subject. */
const MAX_ID = 300
/** Characters of a cursor. */
export const MAX_CURSOR = 2000
const MAX_LIST = 200

const ROLES = ['banned', 'reader', 'writer', 'moderator', 'owner'] as const

const Settable = v.picklist(ROLES, 'a role is wanted')

/**
 * A role, or until when somebody is muted (null: not any more). `standing` is the name that a role
 * had: older clients send it.
 */
export const RoleBody = v.pipe(
  v.object({
    role: v.optional(Settable),
    standing: v.optional(Settable),
    mutedUntil: v.exactOptional(v.nullable(time())),
    reason: v.exactOptional(Reason),
  }),
  v.check(
    ({ role, standing }) => role === undefined || standing === undefined || role === standing,
    'role and standing differ',
  ),
  v.check(
    ({ role, standing, mutedUntil }) =>
      (role === undefined && standing === undefined) !== (mutedUntil === undefined),
    'a role is wanted, or mutedUntil',
  ),
  v.transform(({ role, standing, mutedUntil, reason }) => ({
    role: role ?? standing,
    mutedUntil,
    reason,
  })),
)

/** The query of a page of members; `q` is what names begin with. */
export const MembersQuery = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(MAX_ID, 'too long'))),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(MAX_CURSOR, 'too long'))),
  limit: v.optional(wholeNumber(1, MAX_LIST)),
})

/** Why somebody is removed, unbanned or cleared, or a message deleted. */
export const ReasonBody = v.object({ reason: v.exactOptional(Reason) })

/** GET /api/rooms/:id/members. @throws Refusal as `queryOf`, `roomOf` and `RoomCalls.members`. */
export async function listMembers(context: GatewayContext): Promise<Response> {
  const query = queryOf(context, MembersQuery)
  const { members, next } = granted(await roomOf(context).members(asking(context), query))
  return context.json({ members: members.map(shown), next })
}

/**
 * PUT /api/rooms/:id/members/me.
 *
 * @throws Refusal `not-allowed` for anybody else, and as `roomOf`, `userIdOf` and `RoomCalls.join`.
 */
export async function joinRoom(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  if (userIdOf(context) !== asking(context).id) throw new Refusal('not-allowed')
  return context.json(shown(granted(await room.join(asking(context)))))
}

/**
 * DELETE /api/rooms/:id/members/:userId: leaves the room, or removes somebody from it.
 *
 * @throws Refusal as `roomOf`, `userIdOf`, `optionalBodyOf` and `RoomCalls.removeMember`.
 */
export async function removeMember(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const by = asking(context)
  const userId = userIdOf(context)
  const { reason } = await optionalBodyOf(context, ReasonBody)
  granted(await room.removeMember(by, userId, reason))
  return context.body(null, 204)
}

/**
 * PATCH /api/rooms/:id/members/:userId: sets a role, or mutes.
 *
 * @throws Refusal as `roomOf`, `userIdOf`, `bodyOf`, `introducing`, `RoomCalls.setRole` and
 * `RoomCalls.moderate`.
 */
export async function changeMember(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const by = asking(context)
  const personId = userIdOf(context)
  const { role, mutedUntil: until, reason } = await bodyOf(context, RoleBody)
  if (role !== undefined) {
    const answer = await introducing(context, personId, (introduced) =>
      room.setRole(by, personId, role, reason, introduced),
    )
    return context.json(shown(granted(answer)))
  }
  const act = { type: 'mute', personId, until: until ?? null, reason } as const
  const { member } = granted(await room.moderate(by, act))
  return context.json(member && shown(member))
}

/**
 * Asks a room about somebody. The room may never have met them: then their account says who they
 * are, and the room is asked again.
 *
 * @throws Refusal `user-unknown` where there is no such account.
 */
export async function introducing<Value>(
  context: GatewayContext,
  personId: string,
  ask: (introduced?: Introduction) => Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  const answer = await ask()
  if (!('refused' in answer) || answer.refused !== 'user-unknown') return answer
  const { name, kind } = granted(await context.var.parts.backend.account(personId).show())
  return ask({ name, guest: kind === 'guest' })
}

/**
 * The person of the path: `me` is who is asking.
 *
 * @throws Refusal `user-unknown` for what is too long to be an id.
 */
export function userIdOf(context: GatewayContext): string {
  const userId = context.req.param('userId') ?? ''
  if (userId.length > MAX_ID) throw new Refusal('user-unknown')
  return userId === 'me' ? asking(context).id : userId
}

const shown = ({ role, joinedAt, mutedUntil, ...member }: Member) => ({
  ...member,
  ...asRole(role),
  joinedAt: joinedAt === null ? null : new Date(joinedAt).toISOString(),
  ...(mutedUntil !== undefined && { mutedUntil: new Date(mutedUntil).toISOString() }),
})
