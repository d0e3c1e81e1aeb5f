// R4: what a frame costs beyond being one of FRAMES_PER_SECOND. A connection may go into debt: a
// frame is never refused for its own cost, but later frames are, until the debt is paid.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import type { SessionTurn } from '../connections/session-turn.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { BYTES_OF_A_FRAME, TOKEN_FRAMES } from './limits.ts'

/**
 * Takes one frame of a connection.
 *
 * @throws Refusal `too-many-frames`.
 */
export function chargeFrame({ room, now }: SessionTurn, { session }: Connection): void {
  if (session.phase !== 'connected') return
  if (!room.frames.take(session.id, now)) throw new Refusal('too-many-frames')
}

/** Counts a token of a connection that was verified and not seen before. */
export function chargeToken(turn: SessionTurn, connection: Connection): void {
  chargeMore(turn, connection, TOKEN_FRAMES)
}

/** Counts so many frames more. */
export function chargeMore(
  { room, now }: SessionTurn,
  { session }: Connection,
  frames: number,
): void {
  if (session.phase === 'connected') room.frames.debit(session.id, now, frames)
}

/**
 * Counts what a frame was answered with.
 *
 * @param before bytes for this connection before it was answered.
 */
export function chargeAnswer(turn: SessionTurn, connection: Connection, before: number): void {
  const frames = Math.floor((turn.outbox.bytesFor(connection) - before) / BYTES_OF_A_FRAME)
  if (frames > 0) chargeMore(turn, connection, frames)
}

/**
 * R5: whether a room may store something more.
 *
 * @throws Refusal `room-full`.
 */
export function demandSpace({ room }: Turn): void {
  if (room.storedBytes() >= room.limits.bytes) throw new Refusal('room-full')
}

/**
 * Takes one message of a person.
 *
 * @throws Refusal `too-fast`.
 */
export function chargeSend({ room, now }: Turn, { id }: Principal): void {
  if (!room.sends.take(id, now)) throw new Refusal('too-fast')
}
