// What the room says to one connection: frames in its version, RECEIPT and ERROR.

import type { Refusal } from '../../refusals.ts'
import { encode, type OutgoingFrame } from '../../stomp/encode.ts'
import type { Frame } from '../../stomp/frame.ts'
import { VERSIONS, type Version } from '../../stomp/version.ts'
import type { Session } from '../connections/session.ts'
import type { Connection } from '../ports.ts'
import type { Call } from '../turn.ts'
import type { Outbox } from './outbox.ts'

/** What is spoken to a session; before CONNECT the version without escapes, which all can read. */
function versionOf(session: Session): Version {
  return session.phase === 'connected' ? session.version : '1.0'
}

/** What is needed of a turn. */
interface Sending {
  readonly outbox: Outbox
}

/** Puts one frame into the outbox. */
export function sendFrame({ outbox }: Sending, connection: Connection, frame: OutgoingFrame): void {
  outbox.add(connection, encode(frame, versionOf(connection.session)))
}

/** Answers the frame's `receipt` header, if it has one (STOMP 1.2, RECEIPT). */
export function sendReceipt(
  turn: Sending,
  { connection, frame }: Pick<Call, 'connection' | 'frame'>,
  headers: readonly (readonly [name: string, value: string])[] = [],
): void {
  const id = frame.headers.get('receipt')
  if (id === undefined) return
  sendFrame(turn, connection, { command: 'RECEIPT', headers: [['receipt-id', id], ...headers] })
}

/** The last words to a connection: an ERROR, and the close whose code says what to do about it. */
export function sendEnd(
  turn: Sending,
  connection: Connection,
  refusal: Refusal,
  cause?: Frame,
): void {
  sendFrame(turn, connection, errorFrame(refusal, cause))
  turn.outbox.close(connection, refusal.row.close, refusal.code)
}

/** An ERROR frame (STOMP 1.2, ERROR): `code` and `message`, what it answers, and a text. */
export function errorFrame(refusal: Refusal, cause?: Frame): OutgoingFrame {
  const headers: [string, string][] = [
    ['message', refusal.row.sentence],
    ['code', refusal.code],
    ['content-type', 'text/plain'],
  ]
  if (refusal.code === 'version-unsupported') {
    headers.push(['version', [...VERSIONS].reverse().join(',')])
  }
  headers.push(...waitHeaders(refusal))
  if (cause) headers.push(...headersOfCause(cause))
  return { command: 'ERROR', headers, body: refusal.text }
}

/** How many seconds to wait, where the refusal says it. */
export const waitHeaders = ({ retryAfter }: Refusal): [string, string][] =>
  retryAfter === undefined ? [] : [['retry-after', String(retryAfter)]]

/** The headers that say which frame an answer is about. */
export function headersOfCause(cause: Frame): [string, string][] {
  const headers: [string, string][] = []
  const receipt = cause.headers.get('receipt')
  if (receipt !== undefined && cause.command !== 'CONNECT') headers.push(['receipt-id', receipt])
  const subscription = cause.headers.get('id')
  if (subscription !== undefined && cause.command === 'SUBSCRIBE') {
    headers.push(['subscription', subscription])
  }
  const destination = cause.headers.get('destination')
  if (destination !== undefined) headers.push(['destination', destination])
  return headers
}
