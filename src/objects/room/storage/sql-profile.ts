// What a room is, in its row.

import type { ListedRoom, RoomProfile } from '../../../contract.ts'
import { listedRoom } from '../../../room/membership/profile.ts'
import type { ProfileStore } from '../../../room/ports.ts'
import {
  type RoomKind,
  type RoomSettings,
  roomSettingsOf,
  type SettingsChange,
  visibilityOf,
} from '../../../room-settings.ts'

type Row = {
  id: string
  name: string
  /** Null in rows of older versions: then `visibility` says it. */
  kind: RoomKind | null
  visibility: 'public' | 'private'
  description: string | null
  owner_id: string
  owner_name: string
  created_at: number
  archived_at: number | null
  /** JSON; null in rows of older versions. */
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
    settings: roomSettingsOf(kind, { ...set, ...(row.entry !== null && { entry: row.entry }) }),
  }
}

/** Writes the row of a new room, with what its columns of other stores begin with. */
export function insertProfile(
  sql: SqlStorage,
  profile: RoomProfile,
  others: { readonly keySeed: number; readonly meter: string; readonly ownLists: string | null },
): void {
  sql.exec(
    `INSERT INTO room (${COLUMNS}, key_seed, meter, own_lists)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    others.keySeed,
    others.meter,
    others.ownLists,
  )
}

/** The profile in the row of the room, with what the directory has not heard of it. */
export class SqlProfile implements ProfileStore {
  readonly #sql: SqlStorage
  /** Caches; undefined: to be read. */
  #profile: RoomProfile | undefined
  #isUntold: boolean | undefined
  /** Null: there is none. */
  #hookSecret: string | null | undefined

  /**
   * @param profile as it was read with the room.
   * @param isUntold whether the directory has not heard of the last change.
   */
  constructor(sql: SqlStorage, profile: RoomProfile, isUntold: boolean) {
    this.#sql = sql
    this.#profile = profile
    this.#isUntold = isUntold
  }

  get(): RoomProfile {
    this.#profile ??= readProfile(this.#sql)
    if (!this.#profile) throw new Error('the room has no row')
    return this.#profile
  }

  get hookSecret(): string | undefined {
    if (this.#hookSecret === undefined) {
      const [row] = this.#sql
        .exec<{ hook_secret: string | null }>('SELECT hook_secret FROM room')
        .toArray()
      this.#hookSecret = row?.hook_secret ?? null
    }
    return this.#hookSecret ?? undefined
  }

  set(profile: RoomProfile, hookSecret: string | null = this.hookSecret ?? null): void {
    const { name, description, owner, archivedAt = null, settings } = profile
    const isUntold = this.#readUntold() || !isSame(listedRoom(profile), listedRoom(this.get()))
    this.#sql.exec(
      `UPDATE room SET name = ?, description = ?, owner_id = ?, owner_name = ?, archived_at = ?,
       settings = ?, entry = ?, untold = ?, hook_secret = ?`,
      ...[name, description, owner.id, owner.name, archivedAt],
      ...[JSON.stringify(settings), settings.entry, isUntold ? 1 : null, hookSecret],
    )
    this.#profile = profile
    this.#isUntold = isUntold
    this.#hookSecret = hookSecret
  }

  /** What the directory has not heard yet; undefined where it knows all. */
  get untold(): ListedRoom | undefined {
    return this.#readUntold() ? listedRoom(this.get()) : undefined
  }

  /** The directory has heard of it: writes one row, unless the room has changed since. */
  told(room: ListedRoom): void {
    if (!isSame(room, listedRoom(this.get()))) return
    this.#sql.exec('UPDATE room SET untold = NULL')
    this.#isUntold = false
  }

  forget(): void {
    this.#profile = this.#isUntold = this.#hookSecret = undefined
  }

  #readUntold(): boolean {
    this.#isUntold ??=
      this.#sql.exec<{ untold: number | null }>('SELECT untold FROM room').one().untold !== null
    return this.#isUntold
  }
}

const isSame = (one: ListedRoom, other: ListedRoom) => JSON.stringify(one) === JSON.stringify(other)
