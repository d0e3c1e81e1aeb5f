// What a room keeps beside its log, each in tables of its own.

import type { RoomProfile } from '../../../contract.ts'
import { SqlInvitations } from './sql-invitations.ts'
import { SqlLooks } from './sql-looks.ts'
import { SqlMembers } from './sql-members.ts'
import { SqlModeration } from './sql-moderation.ts'
import { SqlPins } from './sql-pins.ts'
import { SqlProfile } from './sql-profile.ts'
import { SqlQueues } from './sql-queues.ts'
import { SqlReports } from './sql-reports.ts'
import { SqlRevocations } from './sql-revocations.ts'
import { SqlTransactions } from './sql-transactions.ts'

/** @param pins as they were read with the room, and `isUntold` as SqlProfile takes it. */
export const roomStores = (
  sql: SqlStorage,
  profile: RoomProfile,
  pins: string | null,
  isUntold: boolean,
) => ({
  queues: new SqlQueues(sql),
  transactions: new SqlTransactions(sql),
  looks: new SqlLooks(sql),
  pins: new SqlPins(sql, pins),
  profile: new SqlProfile(sql, profile, isUntold),
  members: new SqlMembers(sql),
  moderation: new SqlModeration(sql),
  reports: new SqlReports(sql),
  invitations: new SqlInvitations(sql),
  revocations: new SqlRevocations(sql),
})
