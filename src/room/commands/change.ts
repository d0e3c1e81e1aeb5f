// What edits, deletions and reactions have in common: an event about a message, which amends it.

import { EMPTIED_AT_ONCE } from '../limits/limits.ts'
import type { Event, MessageEntry } from '../log/event.ts'
import type { Mentions } from '../log/mentions.ts'
import type { Turn } from '../turn.ts'
import { noteMentions } from '../unread/news.ts'
import type { Actor } from './handler.ts'
import type { KeyedCommand } from './idempotency.ts'
import { appendEvent, type OwnDraft } from './message.ts'

/**
 * What a change comes to: an event, or the seq of an earlier event that has done what is asked for.
 */
export type Plan = Change | number

/** An event about a message, and what that message is from now on. */
export interface Change {
  readonly draft: OwnDraft
  /** The message without the seq of its change, which stands in `field`. */
  readonly message: MessageEntry
  readonly field: 'edited' | 'reacted' | 'deleted'
  /** The message before its deletion: the texts of its edits are taken out. */
  readonly emptied?: MessageEntry
  /** Whom the message mentioned before. */
  readonly mentioned?: Mentions
}

/**
 * Appends the event of a plan, and amends the message that it is about.
 *
 * @throws what the storage throws.
 */
export function applyPlan(
  turn: Turn,
  actor: Actor,
  command: KeyedCommand,
  plan: Plan,
): Event | number {
  if (typeof plan === 'number') return plan
  const { log, pins } = turn.room
  const event = appendEvent(turn, actor, command, plan.draft)
  if (plan.emptied) {
    log.emptyEdits(plan.emptied, EMPTIED_AT_ONCE)
    // What is deleted is not pinned any more: its own event says so.
    pins.remove(plan.emptied.seq)
  }
  if (plan.mentioned) noteMentions(turn.room, plan.mentioned)
  log.amend({ ...plan.message, [plan.field]: event.seq })
  return event
}
