// Who listens to what. An expired session hears nothing: where something was about to reach it, it
// is put aside to be ended (A4).

import type { Connection } from './connection.ts'
import { type ConnectedSession, isExpired, type Subscription } from './session.ts'
import type { Turn } from './turn.ts'

export interface Listener {
  readonly connection: Connection
  readonly session: ConnectedSession
  readonly subscription: Subscription
}

/** Every subscription of a kind whose session may hear. */
export function listeners(turn: Turn, to: Subscription['to']): Listener[] {
  const found: Listener[] = []
  for (const connection of turn.room.connections()) {
    const { session } = connection
    if (session.phase !== 'connected') continue
    for (const subscription of session.subscriptions) {
      if (subscription.to !== to) continue
      if (isExpired(session, turn.now)) turn.leftovers.expired.add(connection)
      else found.push({ connection, session, subscription })
    }
  }
  return found
}
