// The command that a frame asks for: SEND, ACK or NACK into plain data, once it is known who asks
// and its destination is allowed.

import { Refusal } from '../../refusals.ts'
import type { Frame, StompCommand } from '../../stomp/frame.ts'
import { DeletionBody } from '../commands/deletion.ts'
import { EditBody } from '../commands/edit.ts'
import type { RoomCommand } from '../commands/execute.ts'
import type { Actor } from '../commands/handler.ts'
import { keyOf } from '../commands/idempotency.ts'
import { MessageBody } from '../commands/message.ts'
import { PinBody } from '../commands/pin.ts'
import { ReactionBody } from '../commands/reaction.ts'
import { ReadBody } from '../commands/read.ts'
import { validated } from '../commands/schemas.ts'
import { TypingBody } from '../commands/typing.ts'
import { type ConnectedSession, isExpired } from '../connections/session.ts'
import type { Permission } from '../rules.ts'
import type { Call, IncomingFrame, Turn } from '../turn.ts'
import { jsonBody, required, textOrObject } from './body.ts'
import { renewed } from './connect.ts'
import { payloadOf } from './payload.ts'

/** The frames that ask for a change of the room. */
const CHANGES: ReadonlySet<StompCommand> = new Set(['SEND', 'ACK', 'NACK'])

/**
 * A frame that asks for a change of the room, with the session that asks. Undefined for every other
 * frame.
 *
 * @throws Refusal `token-expired`, and as `callOf`.
 */
export function changeAsked(
  turn: Turn,
  incoming: IncomingFrame,
): Call<ConnectedSession> | undefined {
  const { session } = incoming.connection
  if (session.phase !== 'connected' || !CHANGES.has(incoming.frame.command)) return undefined
  if (isExpired(session, turn.now)) throw new Refusal('token-expired')
  return callOf(turn, incoming, session)
}

/**
 * A frame with the session of whoever sent it, which a newer token renews.
 *
 * @throws Refusal as `renewed`.
 */
export function callOf(
  turn: Turn,
  incoming: IncomingFrame,
  session: ConnectedSession,
): Call<ConnectedSession> {
  const hasToken = incoming.credential !== undefined
  return { ...incoming, session: hasToken ? renewed(turn, incoming, session) : session }
}

/** Who sent a frame. */
export const actorOf = ({ connection, session }: Call<ConnectedSession>): Actor => ({
  principal: session.principal,
  connection,
})

/**
 * The command that a frame asks for, checked by its schema.
 *
 * @throws Refusal `body-invalid`, `header-missing`, `header-invalid`, `token-missing`,
 * `message-unknown`, `command-unsupported`.
 */
export function commandOf(call: Call<ConnectedSession>, { action, name }: Permission): RoomCommand {
  const { frame, session } = call
  switch (action) {
    case 'message': {
      const key = keyIn(frame)
      return { type: 'message', ...messageBody(frame), ...key }
    }
    case 'edit': {
      const key = keyIn(frame)
      return { type: 'edit', ...jsonBody(frame, EditBody), ...key }
    }
    case 'delete': {
      const key = keyIn(frame)
      return { type: 'delete', ...jsonBody(frame, DeletionBody), ...key }
    }
    case 'react': {
      const key = keyIn(frame)
      return { type: 'reaction', ...jsonBody(frame, ReactionBody), ...key }
    }
    case 'pin':
    case 'unpin': {
      const key = keyIn(frame)
      return { type: action, ...jsonBody(frame, PinBody), ...key }
    }
    case 'channel':
      return { type: 'channel', name, payload: payloadOf(frame, session.principal) }
    case 'queue':
      return { type: 'queue', name, payload: payloadOf(frame, session.principal) }
    case 'typing':
      // No body: somebody types.
      if (frame.body.length === 0) return { type: 'typing', typing: true }
      return { type: 'typing', ...jsonBody(frame, TypingBody) }
    case 'read':
      return { type: 'read', ...jsonBody(frame, ReadBody) }
    case 'auth':
      return renewal(call)
    case 'acknowledge':
      return acknowledgement(frame, session)
  }
}

/**
 * `{content, replyTo?}` as JSON, or the bare text. `content-type: application/json` says that it is
 * JSON and any other one that it is text; without one, a JSON object is taken as such and
 * everything else as text.
 */
function messageBody(frame: Frame) {
  const body = textOrObject(frame)
  // Most messages are a bare text, which needs no schema.
  if (typeof body !== 'string') return validated(body, MessageBody)
  if (body === '') throw new Refusal('body-invalid', 'content: a text is wanted')
  return { content: body.toWellFormed() }
}

const keyIn = ({ headers }: Frame) =>
  keyOf(headers.get('idempotency-key'), headers.get('idempotency-since'))

/** A renewal is in no transaction: the token is taken at once, and would be missed at COMMIT. */
function renewal({ frame, credential }: Call<ConnectedSession>): RoomCommand {
  if (frame.headers.has('transaction')) {
    throw new Refusal('header-invalid', 'a renewal is in no transaction')
  }
  if (credential === undefined) throw new Refusal('token-missing')
  return { type: 'renew' }
}

/**
 * STOMP J1, J2, J3: which message is meant: by `id` in 1.2, by `message-id` in 1.0, with
 * `subscription` in 1.1.
 */
function acknowledgement(frame: Frame, { version, subscriptions }: ConnectedSession): RoomCommand {
  const accepted = frame.command === 'ACK'
  if (!accepted && version === '1.0') {
    throw new Refusal('command-unsupported', 'STOMP 1.0 has no NACK')
  }
  const id = required(frame, version === '1.2' ? 'id' : 'message-id')
  const [, number, message] = /^(\d{1,15})-(\d{1,16})$/.exec(id) ?? []
  const subscription = subscriptions.find((each) => each.number === Number(number))
  if (number === undefined || !subscription) throw new Refusal('message-unknown')
  if (version === '1.1' && required(frame, 'subscription') !== subscription.id) {
    throw new Refusal('message-unknown')
  }
  const { number: given } = subscription
  return { type: 'acknowledge', subscription: given, message: Number(message), accepted }
}
