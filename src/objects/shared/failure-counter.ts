// The failures of one user name or one address in SQLite: one row, for an hour after the last, when
// the object's alarm has it forgotten. Times in milliseconds since 1970.

import type { Delayed } from '../../answer.ts'
import {
  delayOf,
  type Failures,
  forgottenAt,
  NO_FAILURES,
  withFailure,
  withoutFailure,
} from '../../auth/passwords/failure-delay.ts'

/**
 * The answer to an attempt that comes so many milliseconds too early; undefined: it may be made.
 */
export const delayed = (ms: number): Delayed | undefined =>
  ms > 0 ? { refused: 'sign-in-delayed', retryAfter: Math.ceil(ms / 1000) } : undefined

/**
 * Whether the clean-up has its alarm already. A failure does not move it: attempts would put the
 * clean-up off for ever, and old rows would stay (R5).
 */
export const hasAlarm = async (storage: DurableObjectStorage): Promise<boolean> =>
  (await storage.getAlarm()) !== null

/** A step of the migrations of whatever keeps failures. */
export function createFailures(sql: SqlStorage): void {
  sql.exec('CREATE TABLE failures (count INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT')
}

/** The one row of the table `failures`. */
export class FailureCounter {
  readonly #storage: DurableObjectStorage
  readonly #free: number

  /** `free`: how many cost no waiting. */
  constructor(storage: DurableObjectStorage, free: number) {
    this.#storage = storage
    this.#free = free
  }

  /**
   * Counts an attempt as a failure, before anything is done for it: those at the same time are
   * counted too. If it comes too early, the seconds to wait are returned.
   */
  async count(now: number): Promise<Delayed | undefined> {
    const isAwaited = await hasAlarm(this.#storage)
    const known = this.#read()
    const tooEarly = delayed(delayOf(known, this.#free, now))
    if (tooEarly) return tooEarly
    const failures = withFailure(known, now)
    this.#write(failures)
    if (!isAwaited) await this.#storage.setAlarm(forgottenAt(failures))
    return undefined
  }

  /** The attempt was no failure. */
  takeBack(): void {
    this.#write(withoutFailure(this.#read()))
  }

  /**
   * Forgets what is old, or sets the alarm for when it will be; true where nothing counts any more.
   */
  async forget(now: number): Promise<boolean> {
    const at = forgottenAt(this.#read())
    if (at > now) await this.#storage.setAlarm(at)
    else this.#write(NO_FAILURES)
    return at <= now
  }

  #read(): Failures {
    const [row] = this.#storage.sql
      .exec<{ count: number; last_at: number }>('SELECT count, last_at FROM failures')
      .toArray()
    return row ? { count: row.count, lastAt: row.last_at } : NO_FAILURES
  }

  #write({ count, lastAt }: Failures): void {
    const { sql } = this.#storage
    sql.exec('DELETE FROM failures')
    if (count > 0) sql.exec('INSERT INTO failures (count, last_at) VALUES (?, ?)', count, lastAt)
  }
}
