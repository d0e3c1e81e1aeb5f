// The edits of deleted messages: their texts are taken out a few at a time, and told no more from the deletion on. What
// is left stands in a table of its own, which is empty nearly always.

import type { Event, MessageEntry } from '../room/log.ts'

export class EmptiedEdits {
  readonly #sql: SqlStorage
  /** The messages of which something is left: a cache. */
  #targets: Set<number> | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Whether something is left of some message. */
  get pending(): boolean {
    return this.#left().size > 0
  }

  begin({ seq, edited }: MessageEntry, limit: number): void {
    const rest = this.#empty(edited, limit)
    if (rest === undefined) return
    this.#sql.exec('INSERT INTO emptyings (target, edit) VALUES (?, ?)', seq, rest)
    this.#left().add(seq)
  }

  goOn(limit: number): void {
    const [row] = this.#sql
      .exec<{ target: number; edit: number }>('SELECT target, edit FROM emptyings LIMIT 1')
      .toArray()
    if (!row) return
    const { target, edit } = row
    const rest = this.#empty(edit, limit)
    if (rest === undefined) {
      this.#sql.exec('DELETE FROM emptyings WHERE target = ?', target)
      this.#left().delete(target)
    } else this.#sql.exec('UPDATE emptyings SET edit = ? WHERE target = ?', rest, target)
  }

  /** The event as it is told. */
  told(event: Event): Event {
    if (event.type !== 'edit' || !this.#left().has(event.target)) return event
    return { ...event, content: '' }
  }

  *all(events: Iterable<Event>): Iterable<Event> {
    for (const event of events) yield this.told(event)
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#targets = undefined
  }

  #left(): Set<number> {
    this.#targets ??= new Set(
      this.#sql
        .exec<{ target: number }>('SELECT target FROM emptyings')
        .toArray()
        .map(({ target }) => target),
    )
    return this.#targets
  }

  /** Takes the texts out of an edit and those before it, at most `limit`; gives the next one. */
  #empty(newest: number | undefined, limit: number): number | undefined {
    let edit = newest
    for (let n = 0; n < limit && edit !== undefined; n++) {
      const [row] = this.#sql
        .exec<{ earlier: number | null }>(
          `UPDATE events SET content = '' WHERE seq = ? AND type = 'edit'
           RETURNING edited AS earlier`,
          edit,
        )
        .toArray()
      edit = row?.earlier ?? undefined
    }
    return edit
  }
}
