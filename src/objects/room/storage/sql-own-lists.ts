// What own lists do with a direct room, in its row: it is nothing in most rooms, and the row is
// read anyway when a room wakes.

import type { OwnListState, OwnListStore } from '../../../room/ports.ts'

/** The column `own_lists` of the room. */
export class SqlOwnLists implements OwnListStore {
  readonly #sql: SqlStorage
  /** A cache. */
  #states: ReadonlyMap<string, OwnListState> | undefined

  /** @param kept `own_lists` of the room, where it was read. */
  constructor(sql: SqlStorage, kept?: string | null) {
    this.#sql = sql
    if (kept !== undefined) this.#states = parsed(kept)
  }

  get(personId: string): OwnListState | undefined {
    return this.all().get(personId)
  }

  all(): ReadonlyMap<string, OwnListState> {
    if (!this.#states) {
      type Row = { own_lists: string | null }
      const [row] = this.#sql.exec<Row>('SELECT own_lists FROM room').toArray()
      this.#states = parsed(row?.own_lists ?? null)
    }
    return this.#states
  }

  set(personId: string, state: OwnListState | undefined): void {
    const next = new Map(this.all())
    if (state) next.set(personId, state)
    else next.delete(personId)
    this.#sql.exec('UPDATE room SET own_lists = ?', ownListsText(next))
    this.#states = next
  }

  forget(): void {
    this.#states = undefined
  }
}

/** What the column holds. */
export const ownListsText = (states: ReadonlyMap<string, OwnListState>): string | null =>
  states.size === 0 ? null : JSON.stringify([...states])

const parsed = (text: string | null) => new Map<string, OwnListState>(JSON.parse(text ?? '[]'))
