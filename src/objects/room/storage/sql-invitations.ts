// The invitations of a room in its SQLite.

import type { Invitation, InvitedRole } from '../../../room/membership/invitation.ts'
import type { InvitationStore } from '../../../room/ports.ts'

type Row = {
  digest: string
  id: string
  role: InvitedRole
  by_id: string
  by_name: string
  of_member: number
  created_at: number
  expires_at: number
  uses: number
  used: number
}

const COLUMNS = 'digest, id, role, by_id, by_name, of_member, created_at, expires_at, uses, used'

/** The table `invitations`. */
export class SqlInvitations implements InvitationStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  all(): Invitation[] {
    const query = `SELECT ${COLUMNS} FROM invitations ORDER BY created_at DESC, id`
    return this.#sql.exec<Row>(query).toArray().map(invitationOf)
  }

  find(digest: string): Invitation | undefined {
    const query = `SELECT ${COLUMNS} FROM invitations WHERE digest = ?`
    const [row] = this.#sql.exec<Row>(query, digest).toArray()
    return row && invitationOf(row)
  }

  put({ digest, id, role, by, ofMember, ...rest }: Invitation): void {
    const { createdAt, expiresAt, uses, used } = rest
    this.#sql.exec(
      `INSERT INTO invitations (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (digest) DO UPDATE SET used = excluded.used`,
      ...[digest, id, role, by.id, by.name, Number(ofMember), createdAt, expiresAt, uses, used],
    )
  }

  remove(digest: string): void {
    this.#sql.exec('DELETE FROM invitations WHERE digest = ?', digest)
  }
}

const invitationOf = ({ by_id, by_name, of_member, created_at, expires_at, ...row }: Row) => ({
  ...row,
  by: { id: by_id, name: by_name },
  ofMember: of_member === 1,
  createdAt: created_at,
  expiresAt: expires_at,
})
