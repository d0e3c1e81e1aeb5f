// The settings of a room in its row.

import type { EntryRule, Settings, SettingsStore } from '../../../room/ports.ts'

export class SqlSettings implements SettingsStore {
  readonly #sql: SqlStorage
  #settings: Settings

  /** @param entry as it was read with the room. */
  constructor(sql: SqlStorage, entry: EntryRule | undefined) {
    this.#sql = sql
    this.#settings = { entry: entry ?? 'anyone' }
  }

  get(): Settings {
    return this.#settings
  }

  set(settings: Settings): void {
    this.#sql.exec('UPDATE room SET entry = ?', settings.entry)
    this.#settings = settings
  }
}
