// Bytes into frames: the messages that have come on some connections, as far as one turn may answer
// them.

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { endConnection } from '../connections/endings.ts'
import { noteSignOfLife } from '../connections/liveness.ts'
import { withPartial } from '../connections/unfinished-frame.ts'
import { flushPending } from '../delivery/deliver.ts'
import { isSpent, isSpentFor } from '../limits/budget.ts'
import { chargeFrame, chargeToken } from '../limits/charges.ts'
import type { Arrival, Connection, Inbound, Reading } from '../ports.ts'
import { refusalOf } from '../refuse.ts'
import type { IncomingFrame, Turn } from '../turn.ts'

const utf8 = new TextEncoder()

export class FrameReader {
  /** Of each connection that was read: what is left to be done. */
  readonly readings: Reading[] = []
  readonly #turn: Turn
  readonly #arrivals: readonly Arrival[]

  constructor(turn: Turn, arrivals: readonly Arrival[]) {
    this.#turn = turn
    this.#arrivals = arrivals
  }

  /** The frames of all connections, each to be answered before the next is read. */
  *frames(): Iterable<IncomingFrame> {
    for (const arrival of this.#arrivals) {
      // R4: what is more than a turn should do waits for the next one.
      if (this.readings.length > 0 && isSpent(this.#turn)) return
      this.readings.push(yield* this.#framesOf(arrival))
    }
  }

  *#framesOf({ connection, verified }: Arrival): Generator<IncomingFrame, Reading> {
    const turn = this.#turn
    const { decoder, inbox } = connection
    if (verified) {
      if (verified.isNew) chargeToken(turn, connection)
      yield { connection, frame: verified.frame, credential: verified.credential }
    }
    let read = 0
    try {
      while (connection.session.phase !== 'ended') {
        if (read > 0 && isSpentFor(turn, connection, read)) return 'more'
        read++
        const { session } = connection
        const frame = decoder.next(session.phase === 'connected' ? session.version : undefined)
        if (frame) {
          if (carriesToken(frame)) return frame
          yield { connection, frame, credential: undefined }
          continue
        }
        endMessage(turn, connection)
        const message = inbox.shift()
        if (message === undefined) return undefined
        beginMessage(connection, message)
      }
    } catch (error) {
      flushPending(turn)
      endConnection(turn, connection, refusalOf(error))
    }
    // Nothing more is heard of a session that has ended.
    inbox.length = 0
    return undefined
  }
}

/**
 * A message of this connection was read to its end: it is alive, and not left without an answer.
 *
 * @param idle the message held nothing but line ends: it counts as a frame.
 * @throws Refusal `too-many-frames`.
 */
export function noteMessageRead(turn: Turn, connection: Connection, idle: boolean): void {
  noteSignOfLife(turn, connection)
  if (idle) chargeFrame(turn, connection)
  // R2: a client that says much and takes none of the answers is slow too.
  if (connection.congested) turn.deferred.backlog ??= 'stalled'
  const { session } = connection
  if (session.phase === 'connected' && session.wantsBeats) turn.outbox.beat(connection)
}

/** Whether the token of a frame is to be verified before the frame is answered. */
export function carriesToken({ command, headers }: Frame): boolean {
  if (headers.has('Authorization') || headers.has('authorization')) return true
  return (command === 'CONNECT' || command === 'STOMP') && headers.has('passcode')
}

function beginMessage(connection: Inbound, message: string | ArrayBuffer): void {
  const { decoder, session } = connection
  // H1: an eviction dropped the start of a frame. The rest must not be taken for a frame.
  if (session.partial && !decoder.partial) throw new Refusal('frame-lost')
  connection.begun = decoder.frames
  const binary = typeof message !== 'string'
  if (binary !== session.binary) connection.session = { ...session, binary }
  decoder.write(binary ? new Uint8Array(message) : utf8.encode(message))
}

function endMessage(turn: Turn, connection: Inbound): void {
  const { decoder, begun, frameMs } = connection
  if (begun === undefined) return
  connection.begun = undefined
  noteMessageRead(turn, connection, decoder.frames === begun && !decoder.partial)
  const { session } = connection
  const { partial, frames } = decoder
  const hasFinished = frames > begun
  const next = withPartial(session, { partial, hasFinished, now: turn.now, most: frameMs })
  if (next !== session) connection.session = next
}
