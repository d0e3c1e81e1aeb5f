// What moderators clear, in the row of the room. Mostly that is nothing, and the row is read anyway
// when a room wakes.

import type { Clearing } from '../../../room/moderation/act.ts'
import type { ClearingStore } from '../../../room/ports.ts'

/** The column `clearing` of the row of the room. */
export class SqlClearings implements ClearingStore {
  readonly #sql: SqlStorage
  /** A cache. */
  #all: readonly Clearing[] | undefined

  /** @param kept `clearing` of the room, where it was read. */
  constructor(sql: SqlStorage, kept?: string | null) {
    this.#sql = sql
    if (kept !== undefined) this.#all = parsed(kept)
  }

  all(): readonly Clearing[] {
    if (!this.#all) {
      type Row = { clearing: string | null }
      const [row] = this.#sql.exec<Row>('SELECT clearing FROM room').toArray()
      this.#all = parsed(row?.clearing ?? null)
    }
    return this.#all
  }

  set(all: readonly Clearing[]): void {
    this.#sql.exec('UPDATE room SET clearing = ?', all.length === 0 ? null : JSON.stringify(all))
    this.#all = all
  }

  forget(): void {
    this.#all = undefined
  }
}

const parsed = (text: string | null): Clearing[] => JSON.parse(text ?? '[]')
