// A deletion: the author of a message takes it back, or a moderator who stands above the author.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { Reason } from '../../visible-text.ts'
import { EMPTIED_IN_A_TURN } from '../limits/limits.ts'
import type { MessageEntry } from '../log/event.ts'
import { withoutMentions } from '../log/mentions.ts'
import { roleOf, storedRole } from '../membership/roles.ts'
import { logModeration } from '../moderation/moderation-log.ts'
import { tellNotice } from '../moderation/notices.ts'
import { mayActOn } from '../permissions.ts'
import type { Turn } from '../turn.ts'
import { applyPlan, type Plan } from './change.ts'
import type { Actor, Handler } from './handler.ts'
import type { KeyedCommand } from './idempotency.ts'
import { eventOutcome } from './message.ts'
import { isAuthor, messageOf } from './readable-message.ts'
import { Seq } from './schemas.ts'

/** The body of a SEND to /pub/delete/message: the message, and why a moderator deletes it. */
export const DeletionBody = v.object({ seq: Seq, reason: v.exactOptional(Reason) })

/** A message is to be deleted. */
export type DeleteCommand = { readonly type: 'delete' } & v.InferOutput<typeof DeletionBody> &
  KeyedCommand

/**
 * Writes two rows, one of the moderation log where a moderator does it, and in time one for each
 * edit (C1).
 *
 * @throws Refusal `event-unknown`, `not-author`.
 */
export const deletionHandler: Handler<DeleteCommand> = {
  check(turn, actor, command) {
    plan(turn, actor, command)
    return { isNew: true, needsSpace: false }
  },
  write(turn, actor, command) {
    const found = plan(turn, actor, command)
    const written = applyPlan(turn, actor, command, found)
    if (typeof found === 'object' && !isAuthor(found.message, actor)) {
      const { id, name } = found.message.sender
      const { seq, reason } = command
      const done = { action: 'delete', user: { id, name }, reason, detail: { seq } } as const
      logModeration(turn, actor.principal, done)
    }
    return written
  },
  outcome(turn, actor, { seq, reason }, written) {
    const { room, deferred } = turn
    const message = typeof written === 'object' ? room.log.find(seq) : undefined
    if (message?.type === 'message' && !isAuthor(message, actor)) {
      const notice = { type: 'message-deleted', target: seq, reason } as const
      tellNotice(turn, message.sender.id, actor.principal, notice)
    }
    if (room.log.isEmptying) deferred.backlog = 'moving'
    return eventOutcome(written)
  },
}

function plan(turn: Turn, actor: Actor, { seq }: DeleteCommand): Plan {
  const message = messageOf(turn.room, actor.principal, seq)
  if (!isAuthor(message, actor) && !mayDeleteOf(turn, actor, message))
    throw new Refusal('not-author')
  if (message.deleted !== undefined) return message.deleted
  return deletionPlan(message)
}

/** What the deletion of a message comes to. */
export function deletionPlan(message: MessageEntry): Plan {
  const draft = { type: 'delete', target: message.seq } as const
  const own = { emptied: message, mentioned: message }
  return { draft, message: withoutContent(message), field: 'deleted', ...own }
}

/** R4: takes the texts out of more edits of what was deleted, a few in each turn. */
export function emptyMore({ room, deferred }: Turn): void {
  if (!room.log.isEmptying) return
  try {
    room.atomically(() => room.log.emptyMore(EMPTIED_IN_A_TURN))
    if (room.log.isEmptying) deferred.backlog = 'moving'
  } catch (error) {
    // The next such turn tries again. Until then readers get these edits as empty.
    console.error(error)
    room.log.forget()
  }
}

function mayDeleteOf({ room }: Turn, { principal }: Actor, { sender }: MessageEntry): boolean {
  return mayActOn(roleOf(room, principal), 'deleteMessage', storedRole(room, sender.id))
}

/** What is left of a message: neither its text and mentions, nor its edits and reactions. */
function withoutContent(message: MessageEntry): MessageEntry {
  const {
    edited: _edited,
    reacted: _reacted,
    reactions: _reactions,
    ...rest
  } = withoutMentions(message)
  return { ...rest, content: '' }
}
