// The pins of a room, in its row: few are pinned, and the row is read anyway when a room wakes.

import type { PinStore } from '../../../room/ports.ts'

/** The column `pins` of the row of the room. */
export class SqlPins implements PinStore {
  readonly #sql: SqlStorage
  /** A cache: the pinned messages, each with the seq of the event that pinned it. */
  #pins: ReadonlyMap<number, number> | undefined

  /** @param kept `pins` of the room, where it was read. */
  constructor(sql: SqlStorage, kept?: string | null) {
    this.#sql = sql
    if (kept !== undefined) this.#pins = parsed(kept)
  }

  get(seq: number): number | undefined {
    return this.#read().get(seq)
  }

  add(seq: number, pinned: number): void {
    this.#keep(new Map(this.#read()).set(seq, pinned))
  }

  remove(seq: number): void {
    const next = new Map(this.#read())
    if (next.delete(seq)) this.#keep(next)
  }

  all(): number[] {
    return [...this.#read()].sort(([, one], [, other]) => other - one).map(([seq]) => seq)
  }

  forget(): void {
    this.#pins = undefined
  }

  #keep(pins: ReadonlyMap<number, number>): void {
    this.#sql.exec('UPDATE room SET pins = ?', pins.size === 0 ? null : JSON.stringify([...pins]))
    this.#pins = pins
  }

  #read(): ReadonlyMap<number, number> {
    if (!this.#pins) {
      const [row] = this.#sql.exec<{ pins: string | null }>('SELECT pins FROM room').toArray()
      this.#pins = parsed(row?.pins ?? null)
    }
    return this.#pins
  }
}

const parsed = (text: string | null) => new Map<number, number>(JSON.parse(text ?? '[]'))
