// The edits of deleted messages: their texts are removed a few at a time, and not shown from the
// deletion on. What is left is in the row of the room, and mostly that is nothing.

import type { Event, MessageEntry } from '../../../../room/log/event.ts'
import { withoutMentions } from '../../../../room/log/mentions.ts'

/** The column `emptying`, as pairs of a message and its newest edit that still has a text. */
export class EmptiedEdits {
  readonly #sql: SqlStorage
  /** Messages of which something is left, and the newest edit that has a text: a cache. */
  #edits: Map<number, number> | undefined

  /** @param kept `emptying` of the room, where it was read. */
  constructor(sql: SqlStorage, kept?: string | null) {
    this.#sql = sql
    if (kept !== undefined) this.#edits = parsed(kept)
  }

  /** Whether something is left of some message. */
  get pending(): boolean {
    return this.#left().size > 0
  }

  /** Empties the newest edits of a message that is being deleted: a row each, `limit` at most. */
  begin({ seq, edited }: MessageEntry, limit: number): void {
    const rest = this.#empty(edited, limit)
    if (rest !== undefined) this.#keep(seq, rest)
  }

  /** Empties more edits of one message, `limit` at most. */
  goOn(limit: number): void {
    const [first] = this.#left()
    if (!first) return
    const [target, edit] = first
    this.#keep(target, this.#empty(edit, limit))
  }

  /** The event as it is told. */
  told(event: Event): Event {
    if (event.type !== 'edit' || !this.#left().has(event.target)) return event
    return { ...withoutMentions(event), content: '' }
  }

  /** The events as they are told. */
  *all(events: Iterable<Event>): Iterable<Event> {
    for (const event of events) yield this.told(event)
  }

  /** Drops what is kept in memory: writes were undone. */
  forget(): void {
    this.#edits = undefined
  }

  #keep(target: number, edit: number | undefined): void {
    const left = this.#left()
    if (edit === undefined) left.delete(target)
    else left.set(target, edit)
    const text = left.size === 0 ? null : JSON.stringify([...left])
    this.#sql.exec('UPDATE room SET emptying = ?', text)
  }

  #left(): Map<number, number> {
    if (this.#edits === undefined) {
      const [row] = this.#sql
        .exec<{ emptying: string | null }>('SELECT emptying FROM room')
        .toArray()
      this.#edits = parsed(row?.emptying ?? null)
    }
    return this.#edits
  }

  /** Takes the texts out of an edit and those before it, at most `limit`. Returns the next one. */
  #empty(newest: number | undefined, limit: number): number | undefined {
    let edit = newest
    for (let n = 0; n < limit && edit !== undefined; n++) {
      const [row] = this.#sql
        .exec<{ earlier: number | null }>(
          `UPDATE events SET content = '', mentions = NULL WHERE seq = ? AND type = 'edit'
           RETURNING edited AS earlier`,
          edit,
        )
        .toArray()
      edit = row?.earlier ?? undefined
    }
    return edit
  }
}

const parsed = (text: string | null) => new Map<number, number>(JSON.parse(text ?? '[]'))
