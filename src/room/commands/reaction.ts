// A reaction to a message: somebody gives it, or takes it back.

import * as v from 'valibot'
import { visibleText } from '../../visible-text.ts'
import { MAX_REACTION_LENGTH } from '../limits/message-limits.ts'
import { qualified, reactionKey, withReaction } from '../log/reactions.ts'
import type { Turn } from '../turn.ts'
import { applyPlan, type Plan } from './change.ts'
import type { Actor, Handler } from './handler.ts'
import type { KeyedCommand } from './idempotency.ts'
import { eventOutcome } from './message.ts'
import { demandPresent, messageOf } from './readable-message.ts'
import { Seq } from './schemas.ts'

/** The body of a SEND to /pub/react/message; `on` is true where it is left out. */
export const ReactionBody = v.object({
  seq: Seq,
  reaction: v.pipe(visibleText(MAX_REACTION_LENGTH), v.transform(qualified)),
  on: v.optional(v.boolean(), true),
})

/** A reaction is to be given, or taken back. */
export type ReactionCommand = { readonly type: 'reaction' } & v.InferOutput<typeof ReactionBody> &
  KeyedCommand

/**
 * Writes two rows (C1).
 *
 * @throws Refusal `event-unknown`, `event-deleted`, `too-many-reactions`.
 */
export const reactionHandler: Handler<ReactionCommand> = {
  check(turn, actor, command) {
    plan(turn, actor, command)
    return { isNew: true, needsSpace: true }
  },
  write: (turn, actor, command) => applyPlan(turn, actor, command, plan(turn, actor, command)),
  outcome: (_turn, _actor, _command, written) => eventOutcome(written),
}

function plan({ room }: Turn, { principal }: Actor, command: ReactionCommand): Plan {
  const { seq, on } = command
  const message = messageOf(room, principal, seq)
  demandPresent(message)
  const { reactions: before = {}, ...rest } = message
  const reaction = reactionKey(before, command.reaction)
  const reactions = withReaction(before, { reaction, personId: principal.id, on })
  // Nothing changes: whoever has the newest reaction to the message has this one too.
  if (!reactions) return message.reacted ?? seq
  const given = Object.keys(reactions).length === 0 ? undefined : { reactions }
  const draft = { type: 'reaction', target: seq, reaction, on } as const
  return { draft, message: { ...rest, ...given }, field: 'reacted' }
}
