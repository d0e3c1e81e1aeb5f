// The path of every lone SEND, ACK and NACK: bytes -> frame -> authorize -> command -> append ->
// deliver -> receipt. COMMIT shares the same checks and the same `write` (commands/execute.ts).

import { execute } from './commands/execute.ts'
import { noteSignOfLife } from './connections/liveness.ts'
import {
  deliver,
  flushPending,
  promiseReceipt,
  tellOutcome,
  tellReceipts,
} from './delivery/deliver.ts'
import { chargeAnswer, chargeFrame, chargeMore } from './limits/charges.ts'
import { REFUSED_FRAMES } from './limits/limits.ts'
import type { Arrival, Reading } from './ports.ts'
import { refuse } from './refuse.ts'
import { actorOf, authorizeFrame, commandOf } from './stomp-commands/command-of.ts'
import { dispatch } from './stomp-commands/dispatch.ts'
import { FrameReader } from './stomp-commands/frame-reader.ts'
import type { Turn } from './turn.ts'

/**
 * Answers what has come on some connections in one moment, in the order in which it came. The
 * events of the moment are delivered together, so that they are encoded once for all who hear them.
 *
 * @returns for each connection whether something is left to be read. A turn that has done enough
 * leaves the last connections out (R4): they are given to the next turn.
 */
export function receive(turn: Turn, arrivals: readonly Arrival[]): Reading[] {
  const reader = new FrameReader(turn, arrivals)
  // bytes -> frame
  for (const incoming of reader.frames()) {
    const { connection, frame } = incoming
    noteSignOfLife(turn, connection)
    turn.read.frames++
    // Anything but a SEND is answered after the delivery of what came before it.
    if (frame.command !== 'SEND') flushPending(turn)
    const before = turn.outbox.bytesFor(connection)
    try {
      chargeFrame(turn, connection)
      const asked = dispatch(turn, incoming)
      if (asked) {
        // authorize
        const permission = authorizeFrame(turn, asked)
        // command
        const command = commandOf(asked, permission)
        // append
        const outcome = execute(turn, actorOf(asked), command)
        tellOutcome(turn, outcome)
        promiseReceipt(turn, asked, outcome)
      }
    } catch (error) {
      flushPending(turn)
      chargeMore(turn, connection, REFUSED_FRAMES)
      refuse(turn, connection, error, frame)
    }
    chargeAnswer(turn, connection, before)
  }
  deliver(turn)
  tellReceipts(turn)
  return reader.readings
}
