// /api/rooms/:id/messages, the pins and the read marker: what a member does to messages without a
// WebSocket. The room checks and executes each request as it does a SEND.

import * as v from 'valibot'
import type { RequestOutcome, RoomRequest } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { bodyOf, optionalBodyOf } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { ReasonBody } from './members.ts'
import { asking, roomOf } from './rooms.ts'

const content = v.pipe(v.string('a text is wanted'), v.nonEmpty('a text is wanted'))
const seq = v.pipe(v.number('a seq is wanted'), v.safeInteger('a seq is wanted'), v.minValue(1))

/** The body of POST /api/rooms/:id/messages. The room limits the length. */
export const MessageBody = v.object({ content, replyTo: v.exactOptional(seq) })

/** The body of PATCH /api/rooms/:id/messages/:seq. */
export const EditBody = v.object({ content })

/** The body of PUT /api/rooms/:id/read: the seq up to which somebody has read. */
export const ReadBody = v.object({ seq })

/** POST /api/rooms/:id/messages. @throws Refusal as `roomOf`, `bodyOf` and `RoomCalls.execute`. */
export async function sendMessage(context: GatewayContext): Promise<Response> {
  roomOf(context)
  const body = await bodyOf(context, MessageBody)
  return context.json(await execute(context, { type: 'message', ...body }), 201)
}

/**
 * PATCH /api/rooms/:id/messages/:seq.
 *
 * @throws Refusal `event-unknown`, and as `roomOf`, `bodyOf` and `RoomCalls.execute`.
 */
export async function editMessage(context: GatewayContext): Promise<Response> {
  const target = targetOf(context)
  const body = await bodyOf(context, EditBody)
  return context.json(await execute(context, { type: 'edit', ...target, ...body }))
}

/**
 * DELETE /api/rooms/:id/messages/:seq.
 *
 * @throws Refusal `event-unknown`, and as `roomOf`, `optionalBodyOf` and `RoomCalls.execute`.
 */
export async function deleteMessage(context: GatewayContext): Promise<Response> {
  const target = targetOf(context)
  const body = await optionalBodyOf(context, ReasonBody)
  return context.json(await execute(context, { type: 'delete', ...target, ...body }))
}

/**
 * PUT /api/rooms/:id/messages/:seq/reactions/:reaction.
 *
 * @throws Refusal `event-unknown`, `body-invalid`, and as `roomOf` and `RoomCalls.execute`.
 */
export const react = (context: GatewayContext) => setReaction(context, true)

/**
 * DELETE /api/rooms/:id/messages/:seq/reactions/:reaction.
 *
 * @throws Refusal as `react`.
 */
export const takeBackReaction = (context: GatewayContext) => setReaction(context, false)

async function setReaction(context: GatewayContext, on: boolean): Promise<Response> {
  const target = targetOf(context)
  const reaction = reactionOf(context)
  return context.json(await execute(context, { type: 'reaction', ...target, reaction, on }))
}

/** GET /api/rooms/:id/pins. @throws Refusal as `roomOf` and `RoomCalls.pins`. */
export async function listPins(context: GatewayContext): Promise<Response> {
  return context.json(granted(await roomOf(context).pins(asking(context))))
}

/**
 * PUT /api/rooms/:id/pins/:seq.
 *
 * @throws Refusal `event-unknown`, and as `roomOf` and `RoomCalls.execute`.
 */
export async function pin(context: GatewayContext): Promise<Response> {
  return context.json(await execute(context, { type: 'pin', ...targetOf(context) }))
}

/** DELETE /api/rooms/:id/pins/:seq. @throws Refusal as `pin`. */
export async function unpin(context: GatewayContext): Promise<Response> {
  return context.json(await execute(context, { type: 'unpin', ...targetOf(context) }))
}

/** PUT /api/rooms/:id/read. @throws Refusal as `roomOf`, `bodyOf` and `RoomCalls.execute`. */
export async function markRead(context: GatewayContext): Promise<Response> {
  roomOf(context)
  await execute(context, { type: 'read', ...(await bodyOf(context, ReadBody)) })
  return context.body(null, 204)
}

/** Asks the room. What it refuses is thrown. */
async function execute(context: GatewayContext, request: RoomRequest): Promise<RequestOutcome> {
  const idempotencyKey = context.req.header('Idempotency-Key')
  const idempotencySince = context.req.header('Idempotency-Since')
  return granted(
    await roomOf(context).execute(asking(context), {
      ...request,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...(idempotencySince !== undefined && { idempotencySince }),
    }),
  )
}

/**
 * The message of the path.
 *
 * @throws Refusal `room-unknown`, and `event-unknown` for what can be no seq.
 */
function targetOf(context: GatewayContext): { readonly seq: number } {
  roomOf(context)
  const seq = context.req.param('seq') ?? ''
  if (!/^[1-9]\d{0,14}$/.test(seq)) throw new Refusal('event-unknown')
  return { seq: Number(seq) }
}

/** The reaction of the path, as it was sent: the router leaves wrong escapes as they are. */
function reactionOf(context: GatewayContext): string {
  const escaped = new URL(context.req.url).pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(escaped)
  } catch {
    throw new Refusal('body-invalid', 'reaction: UTF-8 in percent-encoding is wanted')
  }
}
