// R4: how much one turn does. The rest waits for the next turn.

import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import {
  CONNECTION_TURN_BYTES,
  CONNECTION_TURN_FRAMES,
  QUEUED_MESSAGE_BYTES,
  ROOM_TURN_BYTES,
  ROOM_TURN_FRAMES,
} from './limits.ts'

/** Whether a turn has done enough for the whole room: then no further frame is answered in it. */
export function isTurnFull({ outbox, pendingDelivery: pending, read, room }: Turn): boolean {
  const { people } = room
  if (read.frames >= ROOM_TURN_FRAMES || outbox.bytes >= ROOM_TURN_BYTES) return true
  // What was appended will go to everybody, but is not in the outbox yet.
  const queued = pending.events.length * QUEUED_MESSAGE_BYTES
  if (pending.size + (people.oneFrameConnections > 0 ? queued : 0) >= CONNECTION_TURN_BYTES)
    return true
  return (
    outbox.bytes + pending.size * people.size + queued * people.oneFrameConnections >=
    ROOM_TURN_BYTES
  )
}

/**
 * Whether a turn has done enough for one connection.
 *
 * @param frames what was read of it in this turn: frames, and WebSocket messages.
 */
export function isTurnFullFor(turn: Turn, connection: Connection, frames: number): boolean {
  return (
    frames >= CONNECTION_TURN_FRAMES ||
    turn.outbox.bytesFor(connection) >= CONNECTION_TURN_BYTES ||
    isTurnFull(turn)
  )
}
