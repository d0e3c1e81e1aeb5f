// The path of every lone SEND, ACK and NACK: bytes -> frame -> authorize -> command -> append ->
// deliver -> receipt. COMMIT shares the same checks and the same `write` (commands/execute.ts).

import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import { execute } from './commands/execute.ts'
import { endConnection } from './connections/endings.ts'
import { noteMessageRead, noteSignOfLife } from './connections/liveness.ts'
import type { SessionTurn } from './connections/session-turn.ts'
import { withPartial } from './connections/unfinished-frame.ts'
import {
  deliver,
  flushPending,
  promiseReceipt,
  tellOutcome,
  tellReceipts,
} from './delivery/deliver.ts'
import { isTurnFull, isTurnFullFor } from './limits/budget.ts'
import { chargeAnswer, chargeFrame, chargeMore, chargeToken } from './limits/charges.ts'
import { REFUSED_FRAMES } from './limits/limits.ts'
import type { Arrival, Connection, Inbound, Reading } from './ports.ts'
import { refuse, roomRefusalOf } from './refuse.ts'
import { authorizeFrame } from './rules.ts'
import { carriesToken } from './stomp-commands/body.ts'
import { actorOf, changeAsked, commandOf } from './stomp-commands/command-of.ts'
import { answerFrame } from './stomp-commands/dispatch.ts'
import { isFrameHooked } from './stomp-commands/hooked-frame.ts'
import { keepFrame } from './stomp-commands/transactions.ts'
import type { IncomingFrame, Turn } from './turn.ts'

/**
 * Answers what has come on some connections, in order. The events of the batch are delivered
 * together, so that they are encoded once for all who hear them.
 *
 * @returns for each connection whether something is left to be read. When the turn has done enough
 * (R4), the last connections wait for the next turn.
 */
export function receive(turn: Turn, arrivals: readonly Arrival[]): Reading[] {
  const readings: Reading[] = []
  // bytes -> frame
  for (const incoming of framesOf(turn, arrivals, readings, READING)) {
    const { connection, frame } = incoming
    noteSignOfLife(turn, connection)
    turn.read.frames++
    // Any frame but a SEND waits for the delivery of what came before it.
    if (frame.command !== 'SEND') flushPending(turn)
    const before = turn.outbox.bytesFor(connection)
    try {
      chargeFrame(turn, connection)
      const asked = changeAsked(turn, incoming)
      if (incoming.hook?.refusal) throw incoming.hook.refusal
      if (!asked) answerFrame(turn, incoming)
      else if (frame.headers.has('transaction')) keepFrame(turn, asked)
      else {
        // authorize
        const permission = authorizeFrame(turn, asked)
        // command
        const command = commandOf(asked, permission)
        // append
        const outcome = execute(turn, actorOf(asked), command, asked.hook?.isCharged)
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
  return readings
}

/** By which rules the frames of a turn are read. */
interface ReadingRules<T extends SessionTurn> {
  /** R4: whether a turn has done enough. */
  isFull(turn: T): boolean
  /** The same for one connection, of which so many frames and messages were read. */
  isFullFor(turn: T, connection: Connection, read: number): boolean
  /** Whether a frame without a token waits for something, too. */
  isToWait(turn: T, connection: Connection, frame: Frame): boolean
  /** What came on a connection cannot be read. */
  end(turn: T, connection: Connection, refusal: Refusal): void
}

const READING: ReadingRules<Turn> = {
  isFull: isTurnFull,
  isFullFor: isTurnFullFor,
  isToWait: isFrameHooked,
  end: (turn, connection, refusal) => {
    flushPending(turn)
    endConnection(turn, connection, refusal)
  },
}

/**
 * The frames of all connections, each to be answered before the next is read.
 *
 * @param readings is given what is left of each connection that was read.
 */
export function* framesOf<T extends SessionTurn>(
  turn: T,
  arrivals: readonly Arrival[],
  readings: Reading[],
  rules: ReadingRules<T>,
): Generator<IncomingFrame> {
  for (const arrival of arrivals) {
    // R4: what is more than a turn should do waits for the next one.
    if (readings.length > 0 && rules.isFull(turn)) return
    readings.push(yield* framesOn(turn, arrival, rules))
  }
}

/** The frames of one connection, from the messages in its inbox. Returns what is left of them. */
function* framesOn<T extends SessionTurn>(
  turn: T,
  { connection, verified }: Arrival,
  rules: ReadingRules<T>,
): Generator<IncomingFrame, Reading> {
  const { decoder, inbox } = connection
  if (verified) {
    if (verified.isNew) chargeToken(turn, connection)
    const { frame, credential, hook } = verified
    yield { connection, frame, credential, hook }
  }
  try {
    for (let read = 0; connection.session.phase !== 'ended'; read++) {
      if (read > 0 && rules.isFullFor(turn, connection, read)) return 'more'
      const { session } = connection
      const frame = decoder.next(session.phase === 'connected' ? session.version : undefined)
      if (frame) {
        if (carriesToken(frame) || rules.isToWait(turn, connection, frame)) return frame
        yield { connection, frame, credential: undefined }
        continue
      }
      endMessage(turn, connection)
      const message = inbox.shift()
      if (message === undefined) return undefined
      beginMessage(connection, message)
    }
  } catch (error) {
    rules.end(turn, connection, roomRefusalOf(error))
  }
  // Nothing more is heard of a session that has ended.
  inbox.length = 0
  return undefined
}

const utf8 = new TextEncoder()

function beginMessage(connection: Inbound, message: string | ArrayBuffer): void {
  const { decoder, session } = connection
  // H1: an eviction dropped the start of a frame. The rest must not be read as a frame.
  if (session.partial && !decoder.partial) throw new Refusal('frame-lost')
  connection.begun = decoder.frames
  const binary = typeof message !== 'string'
  if (binary !== session.binary) connection.session = { ...session, binary }
  decoder.write(binary ? new Uint8Array(message) : utf8.encode(message))
}

function endMessage(turn: SessionTurn, connection: Inbound): void {
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
