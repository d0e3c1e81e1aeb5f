// The sign-ins of a person as they are read of the SQLite of their account: one row each.

import type { FormerSignIn, SignInRecord } from '../../account/sign-in-record.ts'

type SignInRow = {
  id: string
  device: string
  signed_in_at: number
  last_used_at: number
  family_key: string
  previous: string | null
  /** JSON. */
  current: string
  refresh_expires_at: number
  former_id: string | null
  /** JSON. */
  former: string
  authority: string | null
}

/** Sign-ins. @param which the rest of the statement, with its bindings. */
export function readSignIns(sql: SqlStorage, which: string, ...bindings: string[]): SignInRecord[] {
  return sql
    .exec<SignInRow>(
      `SELECT id, device, signed_in_at, last_used_at, family_key, previous, current,
       refresh_expires_at, former_id, former, authority FROM sessions ${which}`,
      ...bindings,
    )
    .toArray()
    .map((row) => ({
      id: row.id,
      device: row.device,
      signedInAt: row.signed_in_at,
      lastUsedAt: row.last_used_at,
      familyKey: row.family_key,
      previous: row.previous,
      current: JSON.parse(row.current),
      refreshExpiresAt: row.refresh_expires_at,
      former: formerOf(row),
      authority: row.authority,
    }))
}

/** What a sign-in was before its renewals. Older versions stored only the last id. */
function formerOf(row: SignInRow): FormerSignIn[] {
  const noted: FormerSignIn[] = JSON.parse(row.former)
  if (row.former_id === null || noted.length > 0) return noted
  const { family_key: familyKey, refresh_expires_at: until } = row
  return [{ id: row.former_id, familyKey, unused: [], until }]
}
