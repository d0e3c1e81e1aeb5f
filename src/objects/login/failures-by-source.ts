// The failures of one user name in SQLite, by where they came from: a row for each source, for an
// hour after the last, when the object's alarm has it forgotten. Times in milliseconds since 1970.

import type { Delayed } from '../../answer.ts'
import {
  delayOf,
  type Failures,
  forgottenAt,
  NO_FAILURES,
  withFailure,
  withoutFailure,
} from '../../auth/passwords/failure-delay.ts'
import { delayed, hasAlarm } from '../shared/failure-counter.ts'

/** Where an attempt comes from, and how many failures there cost no waiting. */
export interface FailureSource {
  readonly name: string
  readonly free: number
}

/** A step of the migrations of whatever keeps them. */
export function createFailuresBySource(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE attempts (
    source TEXT PRIMARY KEY, count INTEGER NOT NULL, last_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`)
}

/** The table `attempts`. */
export class FailuresBySource {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /**
   * Counts an attempt as a failure of each source, before anything is done for it: those at the
   * same time are counted too. If it comes too early for one of them, it counts for none, and the
   * seconds to wait are returned.
   */
  async count(sources: readonly FailureSource[], now: number): Promise<Delayed | undefined> {
    const isAwaited = await hasAlarm(this.#storage)
    const known = sources.map(({ name, free }) => ({ name, free, failures: this.#read(name) }))
    const delays = known.map(({ failures, free }) => delayOf(failures, free, now))
    const tooEarly = delayed(Math.max(...delays))
    if (tooEarly) return tooEarly
    for (const { name, failures } of known) this.#write(name, withFailure(failures, now))
    if (!isAwaited) await this.#storage.setAlarm(forgottenAt({ count: 1, lastAt: now }))
    return undefined
  }

  /** The attempt was no failure. */
  takeBack(sources: readonly FailureSource[]): void {
    for (const { name } of sources) this.#write(name, withoutFailure(this.#read(name)))
  }

  /**
   * Forgets what is old, or sets the alarm for when it will be; true where nothing counts any more.
   */
  async forget(now: number): Promise<boolean> {
    const { sql } = this.#storage
    const over = now - forgottenAt(NO_FAILURES)
    sql.exec('DELETE FROM attempts WHERE last_at <= ?', over)
    const last = sql.exec<{ at: number | null }>('SELECT MAX(last_at) AS at FROM attempts').one().at
    if (last !== null) await this.#storage.setAlarm(forgottenAt({ count: 1, lastAt: last }))
    return last === null
  }

  #read(source: string): Failures {
    const [row] = this.#storage.sql
      .exec<{ count: number; last_at: number }>(
        'SELECT count, last_at FROM attempts WHERE source = ?',
        source,
      )
      .toArray()
    return row ? { count: row.count, lastAt: row.last_at } : NO_FAILURES
  }

  #write(source: string, { count, lastAt }: Failures): void {
    const { sql } = this.#storage
    if (count === 0) sql.exec('DELETE FROM attempts WHERE source = ?', source)
    else {
      sql.exec(
        'INSERT OR REPLACE INTO attempts (source, count, last_at) VALUES (?, ?, ?)',
        ...[source, count, lastAt],
      )
    }
  }
}
