// R4: how long frames may stay unfinished. Half a frame keeps the room awake, so a connection has
// an allowance of time for all its frames. The session holds it, so it survives an eviction (H1).

import { UNFINISHED_FRAMES, UNFINISHED_REFILL } from '../limits/limits.ts'
import type { Session } from './session.ts'

/**
 * A session after a message was read: whether a frame is unfinished, and what is left of the
 * allowance.
 */
export function withPartial(
  session: Session,
  { partial, hasFinished, now, most }: MessageRead,
): Session {
  if (partial === session.partial && !(partial && hasFinished)) return session
  return { ...session, partial, unfinished: { at: now, left: left(session, now, most) } }
}

/** What is known after a WebSocket message was read. Times in milliseconds; `now` since 1970. */
interface MessageRead {
  readonly partial: boolean
  /** Whether a frame was finished by the message: another one has begun. */
  readonly hasFinished: boolean
  readonly now: number
  /** How long one frame may stay unfinished. */
  readonly most: number
}

/**
 * When the unfinished frame of a session is late: milliseconds since 1970.
 * @param most milliseconds that one frame may stay unfinished.
 */
export function lateAt({ unfinished, seenAt }: Session, most: number): number {
  return unfinished ? unfinished.at + Math.min(most, unfinished.left) : seenAt + most
}

function left({ partial, unfinished }: Session, now: number, most: number): number {
  const whole = UNFINISHED_FRAMES * most
  if (!unfinished) return whole
  const passed = Math.max(0, now - unfinished.at)
  if (partial) return unfinished.left - passed
  return Math.min(whole, unfinished.left + passed * UNFINISHED_REFILL)
}
