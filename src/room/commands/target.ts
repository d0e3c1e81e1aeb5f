// The message that a change is about.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { MessageEntry } from '../log/event.ts'
import type { Log } from '../ports.ts'

/** Throws Refusal `event-unknown` where the log has no such message. */
export function messageOf(log: Log, seq: number): MessageEntry {
  const event = log.find(seq)
  if (event?.type !== 'message') throw new Refusal('event-unknown')
  return event
}

/** Throws Refusal `event-deleted`. */
export function demandPresent({ deleted }: MessageEntry): void {
  if (deleted !== undefined) throw new Refusal('event-deleted')
}

export function isAuthor({ sender }: MessageEntry, { id }: Principal): boolean {
  return sender.id === id
}
