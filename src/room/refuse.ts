// The border of the room: every error becomes an answer, and nothing else fails (R1, R3).

import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'
import { StompError } from '../stomp/stomp-error.ts'
import { endConnection } from './connections/endings.ts'
import type { SessionTurn } from './connections/session-turn.ts'
import { encodeMessage, jsonMessage } from './delivery/message-encoding.ts'
import { headersOfCause, waitHeaders } from './delivery/replies.ts'
import type { Connection } from './ports.ts'
import type { Turn } from './turn.ts'

/**
 * An error as a refusal. Anything else is a bug: it is logged whole and answered with `internal`.
 */
export function roomRefusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof StompError) return new Refusal(error.code, error.detail)
  console.error(error)
  return new Refusal('internal')
}

/**
 * A SEND that is missing from a transaction must end it: the rest must not be committed without it.
 */
const isLoneSend = ({ command, headers }: Frame) =>
  command === 'SEND' && !headers.has('transaction')

/**
 * Tells the sender of a frame. The mild refusal of a SEND goes to /user/queue/errors where the
 * session listens there; everything else is an ERROR and the end.
 */
export function refuse(turn: Turn, connection: Connection, error: unknown, cause: Frame): void {
  const refusal = roomRefusalOf(error)
  if (!refuseMildly(turn, connection, refusal, cause)) {
    endConnection(turn, connection, refusal, cause)
  }
}

/** Tells a refusal that does not end the connection. False: it is none, or nobody listens. */
export function refuseMildly(
  turn: SessionTurn,
  connection: Connection,
  refusal: Refusal,
  cause: Frame,
): boolean {
  const { session } = connection
  if (!refusal.mild || !isLoneSend(cause) || session.phase !== 'connected') return false
  const listening = session.subscriptions.filter(({ to }) => to === 'errors')
  const body = { code: refusal.code, message: refusal.text }
  const receipt = headersOfCause(cause).filter(([name]) => name === 'receipt-id')
  const headers = [['code', refusal.code] as const, ...waitHeaders(refusal), ...receipt]
  const message = jsonMessage(turn.room.newId(), body, headers)
  for (const subscription of listening) {
    turn.outbox.add(connection, encodeMessage(message, session, subscription))
  }
  return listening.length > 0
}
