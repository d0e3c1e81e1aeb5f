// /api/rooms/:id/bans and /moderation: what moderators do to people, and the log of it. The room
// says who may.

import * as v from 'valibot'
import type { ModerationPage } from '../../contract.ts'
import { Reason } from '../../visible-text.ts'
import type { GatewayContext } from '../context.ts'
import { optionalBodyOf, queryOf, time, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { introducing, MAX_CURSOR, ReasonBody, userIdOf } from './members.ts'
import { asking, roomOf } from './rooms.ts'

const MAX_PAGE = 200

/** The body of PUT /api/rooms/:id/bans/:userId; times become milliseconds since 1970. */
export const BanBody = v.object({
  reason: v.exactOptional(Reason),
  until: v.exactOptional(time()),
  deleteSince: v.exactOptional(time()),
})

/** R4: messages of a person that a moderator clears with one act. */
const MAX_CLEARED = 500

/** How many of the last messages go. */
export const ClearQuery = v.object({ last: wholeNumber(1, MAX_CLEARED) })

/** The query of a page; `cursor` is the `next` of the page before. */
export const PageQuery = v.object({
  cursor: v.optional(v.pipe(v.string(), v.maxLength(MAX_CURSOR, 'too long'))),
  limit: v.optional(wholeNumber(1, MAX_PAGE)),
})

/** GET /api/rooms/:id/bans. @throws Refusal as `queryOf`, `roomOf` and `RoomCalls.moderation`. */
export async function listBans(context: GatewayContext): Promise<Response> {
  const query = queryOf(context, PageQuery)
  const page = granted(
    await roomOf(context).moderation(asking(context), { list: 'bans', ...query }),
  )
  return context.json({ bans: (page.bans ?? []).map(shownBan), next: page.next })
}

/**
 * PUT /api/rooms/:id/bans/:userId.
 *
 * @throws Refusal as `roomOf`, `userIdOf`, `optionalBodyOf`, `introducing` and
 * `RoomCalls.moderate`.
 */
export async function banMember(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const personId = userIdOf(context)
  const body = await optionalBodyOf(context, BanBody)
  const by = asking(context)
  const answer = await introducing(context, personId, (introduced) =>
    room.moderate(by, { type: 'ban', personId, ...body, introduced }),
  )
  const { ban } = granted(answer)
  return context.json(ban && shownBan(ban))
}

/**
 * DELETE /api/rooms/:id/bans/:userId.
 *
 * @throws Refusal as `roomOf`, `userIdOf`, `optionalBodyOf` and `RoomCalls.moderate`.
 */
export async function unbanMember(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const personId = userIdOf(context)
  const body = await optionalBodyOf(context, ReasonBody)
  granted(await room.moderate(asking(context), { type: 'unban', personId, ...body }))
  return context.body(null, 204)
}

/**
 * DELETE /api/rooms/:id/members/:userId/messages.
 *
 * @throws Refusal as `roomOf`, `userIdOf`, `queryOf`, `optionalBodyOf` and `RoomCalls.moderate`.
 */
export async function clearMessages(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const personId = userIdOf(context)
  const { last } = queryOf(context, ClearQuery)
  const body = await optionalBodyOf(context, ReasonBody)
  granted(await room.moderate(asking(context), { type: 'clear', personId, last, ...body }))
  return context.body(null, 202)
}

/**
 * GET /api/rooms/:id/moderation: the newest first.
 *
 * @throws Refusal as `queryOf`, `roomOf` and `RoomCalls.moderation`.
 */
export async function listModeration(context: GatewayContext): Promise<Response> {
  const query = queryOf(context, PageQuery)
  const page = granted(await roomOf(context).moderation(asking(context), { list: 'log', ...query }))
  return context.json({ entries: (page.entries ?? []).map(shownEntry), next: page.next })
}

type Ban = NonNullable<ModerationPage['bans']>[number]
type Entry = NonNullable<ModerationPage['entries']>[number]

const iso = (at: number) => new Date(at).toISOString()

const shownBan = ({ at, until, by, ...ban }: Ban) => ({
  ...ban,
  ...(at !== undefined && { at: iso(at) }),
  ...(by && { by }),
  until: until === undefined ? null : iso(until),
})

const shownEntry = ({ number, at, until, ...entry }: Entry) => ({
  id: String(number),
  at: iso(at),
  ...entry,
  ...(until !== undefined && { until: iso(until) }),
})
