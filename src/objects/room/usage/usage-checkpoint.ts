// Keeps the counts of a room's meter. Hibernation: in the attachment of a socket, which writes no
// row. A crash, a deploy, or a room without sockets: in the row of the room, once a minute at most.
// Who watches the room goes into the same row.

import type { KeptWatcher } from '../../../room/ports.ts'
import { watchersText } from '../storage/watchers-text.ts'
import type { Meter } from './meter.ts'

/** A socket, whose attachment survives hibernation but no crash. */
export interface Carrier {
  counts: string | undefined
  readonly gone: boolean
}

/** Who watches the room: undefined where that is stored. */
interface Unkept {
  takeUnkept(): readonly KeptWatcher[] | undefined
}

/** The shortest time between two checkpoints in the row of the room, in milliseconds. */
const PERIOD = 60_000

/**
 * C1: inbound messages that a row is worth, so a quiet room writes no row for each of its messages.
 */
const WORTH = 20

/** Inbound messages between two log lines with the counts. */
const LOGGED = 1000

/** The places of the inbound messages and, behind the counts, of the time of a checkpoint. */
const INBOUND = 2
const AT = 8

/** The counts as they are stored: restored when the room wakes, and written when it rests. */
export class UsageCheckpoint {
  readonly #meter: Meter
  readonly #sql: SqlStorage
  readonly #carriers: () => Iterable<Carrier>
  readonly #leaving: Carrier | undefined
  /** Nothing is stored before the stored counts were read, so none are lost. */
  #resumed = false
  #carrier: Carrier | undefined
  /** When the row of the room was written last, and the inbound messages at that time. */
  #stored = { at: 0, inbound: 0 }
  #logged = 0

  /**
   * The room wakes, and its meter goes on from the stored counts.
   *
   * @param leaving a carrier that may no longer be among the others.
   */
  constructor(meter: Meter, sql: SqlStorage, carriers: () => Iterable<Carrier>, leaving?: Carrier) {
    this.#meter = meter
    this.#sql = sql
    this.#carriers = carriers
    this.#leaving = leaving
    meter.wakeUps++
    this.#resume()
  }

  /** A piece of work is done. `quiet`: nothing else is under way, so the room may hibernate. */
  onIdle(room: string, quiet: boolean, watchers: Unkept): void {
    if (!this.#resume()) return
    const { inboundMessages } = this.#meter
    if (inboundMessages - this.#logged >= LOGGED) {
      this.#logged = inboundMessages
      console.log(JSON.stringify({ event: 'room-cost', room, ...this.#meter.counts() }))
    }
    const isCarried = !quiet || this.#carry()
    const { at, inbound } = this.#stored
    const more = inboundMessages - inbound
    const now = Date.now()
    const unkept = quiet ? watchers.takeUnkept() : undefined
    const isDue = now - at >= PERIOD && more >= (isCarried ? WORTH : 1)
    if (isDue || unkept) this.#store(now, unkept)
  }

  /** Reads the stored counts. False: they could not be read, so the next rest tries again (R1). */
  #resume(): boolean {
    if (this.#resumed) return true
    try {
      const stored = storedCounts(this.#sql)
      const carriers = [...this.#carriers(), ...(this.#leaving ? [this.#leaving] : [])]
      this.#meter.resume([...stored, ...carriers.flatMap(({ counts = [] }) => counts)])
      const [row] = stored
      this.#stored = { at: numberIn(row, AT), inbound: numberIn(row, INBOUND) }
    } catch {
      return false
    }
    this.#resumed = true
    this.#logged = this.#meter.inboundMessages
    return true
  }

  /** False: there is no socket to carry the counts. */
  #carry(): boolean {
    if (!this.#carrier || this.#carrier.gone) {
      this.#carrier = [...this.#carriers()].find(({ gone }) => !gone)
    }
    if (this.#carrier) this.#carrier.counts = this.#meter.text()
    return this.#carrier !== undefined
  }

  #store(now: number, watchers: readonly KeptWatcher[] | undefined): void {
    this.#stored = { at: now, inbound: this.#meter.inboundMessages }
    const counts = this.#meter.checkpoint(now)
    try {
      if (!watchers) this.#sql.exec('UPDATE room SET meter = ?', counts)
      else {
        const query = 'UPDATE room SET meter = ?, watchers = ?'
        this.#sql.exec(query, counts, watchersText(watchers))
      }
    } catch {
      // The failure was logged, and no client waits for this. The next minute tries again, and the
      // next SUBSCRIBE of a watcher.
    }
  }
}

/** 0 where there is none: older versions wrote no time. */
const numberIn = (text = '', place: number): number => Number(text.split(' ')[place] ?? 0)

/** The newest counts in rows, those of the row of the room first. */
function storedCounts(sql: SqlStorage): string[] {
  const [room] = sql.exec<{ meter: string | null }>('SELECT meter FROM room').toArray()
  const text = room?.meter ?? ''
  if (numberIn(text, AT) > 0) return [text]
  // Older versions kept the newest counts in one of the newest 256 events.
  const [event] = sql
    .exec<{ meter: string }>(
      `SELECT meter FROM events WHERE seq > (SELECT max(seq) FROM events) - 256
       AND meter IS NOT NULL ORDER BY seq DESC LIMIT 1`,
    )
    .toArray()
  return [text, event?.meter ?? '']
}
