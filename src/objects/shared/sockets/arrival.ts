// R4: a WebSocket message is counted and measured when it comes, in every phase, before anything is
// made of it.

import type { Config } from '../../../config.ts'
import type { RefusalCode } from '../../../refusals.ts'
import { isExpired, type Session } from '../../../room/connections/session.ts'
import { lateAt } from '../../../room/connections/unfinished-frame.ts'
import {
  ARRIVALS_PER_FRAME,
  FRAMES_IN_A_MESSAGE,
  FRAMES_OF_BYTES_PER_SECOND,
} from '../../../room/limits/limits.ts'
import { type Rate, TokenBucket } from '../../../room/limits/rate.ts'
import type { Inbound } from '../../../room/ports.ts'

/** What a connection may send, whatever is in it. */
export interface ArrivalLimits {
  readonly messages: Rate
  readonly bytes: Rate
  /** Bytes of one message; a text counts one for each UTF-16 unit. */
  readonly message: number
}

const limits = new WeakMap<Config, ArrivalLimits>()

/** The limits that follow from the settings. */
export function arrivalLimits(config: Config): ArrivalLimits {
  let known = limits.get(config)
  if (!known) {
    const { frame } = config.decoder
    const { framesPerSecond, framesBurst, sendPerSecond, sendBurst, maxContentBytes } = config.room
    const message = FRAMES_IN_A_MESSAGE * frame
    known = {
      messages: {
        perSecond: ARRIVALS_PER_FRAME * framesPerSecond,
        burst: ARRIVALS_PER_FRAME * framesBurst,
      },
      bytes: {
        perSecond: Math.max(FRAMES_OF_BYTES_PER_SECOND * frame, sendPerSecond * maxContentBytes),
        burst: Math.max(message, sendBurst * maxContentBytes),
      },
      message,
    }
    limits.set(config, known)
  }
  return known
}

/**
 * The messages that one connection has sent. Memory only: after an eviction the buckets would be
 * full again.
 */
export class Arrivals {
  readonly #limits: ArrivalLimits
  readonly #messages: TokenBucket
  readonly #bytes: TokenBucket

  constructor(limits: ArrivalLimits) {
    this.#limits = limits
    this.#messages = new TokenBucket(limits.messages)
    this.#bytes = new TokenBucket(limits.bytes)
  }

  /** Counts a message. Returns why it is too much; undefined: it is not. */
  refusal(message: string | ArrayBuffer, now: number): RefusalCode | undefined {
    const size = typeof message === 'string' ? message.length : message.byteLength
    if (size > this.#limits.message) return 'frame-too-large'
    const isWithin = this.#messages.take(now) && this.#bytes.take(now, size)
    return isWithin ? undefined : 'too-many-frames'
  }
}

/** Why it is too late for a message. Deadlines hold also while a flood delays the timers. */
export function lateness(
  { session }: { readonly session: Session },
  now: number,
  config: Config,
): RefusalCode | undefined {
  if (session.phase === 'opened' && now >= session.openedAt + config.connectMs) {
    return 'connect-late'
  }
  if (!session.partial) return undefined
  if (session.phase === 'connected' && isExpired(session, now)) return 'token-expired'
  return now >= lateAt(session, config.frameMs) ? 'frame-late' : undefined
}

/** What is needed of a socket that receives. */
interface Receiver extends Pick<Inbound, 'session' | 'inbox'> {
  readonly arrivals: Arrivals
  readonly broken: boolean
}

/**
 * Puts a message into the inbox of its socket. `read`: the inbox was empty, so the caller reads
 * everything that comes until its turn. `wait`: somebody does already, or nobody will.
 */
export function takeMessage(
  socket: Receiver,
  message: string | ArrayBuffer,
  now: number,
  config: Config,
): 'read' | 'wait' | { readonly refused: RefusalCode } {
  if (socket.broken || socket.session.phase === 'ended') return 'wait'
  const refused = socket.arrivals.refusal(message, now) ?? lateness(socket, now, config)
  if (refused) {
    release(message)
    return { refused }
  }
  return socket.inbox.push(message) > 1 ? 'wait' : 'read'
}

/** R4: a message that is refused is released at once, and not at the next garbage collection. */
export function release(message: string | ArrayBuffer): void {
  if (typeof message !== 'string') message.transfer(0)
}
