// What the owner of a room may set, and what a change ends.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { end } from '../connections/endings.ts'
import type { Turn } from '../turn.ts'
import { demand, welcome } from './standings.ts'

/** Who may come in: anyone, or accounts and no guests. */
export type EntryRule = 'anyone' | 'accounts'

export interface Settings {
  readonly entry: EntryRule
}

export interface SettingsStore {
  get(): Settings
  /** Writes a row where something is new. */
  set(settings: Settings): unknown
}

/**
 * Changes settings, by the owner. Who is here and may be here no more, is ended with the reason.
 *
 * @throws Refusal `not-allowed`.
 */
export function changeSettings(turn: Turn, by: Principal, change: Partial<Settings>): Settings {
  const { room } = turn
  demand(room, by, 'owner')
  const before = room.settings.get()
  const next = { ...before, ...change }
  if (next.entry === before.entry) return before
  room.settings.set(next)
  for (const connection of turn.room.connections()) {
    const { session } = connection
    if (session.phase === 'ended') continue
    try {
      welcome(room, session.principal)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      end(turn, connection, error)
    }
  }
  return next
}
