// An edit: the author of a message gives it another content.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { withoutMentions } from '../log/mentions.ts'
import { mentionsIn } from '../membership/mentioned.ts'
import { judge, reportByRule } from '../moderation/judge.ts'
import type { Turn } from '../turn.ts'
import { applyPlan, type Plan } from './change.ts'
import type { Actor, Handler } from './handler.ts'
import type { KeyedCommand } from './idempotency.ts'
import { checkContent, eventOutcome } from './message.ts'
import { demandPresent, isAuthor, messageOf } from './readable-message.ts'
import { Content, Seq } from './schemas.ts'

/** The body of a SEND to /pub/edit/message: the seq of the message, and its new content. */
export const EditBody = v.object({ seq: Seq, content: Content })

/** A message is to have another content. */
export type EditCommand = { readonly type: 'edit' } & v.InferOutput<typeof EditBody> & KeyedCommand

/**
 * Writes two rows (C1). Writes one row more where a rule reports it.
 *
 * @throws Refusal `event-unknown`, `not-author`, `event-deleted`, `content-too-large`,
 * `content-refused`.
 */
export const editHandler: Handler<EditCommand> = {
  check(turn, actor, command) {
    checkContent(turn, command.content)
    plan(turn, actor, command, command.content)
    const verdict = judge(turn, actor, command.content)
    return { isNew: true, needsSpace: true, verdict }
  },
  write(turn, actor, command, { verdict }) {
    const { content = command.content, isReported = false } = verdict ?? {}
    const written = applyPlan(turn, actor, command, plan(turn, actor, command, content))
    if (isReported && typeof written === 'object') reportByRule(turn, command.seq)
    return written
  },
  outcome: (_turn, _actor, _command, written) => eventOutcome(written),
}

function plan({ room }: Turn, actor: Actor, { seq }: EditCommand, content: string): Plan {
  const message = messageOf(room, actor.principal, seq)
  if (!isAuthor(message, actor)) throw new Refusal('not-author')
  demandPresent(message)
  const { edited } = message
  if (message.content === content) return edited ?? seq
  const earlier = edited === undefined ? undefined : { earlier: edited }
  const mentions = mentionsIn(room, actor.principal, content)
  const draft = { type: 'edit', target: seq, content, ...earlier, ...mentions } as const
  const edit = { ...withoutMentions(message), content, ...mentions }
  return { draft, message: edit, field: 'edited', mentioned: message }
}
