// What of a SEND to an application's own destination is passed on: the body byte for byte, its
// content-type and the application's own headers. The other headers belong to the server, or were
// meant for it.

import type { Principal } from '../../auth/principal.ts'
import type { Frame } from '../../stomp/frame.ts'
import type { Payload } from '../queues/queued-message.ts'

/** STOMP H9, H10: what the server owns, and what was meant for it, is never passed on. */
const NOT_PASSED: ReadonlySet<string> = new Set([
  'destination',
  'content-length',
  'receipt',
  'transaction',
  'login',
  'passcode',
  'Authorization',
  'authorization',
  'subscription',
  'message-id',
  'ack',
  'redelivered',
  'sender-id',
  'sender-name',
  'sender-display-name',
  'sender-guest',
])

const GUEST: [string, string][] = [['sender-guest', 'true']]

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A1: who sent it stands beside it, from the principal. */
export function payloadOf(frame: Frame, { id, name, guest }: Principal): Payload {
  const own = [...frame.headers].filter(([header]) => !NOT_PASSED.has(header))
  return {
    headers: [
      ['sender-id', id],
      // In ASCII without blanks and colons, as in CONNECTED: some parsers stop at a header they
      // cannot read.
      ['sender-display-name', encodeURIComponent(name.toWellFormed())],
      ...(guest ? GUEST : []),
      ...own,
    ],
    body: bodyText(frame.body) ?? frame.body.slice(),
  }
}

/** A body as text where it is UTF-8: text frames can be joined and sent as text. */
function bodyText(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body)
  } catch {
    return undefined
  }
}
