// What is in a SEND to the log: a message, or a change to one.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { octets } from '../../stomp/encode.ts'
import type { Frame } from '../../stomp/frame.ts'
import { visibleText } from '../../visible-text.ts'
import { MAX_REACTION_LENGTH } from '../limits/limits.ts'
import { checked, isOtherType, jsonBody, objectIn, textOf } from './json-body.ts'

const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** The store is UTF-8: a lone surrogate would not come back as it was. */
const Content = v.pipe(
  v.string(),
  v.minLength(1),
  v.transform((text) => text.toWellFormed()),
)

const MessageBody = v.object({ content: Content, replyTo: v.optional(Seq) })
const EditBody = v.object({ seq: Seq, content: Content })
const DeletionBody = v.object({ seq: Seq })
const ReactionBody = v.object({
  seq: Seq,
  reaction: visibleText(MAX_REACTION_LENGTH),
  on: v.optional(v.boolean(), true),
})

export type MessageBody = v.InferOutput<typeof MessageBody>
export type EditBody = v.InferOutput<typeof EditBody>
export type DeletionBody = v.InferOutput<typeof DeletionBody>
export type ReactionBody = v.InferOutput<typeof ReactionBody>

/**
 * `{content, replyTo?}` as JSON, or the bare text. `content-type: application/json` says that it is
 * JSON and any other one that it is text; without one, a JSON object is taken as such and everything
 * else as text.
 *
 * @param limit octets of content.
 * @throws Refusal `body-invalid` or `content-too-large`.
 */
export function parseMessageBody(frame: Frame, limit: number): MessageBody {
  const message = messageIn(frame)
  // Most messages are a bare text, which needs no schema.
  if (typeof message !== 'string') return within(limit, checked(message, MessageBody))
  if (message === '') throw new Refusal('body-invalid', 'content: a text is wanted')
  return within(limit, { content: message.toWellFormed() })
}

/** `{seq, content}`. Throws Refusal `body-invalid` or `content-too-large`. */
export function parseEditBody(frame: Frame, limit: number): EditBody {
  return within(limit, jsonBody(frame, EditBody))
}

/** `{seq}`. Throws Refusal `body-invalid`. */
export const parseDeletionBody = (frame: Frame): DeletionBody => jsonBody(frame, DeletionBody)

/** `{seq, reaction, on?}`. Throws Refusal `body-invalid`. */
export const parseReactionBody = (frame: Frame): ReactionBody => jsonBody(frame, ReactionBody)

/** A JSON object, or the bare text. */
function messageIn(frame: Frame): object | string {
  const text = textOf(frame)
  if (isOtherType(frame)) return text
  const object = objectIn(text)
  if (object) return object
  if (!frame.headers.has('content-type')) return text
  throw new Refusal('body-invalid', 'the body is not a JSON object')
}

function within<Body extends { content: string }>(limit: number, body: Body): Body {
  const size = octets(body.content)
  if (size > limit) throw new Refusal('content-too-large', `${size} octets, the limit is ${limit}`)
  return body
}
