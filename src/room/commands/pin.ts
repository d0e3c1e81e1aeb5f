// Pins: what a room keeps in sight of everybody. A moderator pins a message, or takes a pin away.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { MAX_PINS } from '../limits/limits.ts'
import { pinnedSeqs } from '../log/pins.ts'
import { contentOfNote } from '../log/system-note.ts'
import type { Turn } from '../turn.ts'
import type { Actor, Handler, Written } from './handler.ts'
import type { KeyedCommand } from './idempotency.ts'
import { appendEvent, eventOutcome } from './message.ts'
import { demandPresent, messageOf } from './readable-message.ts'
import { Seq } from './schemas.ts'

/** The body of a SEND to /pub/pin/message or /pub/unpin/message: the seq of the message. */
export const PinBody = v.object({ seq: Seq })

/** A message is to be pinned. */
export type PinCommand = { readonly type: 'pin' } & v.InferOutput<typeof PinBody> & KeyedCommand
/** A message is to be unpinned. */
export type UnpinCommand = { readonly type: 'unpin' } & v.InferOutput<typeof PinBody> & KeyedCommand

/**
 * Writes two rows (C1), and none where the message is pinned already.
 *
 * @throws Refusal `event-unknown`, `event-deleted`, `too-many-pins`.
 */
export const pinHandler = handler<PinCommand>(
  ({ room }, { principal }, { seq }) => {
    const { log, pins } = room
    demandPresent(messageOf(room, principal, seq))
    const pinned = pins.get(seq)
    if (pinned === undefined && pinnedSeqs(log, pins).length >= MAX_PINS) {
      throw new Refusal('too-many-pins')
    }
    return pinned
  },
  (turn, actor, command) => {
    const event = append(turn, actor, command, 'pinned')
    turn.room.pins.add(command.seq, event.seq)
    return event
  },
)

/**
 * Writes two rows (C1), and none where the message is not pinned.
 *
 * @throws Refusal `event-unknown`.
 */
export const unpinHandler = handler<UnpinCommand>(
  ({ room }, { principal }, { seq }) => {
    messageOf(room, principal, seq)
    return room.pins.get(seq) === undefined ? room.log.head() : undefined
  },
  (turn, actor, command) => {
    turn.room.pins.remove(command.seq)
    return append(turn, actor, command, 'unpinned')
  },
)

/**
 * @param done the seq up to which everything is as it is asked for; undefined: something is to be
 * done. It throws why nothing may be done.
 */
function handler<C extends PinCommand | UnpinCommand>(
  done: (turn: Turn, actor: Actor, command: C) => number | undefined,
  apply: (turn: Turn, actor: Actor, command: C) => Written,
): Handler<C> {
  return {
    check(turn, actor, command) {
      done(turn, actor, command)
      return { isNew: true, needsSpace: true }
    },
    write: (turn, actor, command) => done(turn, actor, command) ?? apply(turn, actor, command),
    outcome: (_turn, _actor, _command, written) => eventOutcome(written),
  }
}

const append = (
  turn: Turn,
  actor: Actor,
  command: PinCommand | UnpinCommand,
  type: 'pinned' | 'unpinned',
) => appendEvent(turn, actor, command, contentOfNote({ type, target: command.seq }))
