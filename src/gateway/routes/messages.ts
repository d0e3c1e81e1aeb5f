// /api/rooms/:id/messages, the pins and the read marker: what a member does to messages without a
// WebSocket. The room checks and executes each request as it does a SEND.

import * as v from 'valibot'
import type { RequestOutcome, RoomRequest } from '../../contract.ts'
import { Refusal } from '../../refusals.ts'
import type { GatewayContext } from '../context.ts'
import { bodyOf } from '../http/input.ts'
import { granted } from '../http/problem.ts'
import { asking, roomOf } from './rooms.ts'

const content = v.pipe(v.string('a text is wanted'), v.nonEmpty('a text is wanted'))
const seq = v.pipe(v.number('a seq is wanted'), v.safeInteger('a seq is wanted'), v.minValue(1))

export const MessageBody = v.object({ content, replyTo: v.exactOptional(seq) })

export const EditBody = v.object({ content })

export const ReadBody = v.object({ seq })

/** POST /api/rooms/:id/messages */
export async function sendMessage(context: GatewayContext): Promise<Response> {
  roomOf(context)
  const body = await bodyOf(context, MessageBody)
  return context.json(await execute(context, { type: 'message', ...body }), 201)
}

/** PATCH /api/rooms/:id/messages/:seq */
export async function editMessage(context: GatewayContext): Promise<Response> {
  const target = targetOf(context)
  const body = await bodyOf(context, EditBody)
  return context.json(await execute(context, { type: 'edit', ...target, ...body }))
}

/** DELETE /api/rooms/:id/messages/:seq */
export async function deleteMessage(context: GatewayContext): Promise<Response> {
  return context.json(await execute(context, { type: 'delete', ...targetOf(context) }))
}

/** PUT /api/rooms/:id/messages/:seq/reactions/:reaction */
export const react = (context: GatewayContext) => setReaction(context, true)

/** DELETE /api/rooms/:id/messages/:seq/reactions/:reaction */
export const takeBackReaction = (context: GatewayContext) => setReaction(context, false)

async function setReaction(context: GatewayContext, on: boolean): Promise<Response> {
  const target = targetOf(context)
  const reaction = reactionOf(context)
  return context.json(await execute(context, { type: 'reaction', ...target, reaction, on }))
}

/** GET /api/rooms/:id/pins */
export async function listPins(context: GatewayContext): Promise<Response> {
  return context.json(granted(await roomOf(context).pins(asking(context))))
}

/** PUT /api/rooms/:id/pins/:seq */
export async function pin(context: GatewayContext): Promise<Response> {
  return context.json(await execute(context, { type: 'pin', ...targetOf(context) }))
}

/** DELETE /api/rooms/:id/pins/:seq */
export async function unpin(context: GatewayContext): Promise<Response> {
  return context.json(await execute(context, { type: 'unpin', ...targetOf(context) }))
}

/** PUT /api/rooms/:id/read */
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
