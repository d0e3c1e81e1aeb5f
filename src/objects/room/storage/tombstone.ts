// What is left of a room that was deleted, so that its id is never used again.

import { storedVersion } from '../../shared/migrate.ts'
import type { RoomStorage } from './guarded-storage.ts'

/**
 * The version of the storage of a room that was deleted: its tombstone. No version is as high, so
 * the versions before and after migrate nothing, and find no room.
 */
export const DELETED = 1_000_000_000

/** Whether there was a room. Its id is never used again. */
export const isDeleted = ({ sql }: RoomStorage): boolean => storedVersion(sql) === DELETED

/** Deletes a room and everything in it but the tombstone, or nothing. Writes two rows. */
export function eraseRoom(storage: RoomStorage): void {
  storage.transactionSync(() => {
    const { sql } = storage
    const tables = sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'",
    )
    for (const { name } of tables.toArray()) {
      // Older versions look for the row of a room, and find none.
      if (name !== 'room' && name !== 'storage_version') sql.exec(`DROP TABLE ${name}`)
    }
    sql.exec('DELETE FROM room')
    sql.exec('UPDATE storage_version SET version = ?', DELETED)
  })
}
