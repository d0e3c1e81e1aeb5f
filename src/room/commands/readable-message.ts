// The message that a command is about.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { MessageEntry } from '../log/event.ts'
import { readableAfter } from '../membership/roles.ts'
import type { RoomState } from '../room-state.ts'
import type { Actor } from './handler.ts'

/**
 * The message that somebody does something about.
 *
 * @throws Refusal `event-unknown` where the log has no such message, or none that they may read.
 */
export function messageOf(room: RoomState, by: Principal, seq: number): MessageEntry {
  const event = readableMessage(room, by, seq)
  if (!event) throw new Refusal('event-unknown')
  return event
}

/** P1: the message of a seq, where there is one that somebody may read. */
export function readableMessage(
  room: RoomState,
  by: Principal,
  seq: number,
): MessageEntry | undefined {
  const event = seq > readableAfter(room, by) ? room.log.find(seq) : undefined
  return event?.type === 'message' ? event : undefined
}

/**
 * Demands a message that was not deleted.
 * @throws Refusal `event-deleted`.
 */
export function demandPresent({ deleted }: MessageEntry): void {
  if (deleted !== undefined) throw new Refusal('event-deleted')
}

/** Whether the sender of a command wrote the message. */
export function isAuthor({ sender }: MessageEntry, { principal }: Actor): boolean {
  return sender.id === principal.id
}
