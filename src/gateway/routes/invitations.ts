// /api/rooms/:id/invitations, and /api/invitations/:token for whoever has one. The secret of a
// token is made here and told once: the room is given its digest alone.

import * as v from 'valibot'
import {
  INVITATION_SECRET_BYTES,
  type InvitationToken,
  makeInvitationToken,
  readInvitationToken,
} from '../../auth/tokens/invitation-token.ts'
import type { Answer, ListedInvitation, RoomCalls } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import { type GatewayContext, identify, limitRate } from '../context.ts'
import { isHttps } from '../http/cookies.ts'
import { optionalBodyOf, queryOf, wholeNumber } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'
import { asRole, shownTo } from './shown-room.ts'

/** Seconds that an invitation is valid, by default and at most. */
const DEFAULT_LIFE = 7 * 86_400
const MAX_LIFE = 30 * 86_400
/** People who may use one; 0: any number. */
const MAX_USES = 100
/** Invitations of a page at most, and characters of an id or a cursor. */
const MAX_LIST = 100
const MAX_ID = 64

const whole = (least: number, most: number) =>
  v.pipe(
    v.number('a whole number is wanted'),
    v.safeInteger('a whole number is wanted'),
    v.minValue(least, `at least ${least}`),
    v.maxValue(most, `at most ${most}`),
  )

/** What is asked of a new invitation; `expiresIn` in seconds, `uses` 0 for any number. */
export const InvitationBody = v.object({
  role: v.exactOptional(v.picklist(['reader', 'writer', 'moderator'], 'a role is wanted')),
  expiresIn: v.optional(whole(1, MAX_LIFE), DEFAULT_LIFE),
  uses: v.optional(whole(0, MAX_USES), 0),
})

/** The query of a page of invitations; `cursor` is the `next` of the page before. */
export const InvitationsQuery = v.object({
  cursor: v.optional(v.pipe(v.string(), v.maxLength(MAX_ID, 'too long'))),
  limit: v.optional(wholeNumber(1, MAX_LIST)),
})

/**
 * POST /api/rooms/:id/invitations. The token is in this answer alone.
 *
 * @throws Refusal as `roomOf`, `optionalBodyOf` and `RoomCalls.invite`.
 */
export async function createInvitation(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const body = await optionalBodyOf(context, InvitationBody)
  const secret = crypto.getRandomValues(new Uint8Array(INVITATION_SECRET_BYTES))
  const token = makeInvitationToken(context.req.param('id') ?? '', secret)
  const made = granted(await room.invite(asking(context), { ...body, digest: token.digest }))
  const url = `${originOf(context)}/#invitation=${token.text}`
  const { id, ...rest } = shown(made)
  return context.json({ id, token: token.text, url, ...rest }, 201)
}

/**
 * GET /api/rooms/:id/invitations: the open ones, the newest first.
 *
 * @throws Refusal as `roomOf`, `queryOf` and `RoomCalls.invitations`.
 */
export async function listInvitations(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const query = queryOf(context, InvitationsQuery)
  const { invitations, next } = granted(await room.invitations(asking(context), query))
  return context.json({ invitations: invitations.map(shown), next })
}

/**
 * DELETE /api/rooms/:id/invitations/:invitationId, by whoever made it or a moderator.
 *
 * @throws Refusal `invitation-unknown`, and as `roomOf` and `RoomCalls.revokeInvitation`.
 */
export async function revokeInvitation(context: GatewayContext): Promise<Response> {
  const room = roomOf(context)
  const id = context.req.param('invitationId') ?? ''
  if (id.length > MAX_ID) throw new Refusal('invitation-unknown')
  granted(await room.revokeInvitation(asking(context), id))
  return context.body(null, 204)
}

/**
 * GET /api/invitations/:token: the room and who invites, also for people who are not signed in.
 *
 * @throws Refusal as `limitRate`, `identify` and `RoomCalls.showInvitation`.
 */
export async function showInvitation(context: GatewayContext): Promise<Response> {
  // R5: somebody is counted, or their address is.
  if (context.req.header('Authorization') === undefined) await limitRate(context, 'invitations')
  else await identify(context)
  const answer = await invited(context, (room, { digest }) => room.showInvitation(digest))
  const { expiresAt, ...shown } = granted(answer)
  return context.json({ ...shown, expiresAt: new Date(expiresAt).toISOString() })
}

/** POST /api/invitations/:token: joins the room. @throws Refusal as `RoomCalls.useInvitation`. */
export async function useInvitation(context: GatewayContext): Promise<Response> {
  const by = asking(context)
  const room = granted(await invited(context, (room, { digest }) => room.useInvitation(by, digest)))
  return context.json({ room: shownTo(room), ...asRole(room.role) })
}

/** Asks the room of the token in the path. M2: all unknown tokens get the same answer. */
async function invited<Value>(
  context: GatewayContext,
  ask: (room: RoomCalls, token: InvitationToken) => Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  const token = readInvitationToken(context.req.param('token') ?? '')
  if (!token) return { refused: 'invitation-unknown' }
  return ask(context.var.parts.backend.room(token.roomId), token)
}

/** Where people open the page: a proxy in front of us may speak TLS for us. */
function originOf(context: GatewayContext): string {
  const url = new URL(context.req.url)
  if (isHttps(context)) url.protocol = 'https:'
  return url.origin
}

const shown = ({ createdAt, expiresAt, ...invitation }: ListedInvitation) => ({
  ...invitation,
  createdAt: new Date(createdAt).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
})
