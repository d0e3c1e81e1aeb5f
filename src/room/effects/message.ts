// SEND to /pub/send/message: an event of the log.

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { deliver } from '../delivery.ts'
import { MAX_ID_LENGTH } from '../limits.ts'
import type { Draft, Event } from '../log.ts'
import { parseMessageBody } from '../message-body.ts'
import type { ConnectedSession } from '../session.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'

/** Appends a message, or finds it appended before (L5). */
export function sendMessage(call: Call<ConnectedSession>): Effect {
  const { room, session, frame } = call
  const key = idempotencyKey(frame)
  const known = key === undefined ? undefined : room.keys.find(session.principal.id, key)
  if (known !== undefined) return repeated(known)

  const draft = draftOf(call, key)
  let event: Event | undefined
  let seq = 0
  return {
    store() {
      // Because a frame before it in the same transaction may have had the same key.
      const before = key === undefined ? undefined : room.keys.find(session.principal.id, key)
      if (before !== undefined) {
        seq = before
        return
      }
      event = room.log.append(draft)
      seq = event.seq
      if (key !== undefined) room.keys.add(session.principal.id, key, seq)
    },
    tell() {
      if (event) deliver(call, event)
    },
    receipt: () => [['seq', String(seq)]],
  }
}

function repeated(seq: number): Effect {
  return { tell() {}, receipt: () => [['seq', String(seq)]], repeated: true }
}

function draftOf({ room, now, session, frame }: Call<ConnectedSession>, key?: string): Draft {
  const { content, replyTo } = parseMessageBody(frame, room.limits.maxContentBytes)
  if (replyTo !== undefined && replyTo > room.log.head()) {
    throw new Refusal('body-invalid', 'replyTo names no event')
  }
  const { id, name } = session.principal
  return {
    type: 'message',
    at: now,
    // A1: the author is the principal.
    sender: { id, name },
    content,
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(replyTo === undefined ? {} : { replyTo }),
  }
}

function idempotencyKey(frame: Frame): string | undefined {
  const key = frame.headers.get('idempotency-key')
  if (key === undefined) return undefined
  if (key === '' || key.length > MAX_ID_LENGTH) {
    throw new Refusal('header-invalid', `idempotency-key has 1 to ${MAX_ID_LENGTH} characters`)
  }
  return key
}
