// BEGIN, COMMIT and ABORT (STOMP 1.2), and the frames kept between them.

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { type Effect, perform } from '../commands/effect.ts'
import { type EffectCommand, PREPARE } from '../commands/prepare.ts'
import {
  type ConnectedSession,
  fits,
  type Transaction,
  withTransaction,
} from '../connections/session.ts'
import { settle } from '../delivery/deliver.ts'
import { sendReceipt } from '../delivery/replies.ts'
import { demandSpace } from '../limits/charges.ts'
import { MAX_ID_LENGTH } from '../limits/limits.ts'
import type { Call } from '../turn.ts'
import { required } from './headers.ts'

export function begin(call: Call<ConnectedSession>): void {
  const { room, session, frame, connection } = call
  const id = transactionId(frame)
  if (session.transactions.some((each) => each.id === id)) throw new Refusal('transaction-exists')
  const transaction = { id, number: session.nextNumber, frames: 0, bytes: 0 }
  const begun = withTransaction(session, transaction, transaction)
  const next = { ...begun, nextNumber: session.nextNumber + 1 }
  if (next.transactions.length > room.limits.transactions || !fits(next)) {
    throw new Refusal('too-many-transactions')
  }
  connection.session = next
  sendReceipt(call)
}

/** STOMP K1: everything at once, in order, with nothing between; if one cannot be done, none is. */
export function commit(call: Call<ConnectedSession>): void {
  const { room, session, connection } = call
  const transaction = named(call)
  const effects: Effect[] = room.transactions
    .frames(session.id, transaction.number)
    .map((frame) => PREPARE[frame.command as EffectCommand]({ ...call, frame }))
  if (effects.some(({ store, frees }) => store && !frees)) demandSpace(call)
  perform(call, effects, () => room.transactions.remove(session.id, transaction.number))
  // Telling has changed the session: acknowledged messages, cursors.
  if (connection.session.phase === 'connected') {
    connection.session = withTransaction(connection.session, transaction, undefined)
  }
  settle(call)
  sendReceipt(call, effects.flatMap((effect) => effect.receipt?.() ?? []).slice(-1))
}

export function abort(call: Call<ConnectedSession>): void {
  const { room, session, connection } = call
  const transaction = named(call)
  room.transactions.remove(session.id, transaction.number)
  connection.session = withTransaction(session, transaction, undefined)
  sendReceipt(call)
}

/** The transaction that a frame belongs to, if any. Throws Refusal `transaction-unknown`. */
export function transactionOf(call: Call<ConnectedSession>): Transaction | undefined {
  return call.frame.headers.has('transaction') ? named(call) : undefined
}

/** Keeps a frame until COMMIT. Throws Refusal `too-many-transactions`. */
export function keep(call: Call<ConnectedSession>, transaction: Transaction): void {
  const { room, session, frame, connection } = call
  const next: Transaction = {
    ...transaction,
    frames: transaction.frames + 1,
    bytes: transaction.bytes + sizeOf(frame),
  }
  const { transactionFrames, transactionBytes } = room.limits
  if (next.frames > transactionFrames || next.bytes > transactionBytes) {
    throw new Refusal('too-many-transactions', 'too much in one transaction')
  }
  room.transactions.add(session.id, transaction.number, frame)
  connection.session = withTransaction(session, transaction, next)
}

function named({ session, frame }: Call<ConnectedSession>): Transaction {
  const id = transactionId(frame)
  const transaction = session.transactions.find((each) => each.id === id)
  if (!transaction) throw new Refusal('transaction-unknown')
  return transaction
}

function transactionId(frame: Frame): string {
  const id = required(frame, 'transaction')
  if (id === '' || id.length > MAX_ID_LENGTH) {
    throw new Refusal('header-invalid', `transaction has 1 to ${MAX_ID_LENGTH} characters`)
  }
  return id
}

/** Characters of the headers and octets of the body: near enough to what is stored. */
function sizeOf({ headers, body }: Frame): number {
  let size = body.length
  for (const [name, value] of headers) size += name.length + value.length
  return size
}
