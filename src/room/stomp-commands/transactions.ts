// BEGIN, COMMIT and ABORT (STOMP 1.2), and the frames kept between them.

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { admitToTransaction, executeAll } from '../commands/execute.ts'
import {
  type ConnectedSession,
  fitsAttachment,
  type Transaction,
  withTransaction,
} from '../connections/session.ts'
import { flushPending, receiptHeaders, tellOutcome } from '../delivery/deliver.ts'
import { sendReceipt } from '../delivery/replies.ts'
import { MAX_ID_LENGTH } from '../limits/limits.ts'
import { authorizeFrame } from '../rules.ts'
import type { Call, Turn } from '../turn.ts'
import { required } from './body.ts'
import { actorOf, commandOf } from './command-of.ts'

/**
 * BEGIN: the session has one transaction more, and the RECEIPT follows.
 *
 * @throws Refusal `transaction-exists`, `too-many-transactions`, `header-missing`,
 * `header-invalid`.
 */
export function begin(turn: Turn, call: Call<ConnectedSession>): void {
  const { session, frame, connection } = call
  const id = transactionId(frame)
  if (session.transactions.some((each) => each.id === id)) throw new Refusal('transaction-exists')
  const transaction = { id, number: session.nextNumber, frames: 0, bytes: 0 }
  const begun = withTransaction(session, transaction, transaction)
  const next = { ...begun, nextNumber: session.nextNumber + 1 }
  if (next.transactions.length > turn.room.limits.transactions || !fitsAttachment(next)) {
    throw new Refusal('too-many-transactions')
  }
  connection.session = next
  sendReceipt(turn, call)
}

/**
 * Keeps a frame until COMMIT, once it is checked.
 *
 * @throws Refusal `transaction-unknown`, `too-many-transactions`, and as `commandOf`,
 * `authorizeFrame` and `admitToTransaction`.
 */
export function keepFrame(turn: Turn, call: Call<ConnectedSession>): void {
  const { session, frame, connection } = call
  const { transaction, next } = transactionFor(turn, call)
  const command = commandOf(call, authorizeFrame(turn, call))
  admitToTransaction(turn, actorOf(call), command, call.hook?.isCharged)
  turn.room.transactions.add(session.id, transaction.number, frame)
  connection.session = withTransaction(session, transaction, next)
  flushPending(turn)
  sendReceipt(turn, call, [['transaction', transaction.id]])
}

/**
 * The transaction that is to keep a frame, and what it is then.
 *
 * @throws Refusal `transaction-unknown`, `too-many-transactions`, `header-invalid`.
 */
export function transactionFor(
  { room }: Turn,
  call: Call<ConnectedSession>,
): { readonly transaction: Transaction; readonly next: Transaction } {
  const transaction = named(call)
  const frames = transaction.frames + 1
  const bytes = transaction.bytes + sizeOf(call.frame)
  const { transactionFrames, transactionBytes } = room.limits
  if (frames > transactionFrames || bytes > transactionBytes) {
    throw new Refusal('too-many-transactions', 'too much in one transaction')
  }
  return { transaction, next: { ...transaction, frames, bytes } }
}

/**
 * STOMP K1: executes everything in order, with nothing between; if one command cannot be executed,
 * none is.
 *
 * @throws Refusal `transaction-unknown`, `header-missing`, `header-invalid`, and as `commandOf`,
 * `authorizeFrame` and `executeAll`.
 */
export function commit(turn: Turn, call: Call<ConnectedSession>): void {
  const { room } = turn
  const { session, connection } = call
  const transaction = named(call)
  const frames = room.transactions.frames(session.id, transaction.number)
  const commands = frames.map((frame) => {
    const kept = { ...call, frame }
    return commandOf(kept, authorizeFrame(turn, kept))
  })
  const outcomes = executeAll(turn, actorOf(call), commands, () =>
    room.transactions.remove(session.id, transaction.number),
  )
  // The commands have changed the session: acknowledged messages, read markers.
  if (connection.session.phase === 'connected') {
    connection.session = withTransaction(connection.session, transaction, undefined)
  }
  for (const outcome of outcomes) tellOutcome(turn, outcome)
  flushPending(turn)
  sendReceipt(turn, call, outcomes.flatMap(receiptHeaders).slice(-1))
}

/**
 * ABORT: the frames of a transaction are dropped.
 * @throws Refusal `transaction-unknown`, `header-missing`, `header-invalid`.
 */
export function abort(turn: Turn, call: Call<ConnectedSession>): void {
  const { session, connection } = call
  const transaction = named(call)
  turn.room.transactions.remove(session.id, transaction.number)
  connection.session = withTransaction(session, transaction, undefined)
  sendReceipt(turn, call)
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

/** Characters of the headers and bytes of the body: about what is stored. */
function sizeOf({ headers, body }: Frame): number {
  let size = body.length
  for (const [name, value] of headers) size += name.length + value.length
  return size
}
