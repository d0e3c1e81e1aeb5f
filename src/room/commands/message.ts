// A message: an event of the log. Every command on the log appends its event here.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { utf8Length } from '../../stomp/encode.ts'
import type { Draft, Event, MessageEntry } from '../log/event.ts'
import { quoteOf } from '../log/quote.ts'
import { mentionsIn } from '../membership/mentioned.ts'
import { showAgain } from '../membership/own-lists.ts'
import { roleOf } from '../membership/roles.ts'
import { judge, reportByRule } from '../moderation/judge.ts'
import { personIn } from '../people/naming.ts'
import { rank } from '../permissions.ts'
import type { Turn } from '../turn.ts'
import { noteSpoken } from '../unread/read-markers.ts'
import type { Actor, Handler, Outcome, Written } from './handler.ts'
import { type KeyedCommand, requestText } from './idempotency.ts'
import { readableMessage } from './readable-message.ts'
import { Content, Seq } from './schemas.ts'
import { endTyping } from './typing.ts'

/** What a client says. `replyTo`: the seq of the message that is answered. */
export const MessageBody = v.object({ content: Content, replyTo: v.optional(Seq) })

/** A message is to be appended to the log. */
export type MessageCommand = { readonly type: 'message' } & v.InferOutput<typeof MessageBody> &
  KeyedCommand

/**
 * Writes one row (C1), one more where a rule reports it, and one for each who has hidden the room.
 *
 * @throws Refusal `content-too-large`, `content-refused`, `slow-mode`, `body-invalid`.
 */
export const messageHandler: Handler<MessageCommand> = {
  check(turn, actor, { content, replyTo }) {
    checkContent(turn, content)
    demandSlow(turn, actor)
    if (replyTo !== undefined) answered(turn, actor, replyTo)
    return { isNew: true, needsSpace: true, verdict: judge(turn, actor, content) }
  },
  write(turn, actor, command, { verdict }) {
    const { type, replyTo } = command
    const { content = command.content, isReported = false } = verdict ?? {}
    const answer =
      replyTo === undefined
        ? undefined
        : { replyTo, quote: quoteOf(answered(turn, actor, replyTo)) }
    // The second message of a transaction comes too soon, too.
    demandSlow(turn, actor)
    const mentions = mentionsIn(turn.room, actor.principal, content)
    const event = appendEvent(turn, actor, command, { type, content, ...answer, ...mentions })
    turn.room.slowMode.note(actor.principal.id, turn.now)
    if (isReported) reportByRule(turn, event.seq)
    showAgain(turn, actor.principal)
    return event
  },
  outcome(turn, { connection, principal }, _command, written) {
    if (connection) endTyping(connection)
    if (typeof written === 'object') noteSpoken(turn, principal.id, written.seq)
    return eventOutcome(written)
  },
  isOneStatement: true,
}

/**
 * The message that is answered. A reply to a message that was deleted meanwhile is accepted, and
 * its quote shows the deletion.
 *
 * @throws Refusal `body-invalid`.
 */
function answered({ room }: Turn, { principal }: Actor, replyTo: number): MessageEntry {
  const event = readableMessage(room, principal, replyTo)
  if (!event) throw new Refusal('body-invalid', 'replyTo names no message')
  return event
}

/**
 * Slow mode holds for everybody below a moderator.
 *
 * @throws Refusal `slow-mode`, with the seconds left.
 */
function demandSlow({ room, now }: Turn, { principal }: Actor): void {
  const { slowMode: seconds } = room.profile.get().settings
  if (seconds === 0 || rank(roleOf(room, principal)) >= rank('moderator')) return
  const left = room.slowMode.secondsLeft(room.log, principal.id, seconds, now)
  if (left > 0) throw new Refusal('slow-mode', `${left} s`, undefined, left)
}

/**
 * Demands a content of at most MAX_CONTENT_BYTES in UTF-8.
 * @throws Refusal `content-too-large`.
 */
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
