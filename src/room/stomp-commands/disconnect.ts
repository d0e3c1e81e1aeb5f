// DISCONNECT (STOMP 1.2, DISCONNECT): its RECEIPT tells that all before it was done, then the close.

import { endSession } from '../connections/endings.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { sendReceipt } from '../delivery/replies.ts'
import type { Call } from '../turn.ts'

/** "Normal closure" (RFC 6455, section 7.4.1). */
const NORMAL = 1000

export function disconnect(call: Call<ConnectedSession>): void {
  // STOMP M1: the RECEIPT before the close.
  sendReceipt(call)
  call.outbox.close(call.connection, NORMAL, '')
  endSession(call, call.connection)
}
