// The members of a room in its SQLite: the table `standings` has a row for each of them, and for
// each other person whose role was set.

import { nameKey } from '../../../name-key.ts'
import type { EndedBans, MemberPlace, MemberRow } from '../../../room/membership/member.ts'
import type { Role } from '../../../room/permissions.ts'
import type { MemberStore } from '../../../room/ports.ts'
import { MemberNames } from './member-names.ts'

/** People in memory, those without a row among them, so that a message reads no row. */
const REMEMBERED = 10_000

type Row = {
  person_id: string
  standing: Role
  name: string
  guest: number
  joined_seq: number | null
  joined_at: number | null
  muted_until: number | null
  banned_until: number | null
  ban: string | null
  blocked_at: number | null
  read_seq: number | null
  read_n: number | null
  read_at: number | null
}

const COLUMNS = `person_id, standing, name, guest, joined_seq, joined_at, muted_until, banned_until,
  ban, blocked_at, read_seq, read_n, read_at`

/** Whether the ban of a row has ended; ?7 is the time. */
const IS_OVER = "coalesce(standing = 'banned' AND banned_until <= ?7, 0)"

/** The owner comes first, as `rank` counts. */
const RANK = `CASE role WHEN 'owner' THEN 4 WHEN 'moderator' THEN 3 WHEN 'writer' THEN 2
  WHEN 'reader' THEN 1 ELSE 0 END`

/** The table `standings`, with the rows that were asked for in memory. */
export class SqlMembers implements MemberStore {
  readonly #sql: SqlStorage
  readonly #known = new Map<string, MemberRow | undefined>()
  /** A cache of how many rows there are. */
  #size: number | undefined
  /** A cache: there are no fewer. */
  #least = 0
  readonly #names: MemberNames

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#names = new MemberNames(sql)
  }

  get(personId: string): MemberRow | undefined {
    const known = this.#known.get(personId)
    if (known || this.#known.has(personId)) return known
    const query = `SELECT ${COLUMNS} FROM standings WHERE person_id = ?`
    const [row] = this.#sql.exec<Row>(query, personId).toArray()
    return this.#remember(personId, row && memberRow(row))
  }

  put(member: MemberRow): void {
    const before = this.get(member.id)
    const { id, role, name, guest, joined, mutedUntil, bannedUntil, ban, blockedAt, read } = member
    this.#known.delete(id)
    this.#sql.exec(
      `INSERT INTO standings (${COLUMNS}, name_key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (person_id) DO UPDATE SET standing = excluded.standing, name = excluded.name,
       guest = excluded.guest, joined_seq = excluded.joined_seq, joined_at = excluded.joined_at,
       muted_until = excluded.muted_until, banned_until = excluded.banned_until,
       ban = excluded.ban, blocked_at = excluded.blocked_at, read_seq = excluded.read_seq,
       read_n = excluded.read_n, read_at = excluded.read_at, name_key = excluded.name_key`,
      ...[id, role, name, Number(guest), joined?.seq ?? null, joined?.at ?? null],
      ...[mutedUntil ?? null, bannedUntil ?? null, ban ? JSON.stringify(ban) : null],
      ...[blockedAt ?? null, read?.seq ?? null, read?.n ?? null, read?.at ?? null],
      nameKey(name),
    )
    if (!before && this.#size !== undefined) this.#size++
    this.#remember(id, member)
    this.#names.replace(before, member)
  }

  remove(personId: string): void {
    const before = this.get(personId)
    this.#known.delete(personId)
    this.#size = undefined
    this.#least = 0
    this.#sql.exec('DELETE FROM standings WHERE person_id = ?', personId)
    this.#names.replace(before, undefined)
  }

  get size(): number {
    this.#size ??= this.#sql
      .exec<{ size: number }>('SELECT count(*) AS size FROM standings')
      .one().size
    return this.#size
  }

  hasMoreThan(count: number): boolean {
    if (this.#size !== undefined) return this.#size > count
    if (this.#least <= count) {
      const query = 'SELECT count(*) AS size FROM (SELECT 1 FROM standings LIMIT ?)'
      this.#least = this.#sql.exec<{ size: number }>(query, count + 1).one().size
      if (this.#least <= count) this.#size = this.#least
    }
    return this.#least > count
  }

  page(
    prefix: string,
    after: MemberPlace | undefined,
    all: boolean,
    limit: number,
    ended?: EndedBans,
  ): MemberRow[] {
    const { rank, nameKey: key, id } = after ?? { rank: 9, nameKey: '', id: '' }
    const rows = this.#sql.exec<Row>(
      `SELECT ${COLUMNS} FROM (SELECT ${COLUMNS}, name_key, ${IS_OVER} AS is_over,
         iif(${IS_OVER}, ?8, standing) AS role FROM standings)
       WHERE substr(name_key, 1, length(?1)) = ?1
       AND ((joined_at IS NOT NULL AND role <> 'banned')
         OR (?2 AND (NOT is_over OR muted_until > ?7)))
       AND (-(${RANK}), name_key, person_id) > (?3, ?4, ?5)
       ORDER BY -(${RANK}), name_key, person_id LIMIT ?6`,
      ...[prefix, Number(all), -rank, key, id, limit, ended?.now ?? null, ended?.role ?? null],
    )
    return rows.toArray().map(memberRow)
  }

  banned(after: string, limit: number): MemberRow[] {
    const query = `SELECT ${COLUMNS} FROM standings
      WHERE standing = 'banned' AND person_id > ? ORDER BY person_id LIMIT ?`
    return this.#sql.exec<Row>(query, after, limit).toArray().map(memberRow)
  }

  named(nameKeys: readonly string[], ofEach: number, limit: number): MemberRow[] {
    return this.#names.bearers(nameKeys, ofEach, limit).flatMap((id) => this.get(id) ?? [])
  }

  forget(): void {
    this.#known.clear()
    this.#size = undefined
    this.#least = 0
    this.#names.forget()
  }

  #remember(personId: string, member: MemberRow | undefined): MemberRow | undefined {
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(personId, member)
    return member
  }
}

function memberRow(row: Row): MemberRow {
  const { person_id: id, standing: role, name, joined_seq: seq, joined_at: at } = row
  const { read_seq: readSeq, read_n: n, read_at: readAt } = row
  return {
    id,
    role,
    name,
    guest: row.guest === 1,
    joined: at === null ? undefined : { at, seq: seq ?? 0 },
    mutedUntil: row.muted_until ?? undefined,
    bannedUntil: row.banned_until ?? undefined,
    ban: row.ban === null ? undefined : JSON.parse(row.ban),
    blockedAt: row.blocked_at ?? undefined,
    read: readSeq === null ? undefined : { seq: readSeq, n: n ?? readSeq, at: readAt ?? 0 },
  }
}
