// What a room keeps beside its log, each in tables of its own.

import type { RoomProfile } from '../../../contract.ts'
import type { RoomRow } from './room-row.ts'
import { SqlClearings } from './sql-clearings.ts'
import { SqlInvitations } from './sql-invitations.ts'
import { SqlLooks } from './sql-looks.ts'
import { SqlMembers } from './sql-members.ts'
import { SqlModeration } from './sql-moderation.ts'
import { SqlOwnLists } from './sql-own-lists.ts'
import { SqlPins } from './sql-pins.ts'
import { SqlProfile } from './sql-profile.ts'
import { SqlQueues } from './sql-queues.ts'
import { SqlReports } from './sql-reports.ts'
import { SqlRevocations } from './sql-revocations.ts'
import { SqlTransactions } from './sql-transactions.ts'
import { watchersIn } from './watchers-text.ts'

/** @param row as it was read with the room. */
export const roomStores = (
  sql: SqlStorage,
  profile: RoomProfile,
  row: Pick<RoomRow, 'pins' | 'clearing' | 'ownLists' | 'watchers' | 'untold'>,
) => ({
  queues: new SqlQueues(sql),
  transactions: new SqlTransactions(sql),
  looks: new SqlLooks(sql),
  pins: new SqlPins(sql, row.pins),
  ownLists: new SqlOwnLists(sql, row.ownLists),
  profile: new SqlProfile(sql, profile, row.untold !== null),
  members: new SqlMembers(sql),
  clearings: new SqlClearings(sql, row.clearing),
  moderation: new SqlModeration(sql),
  reports: new SqlReports(sql),
  invitations: new SqlInvitations(sql),
  revocations: new SqlRevocations(sql),
  watchers: watchersIn(row.watchers),
})
