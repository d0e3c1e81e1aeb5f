// System events: what the room itself notes in its log. Nobody sends them, so they have no
// idempotency-key.

import type { Principal } from '../../auth/principal.ts'
import { tellOutcome } from '../delivery/deliver.ts'
import type { Draft, Event } from '../log/event.ts'
import { contentOfNote, type SystemNote } from '../log/system-note.ts'
import { personIn } from '../people/naming.ts'
import { writeAtomically } from '../room-state.ts'
import type { Turn } from '../turn.ts'

/**
 * Appends a system event with the rows that it tells of, all or nothing. It is delivered with the
 * other events of this turn. Call `flushPending` where something must be told after it.
 *
 * @param by who did it.
 * @param alsoWrite the rows, written in the same transaction of the storage, after the event.
 * @throws what the storage or `alsoWrite` throws, with nothing written.
 */
export function appendSystemEvent(
  turn: Turn,
  by: Principal,
  note: SystemNote,
  alsoWrite?: () => void,
): void {
  appendSystemEvents(turn, by, [note], alsoWrite)
}

/** The same for several events, all or none. */
export function appendSystemEvents(
  turn: Turn,
  by: Principal,
  notes: readonly SystemNote[],
  alsoWrite?: () => void,
): void {
  const { room } = turn
  const events: Event[] = []
  const writeAll = () => {
    for (const note of notes) events.push(writeSystemEvent(turn, by, note))
    alsoWrite?.()
  }
  writeAtomically(room, writeAll, notes.length === 1 && !alsoWrite)
  for (const event of events) tellOutcome(turn, { event })
}

/**
 * L1: writes the row of a system event and tells nobody: for the `write` of a command, whose
 * `outcome` returns the event.
 *
 * @throws what the storage throws.
 */
function writeSystemEvent({ room, now }: Turn, by: Principal, note: SystemNote): Event {
  const { type, ...own } = contentOfNote(note)
  return room.keyed.append({ type, at: now, sender: personIn(room, by), ...own } as Draft)
}
