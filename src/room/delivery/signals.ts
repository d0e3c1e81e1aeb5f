// Signals: told to whoever listens now, and stored nowhere.

import { subscribers } from '../connections/liveness.ts'
import type { Connection } from '../ports.ts'
import type { Payload } from '../queues/queued-message.ts'
import type { Turn } from '../turn.ts'
import { encoder, jsonMessage, message } from './message-encoding.ts'

/** What is to be told, to the subscribers of the signals or of a channel. */
export type Signal =
  | {
      readonly to: 'signals'
      readonly body: Record<string, unknown>
      /** This connection is not told. */
      readonly except?: Connection
    }
  | { readonly to: 'channel'; readonly name: string; readonly payload: Payload }

/** Tells a signal to every subscriber. */
export function tell(turn: Turn, signal: Signal): void {
  if (signal.to === 'channel') tellChannel(turn, signal.name, signal.payload)
  else tellSignal(turn, signal.body, signal.except)
}

/** Tells something to everybody who listens to the signals, but perhaps one. */
export function tellSignal(turn: Turn, body: Record<string, unknown>, except?: Connection): void {
  const encoded = encoder(jsonMessage(turn.room.newId(), body))
  for (const { connection, session, subscription } of subscribers(turn, 'signals')) {
    if (connection === except) continue
    if (connection.congested) turn.deferred.backlog ??= 'stalled'
    turn.outbox.add(connection, encoded(session, subscription))
  }
}

/** Tells a message to every subscriber of a channel, its sender included. */
function tellChannel(turn: Turn, name: string, { headers, body }: Payload): void {
  const encoded = encoder(message(turn.room.newId(), headers, body))
  for (const { connection, session, subscription } of subscribers(turn, 'channel')) {
    if (subscription.name !== name) continue
    if (connection.congested) turn.deferred.backlog ??= 'stalled'
    // R2, R4: a slow reader misses it, and so does one who was told enough in this turn.
    if (connection.congested || turn.outbox.isFull(connection)) continue
    turn.outbox.add(connection, encoded(session, subscription))
  }
}
