// The settings of a room in its row.

import type { EntryRule, RoomSettings, SettingsStore } from '../../../room/ports.ts'

export class SqlSettings implements SettingsStore {
  readonly #sql: SqlStorage
  #settings: RoomSettings

  /** @param entry as it was read with the room. */
  constructor(sql: SqlStorage, entry: EntryRule | undefined) {
    this.#sql = sql
    this.#settings = { entry: entry ?? 'anyone' }
  }

  get(): RoomSettings {
    return this.#settings
  }

  set(settings: RoomSettings): void {
    this.#sql.exec('UPDATE room SET entry = ?', settings.entry)
    this.#settings = settings
  }
}
