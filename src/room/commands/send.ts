// SEND (STOMP 1.2, SEND): authorize, append, deliver, receipt, in this order and in one turn.

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { deliver } from '../delivery.ts'
import { MAX_ID_LENGTH } from '../limits.ts'
import type { Draft } from '../log.ts'
import { parseMessageBody } from '../message-body.ts'
import { sayReceipt } from '../replies.ts'
import { authorize } from '../rules.ts'
import type { ConnectedSession } from '../session.ts'
import type { Call } from '../turn.ts'
import { required } from './headers.ts'

export function send(call: Call<ConnectedSession>): void {
  const { room, session, frame } = call
  const destination = required(frame, 'destination')
  if (frame.headers.has('transaction')) throw new Refusal('transaction-unknown')
  switch (authorize('SEND', destination, session.principal, room.id)) {
    case 'message':
      sayReceipt(call, [['seq', String(sendMessage(call))]])
  }
}

/** Appends a message, or finds it appended before (L5). Gives its seq. */
function sendMessage(call: Call<ConnectedSession>): number {
  const { room, now, session, frame } = call
  const { principal } = session
  const key = idempotencyKey(frame)
  const before = key === undefined ? undefined : room.keys.find(principal.id, key)
  if (before !== undefined) return before
  if (!room.rates.take(principal.id, now)) throw new Refusal('too-fast')
  const body = parseMessageBody(frame, room.limits.maxContentBytes)
  if (body.replyTo !== undefined && body.replyTo > room.log.head()) {
    throw new Refusal('body-invalid', 'replyTo names no event')
  }

  const draft: Draft = {
    type: 'message',
    at: now,
    // A1: the author is the principal.
    sender: { id: principal.id, name: principal.name },
    content: body.content,
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(body.replyTo === undefined ? {} : { replyTo: body.replyTo }),
  }
  // L3: append before deliver. L4: append before receipt.
  const event = room.log.append(draft)
  if (key !== undefined) room.keys.add(principal.id, key, event.seq)
  deliver(call, event)
  return event.seq
}

function idempotencyKey(frame: Frame): string | undefined {
  const key = frame.headers.get('idempotency-key')
  if (key === undefined) return undefined
  if (key === '' || key.length > MAX_ID_LENGTH) {
    throw new Refusal('header-invalid', `idempotency-key has 1 to ${MAX_ID_LENGTH} characters`)
  }
  return key
}
