// Deletes the room, and tells everybody in it.

import type { Principal } from '../../auth/principal.ts'
import { Refusal } from '../../refusals.ts'
import { endConnection } from '../connections/endings.ts'
import type { Turn } from '../turn.ts'
import { demandDeed, demandNotDirect } from './roles.ts'

/**
 * Deletes first what is stored, and then tells everybody: a deletion that fails is told to nobody.
 *
 * @throws Refusal `not-allowed`, and as `demandEntry`, and what `erase` throws: then nothing has
 * happened.
 */
export function deleteRoom(turn: Turn, by: Principal, erase: () => void): void {
  const { room } = turn
  demandDeed(room, by, 'deleteRoom')
  demandNotDirect(room)
  erase()
  room.deletion.isDone = true
  for (const connection of room.connections()) {
    const { session } = connection
    // Their transactions are erased already.
    if (session.phase === 'connected') connection.session = { ...session, transactions: [] }
    endConnection(turn, connection, new Refusal('room-deleted'))
  }
}
