// What the owner of a room may set, and what a change ends.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { endConnection } from '../connections/endings.ts'
import type { Settings } from '../ports.ts'
import type { Turn } from '../turn.ts'
import { demandEntry, demandStanding } from './standings.ts'

/**
 * Changes settings, by the owner. Who is here and may be here no more, is ended with the reason.
 *
 * @throws Refusal `not-allowed`.
 */
export function changeSettings(turn: Turn, by: Principal, change: Partial<Settings>): Settings {
  const { room } = turn
  demandStanding(room, by, 'owner')
  const before = room.settings.get()
  const next = { ...before, ...change }
  if (next.entry === before.entry) return before
  room.settings.set(next)
  for (const connection of turn.room.connections()) {
    const { session } = connection
    if (session.phase === 'ended') continue
    try {
      demandEntry(room, session.principal)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      endConnection(turn, connection, error)
    }
  }
  return next
}
