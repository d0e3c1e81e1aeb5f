// What a room is, what its owner may set, and what a change ends.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { endConnection } from '../connections/endings.ts'
import type { EntryRule, RoomSettings } from '../ports.ts'
import type { Role } from '../rules.ts'
import type { Turn } from '../turn.ts'
import { demandEntry, demandRole } from './roles.ts'

/** A room as the directory lists it; `createdAt` in milliseconds since 1970. */
export interface RoomProfile {
  readonly id: string
  readonly name: string
  readonly visibility: 'public' | 'private'
  readonly owner: { readonly id: string; readonly name: string }
  readonly createdAt: number
  /** Undefined: anyone. */
  readonly entry?: EntryRule | undefined
}

/** A room as one person sees it, with what that person is in it. */
export type ShownRoom = RoomProfile & {
  readonly role: Role
  readonly settings: RoomSettings
}

/**
 * Changes settings, by the owner. Connections that may not stay are ended with the reason.
 *
 * @throws Refusal `not-allowed`.
 */
export function changeSettings(
  turn: Turn,
  by: Principal,
  change: Partial<RoomSettings>,
): RoomSettings {
  const { room } = turn
  demandRole(room, by, 'owner')
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
