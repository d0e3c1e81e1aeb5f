// The frames of an account's sockets, each answered by its phase: a client subscribes to its list
// of rooms, and asks for more of it. The rest is as in a room.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { noteSignOfLife } from '../../room/connections/liveness.ts'
import {
  type ConnectedSession,
  isExpired,
  type OpenedSession,
  type Session,
} from '../../room/connections/session.ts'
import { sendReceipt } from '../../room/delivery/replies.ts'
import { chargeAnswer, chargeFrame, chargeMore } from '../../room/limits/charges.ts'
import {
  CONNECTION_TURN_BYTES,
  CONNECTION_TURN_FRAMES,
  REFUSED_FRAMES,
  SNAPSHOT_FRAMES,
} from '../../room/limits/limits.ts'
import type { Arrival, Connection, Reading } from '../../room/ports.ts'
import { framesOf } from '../../room/receive.ts'
import { refuseMildly, roomRefusalOf } from '../../room/refuse.ts'
import { jsonBody, required } from '../../room/stomp-commands/body.ts'
import { sendGoodbye } from '../../room/stomp-commands/connect.ts'
import {
  addSubscription,
  askedSubscription,
  refuseAcknowledgement,
  removeSubscription,
} from '../../room/stomp-commands/subscribe.ts'
import type { Call, IncomingFrame } from '../../room/turn.ts'
import type { Frame, StompCommand } from '../../stomp/frame.ts'
import { connect, renewed } from './connect.ts'
import { endConnection, endSession, type ListTurn } from './list-turn.ts'
import { actionOf } from './rules.ts'
import { DEFAULT_WINDOW, MAX_WINDOW } from './snapshot.ts'

/**
 * Answers what has come on some connections, in order.
 *
 * @returns for each connection whether something is left to be read.
 */
export function receive(turn: ListTurn, arrivals: readonly Arrival[]): Reading[] {
  const readings: Reading[] = []
  for (const incoming of framesOf(turn, arrivals, readings, READING)) {
    const { connection, frame } = incoming
    noteSignOfLife(turn, connection)
    turn.read.frames++
    const before = turn.outbox.bytesFor(connection)
    try {
      chargeFrame(turn, connection)
      answer(turn, incoming)
    } catch (error) {
      chargeMore(turn, connection, REFUSED_FRAMES)
      refuse(turn, connection, error, frame)
    }
    chargeAnswer(turn, connection, before)
  }
  return readings
}

/** R4: the sockets of one person get what one connection gets in a room. */
const READING: Parameters<typeof framesOf<ListTurn>>[3] = {
  isFull: ({ outbox, read }) =>
    read.frames >= CONNECTION_TURN_FRAMES || outbox.bytes >= CONNECTION_TURN_BYTES,
  isFullFor: (turn, _connection, read) => read >= CONNECTION_TURN_FRAMES || READING.isFull(turn),
  isToWait: () => false,
  end: endConnection,
}

function refuse(turn: ListTurn, connection: Connection, error: unknown, cause: Frame): void {
  const refusal = roomRefusalOf(error)
  if (!refuseMildly(turn, connection, refusal, cause)) {
    endConnection(turn, connection, refusal, cause)
  }
}

/** @throws Refusal: then the frame had no effect. */
type FrameHandler<S extends Session> = (turn: ListTurn, call: Call<S>) => void

/** STOMP F6: CONNECT comes first. */
const OPENED: { readonly [C in StompCommand]?: FrameHandler<OpenedSession> } = {
  CONNECT: connect,
  STOMP: connect,
}

const CONNECTED: { readonly [C in StompCommand]?: FrameHandler<ConnectedSession> } = {
  SUBSCRIBE: subscribe,
  UNSUBSCRIBE: unsubscribe,
  SEND: send,
  ACK: refuseAck,
  NACK: refuseAck,
  BEGIN: refuseTransaction,
  COMMIT: refuseTransaction,
  ABORT: refuseTransaction,
  CONNECT: refuseConnect,
  STOMP: refuseConnect,
  DISCONNECT: disconnect,
}

function answer(turn: ListTurn, incoming: IncomingFrame): void {
  const { connection, frame } = incoming
  const { session } = connection
  switch (session.phase) {
    case 'opened': {
      const handler = OPENED[frame.command]
      if (!handler) throw new Refusal('not-connected')
      handler(turn, { ...incoming, session })
      return
    }
    case 'connected': {
      if (isExpired(session, turn.now)) throw new Refusal('token-expired')
      const handler = CONNECTED[frame.command]
      if (!handler) throw new Refusal('command-unknown', 'the command is the server’s')
      handler(turn, { ...incoming, session: renewed(turn, incoming, session) })
      return
    }
    case 'ended':
  }
}

function subscribe(turn: ListTurn, call: Call<ConnectedSession>): void {
  const { base, ack } = askedSubscription(call)
  const to = actionOf('SUBSCRIBE', base.destination)
  refuseAcknowledgement(ack)
  if (to === 'errors') {
    addSubscription(turn, call, { ...base, to })
    return
  }
  const wanted = windowIn(call.frame)
  chargeSnapshot(turn, call.connection)
  addSubscription(turn, call, { ...base, to, wanted })
}

function unsubscribe(turn: ListTurn, call: Call<ConnectedSession>): void {
  removeSubscription(call)
  sendReceipt(turn, call)
}

/** The body of a SEND to /pub/rooms. */
const Window = v.object({
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_WINDOW)),
})

function send(turn: ListTurn, call: Call<ConnectedSession>): void {
  const { frame, session, connection, credential } = call
  if (frame.headers.has('transaction')) throw new Refusal('transaction-unknown')
  if (actionOf('SEND', required(frame, 'destination')) === 'auth') {
    if (credential === undefined) throw new Refusal('token-missing')
    sendReceipt(turn, call, [['expires-at', new Date(session.expiresAt).toISOString()]])
    return
  }
  const { limit: wanted } = jsonBody(frame, Window)
  chargeSnapshot(turn, connection)
  const subscriptions = session.subscriptions.map((each) =>
    each.to === 'rooms' ? { ...each, wanted } : each,
  )
  connection.session = { ...session, subscriptions }
  sendReceipt(turn, call)
}

/** How many rooms a SUBSCRIBE wants to see. @throws Refusal `header-invalid`. */
function windowIn({ headers }: Frame): number {
  const header = headers.get('limit') ?? String(DEFAULT_WINDOW)
  const limit = /^\d{1,3}$/.test(header) ? Number(header) : 0
  if (limit < 1 || limit > MAX_WINDOW) {
    throw new Refusal('header-invalid', `limit is 1 to ${MAX_WINDOW}`)
  }
  return limit
}

/** R4, R5: a snapshot asks every room. @throws Refusal `too-fast`. */
function chargeSnapshot(turn: ListTurn, connection: Connection): void {
  const seconds = turn.room.chargeQuestion(turn.now)
  if (seconds > 0) throw new Refusal('too-fast', undefined, undefined, Math.ceil(seconds))
  chargeMore(turn, connection, SNAPSHOT_FRAMES)
}

function disconnect(turn: ListTurn, call: Call<ConnectedSession>): void {
  sendGoodbye(turn, call)
  endSession(call.connection)
}

function refuseAck(): never {
  throw new Refusal('message-unknown')
}

function refuseTransaction(): never {
  throw new Refusal('command-unsupported', 'nothing here is in a transaction')
}

function refuseConnect(): never {
  throw new Refusal('already-connected')
}
