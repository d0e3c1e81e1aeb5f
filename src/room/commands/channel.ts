// SEND to /topic/rooms/{roomId}/{channel}: a plain STOMP topic. Nothing of it is stored.

import { subscribers } from '../connections/liveness.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { settle } from '../delivery/deliver.ts'
import { encoder, message } from '../delivery/message-encoding.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { payloadOf } from './load.ts'

/** Gives a message to every subscriber of the channel, its sender included. */
export function sendToChannel(call: Call<ConnectedSession>, name: string): Effect {
  const load = payloadOf(call.frame, call.session.principal)
  return {
    tell() {
      // Settle first: what the sender said to the log before must be heard before this.
      settle(call)
      const encoded = encoder(message(call.room.newId(), load.headers, load.body))
      for (const { connection, session, subscription } of subscribers(call, 'channel')) {
        if (subscription.name !== name) continue
        if (connection.congested) call.deferred.backlog ??= 'stalled'
        // R2, R4: whoever is slow, or was told enough in this turn, misses it.
        if (connection.congested || call.outbox.isFull(connection)) continue
        call.outbox.add(connection, encoded(session, subscription))
      }
    },
  }
}
