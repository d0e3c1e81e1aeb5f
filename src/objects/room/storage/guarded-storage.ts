// The storage of a room, with its failures as refusals: whoever asked is told whether to come back.
// Its meter counts what the cursors tell.

import { Refusal } from '../../../refusals.ts'
import { Meter } from '../usage/meter.ts'

/** What a room uses of its storage. */
export type RoomStorage = Pick<DurableObjectStorage, 'sql' | 'transactionSync'>

/** Bytes of the values of a row: the platform takes 2 MB. */
const MAX_ROW_BYTES = 2_000_000

/**
 * The same storage. Its SQL throws Refusal `unavailable` where it fails (a full disk), logged
 * whole, and `content-too-large` for what no row can hold: then nothing was tried.
 *
 * @param onBroken called if nothing can be read, either.
 */
export function guarded(
  storage: RoomStorage,
  meter = new Meter(),
  onBroken = () => {},
): RoomStorage {
  const { sql } = storage
  const exec = <Row extends Record<string, SqlStorageValue>>(
    query: string,
    ...values: unknown[]
  ): SqlStorageCursor<Row> => {
    if (values.length > 0 && size(values) > MAX_ROW_BYTES) throw new Refusal('content-too-large')
    try {
      const cursor = sql.exec<Row>(query, ...values)
      meter.add(cursor)
      return cursor
    } catch (error) {
      console.error(error)
      if (isBroken(sql)) onBroken()
      throw new Refusal('unavailable')
    }
  }
  return {
    sql: {
      exec,
      get databaseSize() {
        return sql.databaseSize
      },
    } as SqlStorage,
    transactionSync: (work) => storage.transactionSync(work),
  }
}

/**
 * A storage that broke (deleteAll on a full disk) stays so while the object lives. What was asked
 * is answered first.
 */
export function startAnew(ctx: DurableObjectState): void {
  setTimeout(() => ctx.abort('the storage is broken'))
}

function isBroken(sql: SqlStorage): boolean {
  try {
    sql.exec('SELECT 1').toArray()
    return false
  } catch {
    return true
  }
}

/**
 * How often a measured size of the storage is used: meanwhile at most a few hundred KB are written.
 */
const ASKED_FOR = 8

/**
 * Says how many bytes are in storage. Measuring takes a microsecond, a tenth of a SEND, so it is
 * done once for several.
 */
export function storedBytesOf(sql: SqlStorage): () => number {
  let stored = 0
  let asked = 0
  return () => {
    if (asked++ % ASKED_FOR === 0) stored = sql.databaseSize
    return stored
  }
}

const utf8 = new TextEncoder()

function size(values: readonly unknown[]): number {
  let bytes = 0
  for (const value of values) {
    if (typeof value === 'string') bytes += bytesOf(value)
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) bytes += value.byteLength
  }
  return bytes
}

/** Exact only where it matters: a UTF-16 unit has one to three bytes. */
const bytesOf = (text: string) =>
  text.length > MAX_ROW_BYTES / 100 ? utf8.encode(text).length : text.length
