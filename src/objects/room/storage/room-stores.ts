// What a room keeps beside its log, each in tables of its own.

import type { RoomProfile } from '../../../contract.ts'
import { SqlLooks } from './sql-looks.ts'
import { SqlPins } from './sql-pins.ts'
import { SqlQueues } from './sql-queues.ts'
import { SqlRevocations } from './sql-revocations.ts'
import { SqlRoles } from './sql-roles.ts'
import { SqlSettings } from './sql-settings.ts'
import { SqlTransactions } from './sql-transactions.ts'

/** @param pins as they were read with the room. */
export const roomStores = (sql: SqlStorage, { entry }: RoomProfile, pins: string | null) => ({
  queues: new SqlQueues(sql),
  transactions: new SqlTransactions(sql),
  looks: new SqlLooks(sql),
  pins: new SqlPins(sql, pins),
  settings: new SqlSettings(sql, entry),
  roles: new SqlRoles(sql),
  revocations: new SqlRevocations(sql),
})
