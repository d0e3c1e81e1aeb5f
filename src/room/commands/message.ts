// A message: an event of the log.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import {
  appendEvent,
  checkContent,
  checkKey,
  earlierEvent,
  eventOutcome,
  type KeyedCommand,
} from './append-once.ts'
import type { Handler } from './handler.ts'
import { Content, Seq } from './schemas.ts'
import { endTyping } from './typing.ts'

/** What a client says. `replyTo`: the seq of the event that is answered. */
export const MessageBody = v.object({ content: Content, replyTo: v.optional(Seq) })

export type MessageCommand = { readonly type: 'message' } & v.InferOutput<typeof MessageBody> &
  KeyedCommand

/** Writes one row (C1). Refuses with `content-too-large`, `body-invalid`, and as the key does. */
export const messageHandler: Handler<MessageCommand> = {
  check(turn, actor, command) {
    const check = checkKey(turn, actor, command)
    if (check.earlierSeq !== undefined) return check
    // What was accepted before may be longer than what is accepted now.
    checkContent(turn, command.content)
    const { replyTo } = command
    if (replyTo !== undefined && replyTo > turn.room.log.head()) {
      throw new Refusal('body-invalid', 'replyTo names no event')
    }
    return check
  },
  write(turn, actor, command) {
    const { type, content, replyTo } = command
    const draft = { type, content, ...(replyTo !== undefined && { replyTo }) }
    return earlierEvent(turn, actor, command) ?? appendEvent(turn, actor, command, draft)
  },
  outcome(_turn, { connection }, _command, written) {
    if (connection) endTyping(connection)
    return eventOutcome(written)
  },
  isOneStatement: true,
}
