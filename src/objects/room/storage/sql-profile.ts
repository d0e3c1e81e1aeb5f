// What a room is, in its row.

import type { RoomProfile } from '../../../room/membership/profile.ts'
import type { ProfileStore } from '../../../room/ports.ts'
import {
  type RoomKind,
  type RoomSettings,
  type SettingsChange,
  settingsOf,
  visibilityOf,
} from '../../../room-settings.ts'

type Row = {
  id: string
  name: string
  /** Null in rows of versions before: then `visibility` says it. */
  kind: RoomKind | null
  visibility: 'public' | 'private'
  description: string | null
  owner_id: string
  owner_name: string
  created_at: number
  archived_at: number | null
  /** JSON; null in rows of versions before. */
  settings: string | null
  /** The version before reads and writes this one. Null: anyone. */
  entry: RoomSettings['entry'] | null
}

const COLUMNS = `id, name, kind, visibility, description, owner_id, owner_name, created_at,
  archived_at, settings, entry`

/** The profile of the room; undefined where there is none. */
export function readProfile(sql: SqlStorage): RoomProfile | undefined {
  const [row] = sql.exec<Row>(`SELECT ${COLUMNS} FROM room`).toArray()
  if (!row) return undefined
  const { id, name, visibility, description, archived_at: archivedAt } = row
  const kind = row.kind ?? (visibility === 'public' ? 'public' : 'unlisted')
  const set: SettingsChange = row.settings === null ? {} : JSON.parse(row.settings)
  return {
    id,
    name,
    kind,
    description: description ?? '',
    owner: { id: row.owner_id, name: row.owner_name },
    createdAt: row.created_at,
    archivedAt: archivedAt ?? undefined,
    settings: settingsOf(kind, { ...set, ...(row.entry !== null && { entry: row.entry }) }),
  }
}

/** Writes the row of a new room, with what its columns of other stores begin with. */
export function insertProfile(
  sql: SqlStorage,
  profile: RoomProfile,
  { keySeed, meter }: { readonly keySeed: number; readonly meter: string },
): void {
  sql.exec(
    `INSERT INTO room (${COLUMNS}, key_seed, meter)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    profile.id,
    profile.name,
    profile.kind,
    visibilityOf(profile.kind),
    profile.description,
    profile.owner.id,
    profile.owner.name,
    profile.createdAt,
    profile.archivedAt ?? null,
    JSON.stringify(profile.settings),
    profile.settings.entry,
    keySeed,
    meter,
  )
}

export class SqlProfile implements ProfileStore {
  readonly #sql: SqlStorage
  #profile: RoomProfile

  /** @param profile as it was read with the room. */
  constructor(sql: SqlStorage, profile: RoomProfile) {
    this.#sql = sql
    this.#profile = profile
  }

  get(): RoomProfile {
    return this.#profile
  }

  set(profile: RoomProfile): void {
    const { name, description, owner, archivedAt = null, settings } = profile
    this.#sql.exec(
      `UPDATE room SET name = ?, description = ?, owner_id = ?, owner_name = ?, archived_at = ?,
       settings = ?, entry = ?`,
      ...[name, description, owner.id, owner.name, archivedAt],
      ...[JSON.stringify(settings), settings.entry],
    )
    this.#profile = profile
  }
}
