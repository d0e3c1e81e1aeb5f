// How the counts of a room outlast its memory, without rows of their own for messages: in the row of an event that is
// written anyway, in the attachment of a socket when the room falls quiet, and seldom in the row of the room.

import type { Event } from '../../../room/log/event.ts'
import type { Meter } from './meter.ts'

/** Something of the room that outlasts its memory, but not a crash: a socket, with its attachment. */
export interface Carrier {
  counts: string | undefined
  readonly gone: boolean
}

/** Milliseconds, and events, between two events whose rows carry the counts. */
const PERIOD = 1000
const EVENTS = 256

const NONE = { seq: 0, at: Number.NEGATIVE_INFINITY }

/** Inbound messages after which a row of its own is worth it, and after which a line tells the counts. */
const INBOUND = 1000

export class KeptCounts {
  readonly #meter: Meter
  readonly #sql: SqlStorage
  readonly #carriers: () => Iterable<Carrier>
  readonly #leaving: Carrier | undefined
  /** Whether what was kept has been read: before that nothing is kept, so that nothing of it is lost. */
  #resumed = false
  #carrier: Carrier | undefined
  /** The last event that carries the counts. */
  #carried = NONE
  /** Inbound messages when a row last held the counts, and when a line last told them. */
  #stored = 0
  #told = 0

  /**
   * Goes on from what was kept: the room has woken.
   *
   * @param leaving a carrier beside the others.
   */
  constructor(meter: Meter, sql: SqlStorage, carriers: () => Iterable<Carrier>, leaving?: Carrier) {
    this.#meter = meter
    this.#sql = sql
    this.#carriers = carriers
    this.#leaving = leaving
    meter.wakeUps++
    this.#resume()
  }

  /** What the row of an event that is to be written carries; undefined where the last one that did is near enough. */
  carriedBy({ seq, at, type }: Pick<Event, 'seq' | 'at' | 'type'>): string | undefined {
    const last = this.#carried
    if (at >= last.at && at < last.at + PERIOD && seq < last.seq + EVENTS) return undefined
    if (!this.#resume()) return undefined
    this.#carried = { seq, at }
    this.#stored = this.#meter.inboundMessages
    return this.#meter.text({ rows: 1, messages: type === 'message' ? 1 : 0 })
  }

  /** The row is written. */
  appended({ type }: Pick<Event, 'type'>): void {
    if (type === 'message') this.#meter.messages++
  }

  /** Writes were undone: nothing is known of what rows carry. */
  forget(): void {
    this.#carried = NONE
  }

  /** Events are about to be removed, that which carries the counts may be among them. */
  keep(): void {
    if (this.#resume()) this.#store()
  }

  /** A piece of work is done; `quiet`: from now on the memory may be lost. */
  rested(room: string, quiet: boolean): void {
    if (!this.#resume()) return
    const { inboundMessages } = this.#meter
    if (inboundMessages - this.#stored >= INBOUND) this.#store()
    if (inboundMessages - this.#told >= INBOUND) {
      this.#told = inboundMessages
      console.log(JSON.stringify({ event: 'room-cost', room, ...this.#meter.counts() }))
    }
    if (quiet) this.#carry()
  }

  /** Reads what was kept; false where it cannot, since no room stays shut for that: it is tried again. */
  #resume(): boolean {
    if (this.#resumed) return true
    try {
      const kept = stored(this.#sql)
      const carriers = [...this.#carriers(), ...(this.#leaving ? [this.#leaving] : [])]
      this.#meter.resume([...kept, ...carriers.flatMap(({ counts = [] }) => counts)])
    } catch {
      return false
    }
    this.#resumed = true
    this.#stored = this.#told = this.#meter.inboundMessages
    return true
  }

  #carry(): void {
    if (!this.#carrier || this.#carrier.gone) {
      this.#carrier = [...this.#carriers()].find(({ gone }) => !gone)
    }
    if (this.#carrier) this.#carrier.counts = this.#meter.text()
  }

  #store(): void {
    this.#stored = this.#meter.inboundMessages
    try {
      this.#sql.exec('UPDATE room SET meter = ?', this.#meter.text({ rows: 1, messages: 0 }))
    } catch {
      // The failure was logged, and nobody asked for this. The next thousand tries again.
    }
  }
}

function stored(sql: SqlStorage): string[] {
  const [room] = sql.exec<{ meter: string | null }>('SELECT meter FROM room').toArray()
  const [event] = sql
    .exec<{ meter: string }>(
      `SELECT meter FROM events WHERE seq > (SELECT max(seq) FROM events) - ?
       AND meter IS NOT NULL ORDER BY seq DESC LIMIT 1`,
      EVENTS,
    )
    .toArray()
  return [room, event].flatMap((row) => row?.meter ?? [])
}
