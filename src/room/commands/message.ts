// A message: an event of the log. Every command on the log appends its event here.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { utf8Length } from '../../stomp/encode.ts'
import type { Draft, Event } from '../log/event.ts'
import { personIn } from '../people/naming.ts'
import type { Turn } from '../turn.ts'
import type { Actor, Handler, Outcome, Written } from './handler.ts'
import { type KeyedCommand, requestText } from './idempotency.ts'
import { Content, Seq } from './schemas.ts'
import { endTyping } from './typing.ts'

/** What a client says. `replyTo`: the seq of the event that is answered. */
export const MessageBody = v.object({ content: Content, replyTo: v.optional(Seq) })

export type MessageCommand = { readonly type: 'message' } & v.InferOutput<typeof MessageBody> &
  KeyedCommand

/** Writes one row (C1). Refuses with `content-too-large`, `body-invalid`. */
export const messageHandler: Handler<MessageCommand> = {
  check(turn, _actor, { content, replyTo }) {
    checkContent(turn, content)
    if (replyTo !== undefined && replyTo > turn.room.log.head()) {
      throw new Refusal('body-invalid', 'replyTo names no event')
    }
    return { isNew: true, needsSpace: true }
  },
  write(turn, actor, command) {
    const { type, content, replyTo } = command
    const draft = { type, content, ...(replyTo !== undefined && { replyTo }) }
    return appendEvent(turn, actor, command, draft)
  },
  outcome(_turn, { connection }, _command, written) {
    if (connection) endTyping(connection)
    return eventOutcome(written)
  },
  isOneStatement: true,
}

/** @throws Refusal `content-too-large`. */
export function checkContent({ room }: Turn, content: string): void {
  const size = utf8Length(content)
  const { maxContentBytes: limit } = room.limits
  if (size > limit) throw new Refusal('content-too-large', `${size} bytes, the limit is ${limit}`)
}

/** An event without its place, time, sender and key. */
export type OwnDraft = OwnDraftOf<Draft>
type OwnDraftOf<D> = D extends Draft ? Omit<D, 'at' | 'sender' | 'idempotencyKey'> : never

/**
 * L1, A1: appends an event of this sender under the key of the command.
 *
 * @throws what the storage throws.
 */
export function appendEvent(
  { room, now }: Turn,
  { principal }: Actor,
  command: KeyedCommand,
  { type, ...own }: OwnDraft,
): Event {
  const { idempotencyKey } = command
  const key = idempotencyKey === undefined ? undefined : { idempotencyKey }
  const draft = { type, at: now, sender: personIn(room, principal), ...own, ...key } as Draft
  return room.keyed.append(draft, key ? requestText(command) : '')
}

/** What comes of a command that appended an event, or found what an earlier one has done. */
export function eventOutcome(written: Written): Outcome {
  if (typeof written !== 'object') return { seq: written ?? 0 }
  return { event: written, seq: written.seq }
}
