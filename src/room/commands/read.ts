// SEND to /pub/read: how far somebody has read, of a client that does not acknowledge. Told and not kept; it stands
// in the session, as what is acknowledged does.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { settle } from '../delivery/deliver.ts'
import { announceRead } from '../people/presence.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { parseReadBody } from './signal-body.ts'

/** Writes no row. What was told before is no news. Throws Refusal `body-invalid`, `event-unknown`. */
export function markRead(call: Call<ConnectedSession>): Effect {
  const { seq } = parseReadBody(call.frame)
  if (seq > call.room.log.head()) throw new Refusal('event-unknown')
  const tell = () => {
    const { connection } = call
    const { session } = connection
    if (session.phase !== 'connected' || seq <= (session.readTo ?? 0)) return
    settle(call)
    announceRead(call, session.principal, seq)
    connection.session = { ...session, readTo: seq }
  }
  return seq > (call.session.readTo ?? 0) ? { tell } : { tell, repeated: true }
}
